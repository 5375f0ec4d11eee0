package io.tagloom.pipeline.command;

import io.tagloom.training.bench.Size;
import io.tagloom.training.bench.StepSizes;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * Options of every size of a step that is measured; the reference shape where they are not given.
 */
final class BenchSizes {
  @Option(names = "--fields", paramLabel = "F", description = "User fields (20).")
  private Integer fields;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      description = "Rows of a field's table (10000).")
  private Integer vocabulary;

  @Option(names = "--dim", paramLabel = "d", description = "Width of embeddings (16).")
  private Integer dim;

  @Option(names = "--attention", paramLabel = "A", description = "Width of attention (16).")
  private Integer attention;

  @Option(names = "--kernels", paramLabel = "K", description = "Virtual kernels (5).")
  private Integer kernels;

  @Option(
      names = "--hidden",
      paramLabel = "H",
      split = ",",
      description = "Hidden layers of an expert, such as 256,128 (128).")
  private List<Integer> hidden;

  @Option(names = "--output", paramLabel = "D", description = "Width of expert outputs (32).")
  private Integer output;

  @Option(names = "--tags", paramLabel = "N", description = "Rows of the tags' table (20000).")
  private Integer tags;

  @Option(names = "--tags-per-row", paramLabel = "N", description = "Tags of a sample (3).")
  private Integer tagsPerRow;

  @Option(names = "--batch", paramLabel = "B", description = "Samples of a step (8192).")
  private Integer batch;

  @Option(
      names = "--tasks",
      paramLabel = "T",
      description = "Tasks: the first learns on every row, the others on clicked rows (2).")
  private Integer tasks;

  @Option(names = "--threads", paramLabel = "N", description = "Threads (0: all processors).")
  private Integer threads;

  @Option(names = "--click-share", paramLabel = "P", description = "Share of clicked rows (0.1).")
  private Double clickShare;

  StepSizes sizes() {
    StepSizes sizes = StepSizes.reference();
    sizes = with(sizes, Size.FIELDS, fields);
    sizes = with(sizes, Size.VOCABULARY, vocabulary);
    sizes = with(sizes, Size.DIM, dim);
    sizes = with(sizes, Size.ATTENTION, attention);
    sizes = with(sizes, Size.KERNELS, kernels);
    sizes = with(sizes, Size.OUTPUT, output);
    sizes = with(sizes, Size.TAGS, tags);
    sizes = with(sizes, Size.TAGS_PER_ROW, tagsPerRow);
    sizes = with(sizes, Size.BATCH, batch);
    sizes = with(sizes, Size.TASKS, tasks);
    sizes = with(sizes, Size.THREADS, threads);
    sizes = hidden == null ? sizes : sizes.withHidden(hidden);
    return clickShare == null ? sizes : sizes.withClickShare(clickShare);
  }

  private static StepSizes with(StepSizes sizes, Size size, Integer value) {
    return value == null ? sizes : sizes.with(size, value);
  }
}
