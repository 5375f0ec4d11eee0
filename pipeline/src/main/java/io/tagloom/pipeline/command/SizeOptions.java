package io.tagloom.pipeline.command;

import io.tagloom.conf.SettingsException;
import io.tagloom.conf.TaskSettings;
import io.tagloom.training.BenchSizes;
import io.tagloom.training.bench.Size;
import io.tagloom.training.bench.StepSizes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/**
 * Sizes of the model and of the samples that are measured, of a step alone as of whole training;
 * those of the reference shape where they are not given.
 */
final class SizeOptions {
  @Option(names = "--fields", paramLabel = "F", description = "User fields of one value each (20).")
  private Integer fields;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      description = "Rows of each user field's table (10000).")
  private Integer vocabulary;

  @Option(names = "--tags", paramLabel = "N", description = "Rows of the tags' table (20000).")
  private Integer tags;

  @Option(names = "--tags-per-row", paramLabel = "N", description = "Tags of each sample (3).")
  private Integer tagsPerRow;

  @Option(names = "--dim", paramLabel = "d", description = "Width of embeddings (16).")
  private Integer dim;

  @Option(names = "--attention", paramLabel = "A", description = "Width of attention (as --dim).")
  private Integer attention;

  @Option(names = "--kernels", paramLabel = "K", description = "Virtual kernels (5).")
  private Integer kernels;

  @Option(
      names = "--tasks",
      paramLabel = "T",
      description =
          "Tasks, among which the kernels are shared out: the first learns on every row, the others"
              + " on clicked rows (2).")
  private Integer tasks;

  @Option(
      names = "--hidden",
      paramLabel = "H",
      split = ",",
      description = "Hidden layers of an expert, such as 256,128 (128).")
  private List<Integer> hidden;

  @Option(names = "--output", paramLabel = "D", description = "Width of expert outputs (32).")
  private Integer output;

  @Option(names = "--batch", paramLabel = "B", description = "Samples of a step (8192).")
  private Integer batch;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads, of each worker if there are several (0: all processors).")
  private Integer threads;

  /**
   * Sizes of a step.
   *
   * @throws SettingsException if one is out of range
   */
  StepSizes step() {
    StepSizes sizes = StepSizes.reference();
    sizes = with(sizes, Size.FIELDS, fields);
    sizes = with(sizes, Size.VOCABULARY, vocabulary);
    sizes = with(sizes, Size.TAGS, tags);
    sizes = with(sizes, Size.TAGS_PER_ROW, tagsPerRow);
    sizes = with(sizes, Size.DIM, dim);
    sizes = with(sizes, Size.ATTENTION, attention());
    sizes = with(sizes, Size.KERNELS, kernels);
    sizes = with(sizes, Size.TASKS, tasks);
    sizes = with(sizes, Size.OUTPUT, output);
    sizes = with(sizes, Size.BATCH, batch);
    sizes = with(sizes, Size.THREADS, threads);
    return hidden == null ? sizes : sizes.withHidden(hidden);
  }

  private Integer attention() {
    return attention == null ? dim : attention;
  }

  private static StepSizes with(StepSizes sizes, Size size, Integer value) {
    return value == null ? sizes : sizes.with(size, value);
  }

  /**
   * Sizes of the data of whole training.
   *
   * @param samples training samples
   * @throws SettingsException if one is out of range
   */
  BenchSizes data(long samples) {
    if (samples < 1 || samples > Integer.MAX_VALUE) {
      throw new SettingsException(
          "Invalid --size: " + samples + "; expected 1 to " + Integer.MAX_VALUE + " samples.");
    }
    StepSizes sizes = step();
    return new BenchSizes(
        (int) samples,
        sizes.of(Size.FIELDS),
        sizes.of(Size.VOCABULARY),
        sizes.of(Size.TAGS),
        sizes.of(Size.TAGS_PER_ROW));
  }

  /**
   * The settings that the given options stand for.
   *
   * @throws SettingsException if one is out of range
   */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    put(settings, "model.embedding-dim", dim);
    put(settings, "model.attention-dim", attention());
    put(settings, "model.output-dim", output);
    put(settings, "model.expert-hidden", hidden);
    put(settings, "training.batch-size", batch);
    put(settings, "training.threads", threads);
    if (kernels != null || tasks != null) {
      StepSizes sizes = step();
      put(settings, "model.kernels", sizes.of(Size.KERNELS));
      put(
          settings,
          "model.tasks",
          sizes.paper().model().tasks().stream()
              .map(SizeOptions::hocon)
              .collect(Collectors.toList()));
    }
    return settings;
  }

  private static void put(Map<String, String> settings, String key, Object value) {
    if (value != null) {
      settings.put(key, value.toString());
    }
  }

  private static String hocon(TaskSettings task) {
    return String.format(
        "{ name = %s, label = %s, rows = %s, kernels = %s }",
        task.name(), task.label(), task.rows(), task.kernels());
  }
}
