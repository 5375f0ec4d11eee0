package io.tagloom.pipeline.command;

import io.tagloom.conf.SettingsException;
import io.tagloom.training.BenchSizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** Sizes of the model and the data that {@code bench train} measures. */
final class TrainSizes {
  @Option(names = "--fields", paramLabel = "F", description = "User fields of one value each.")
  private Integer fields;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      description = "Rows of each user field's table.")
  private Integer vocabulary;

  @Option(names = "--tags", paramLabel = "N", description = "Rows of the tags' table.")
  private Integer tags;

  @Option(names = "--tags-per-row", paramLabel = "N", description = "Tags of each sample.")
  private Integer tagsPerRow;

  @Option(names = "--dim", paramLabel = "d", description = "model.embedding-dim.")
  private Integer dim;

  @Option(
      names = "--attention",
      paramLabel = "A",
      description = "model.attention-dim (default: as --dim).")
  private Integer attention;

  @Option(
      names = "--kernels",
      paramLabel = "K",
      description = "model.kernels; the first 60 %% belong to ctr, all but the first to cvr.")
  private Integer kernels;

  @Option(
      names = "--hidden",
      paramLabel = "H",
      split = ",",
      description = "model.expert-hidden, such as 128,64.")
  private List<Integer> hidden;

  @Option(names = "--output", paramLabel = "D", description = "model.output-dim.")
  private Integer output;

  @Option(names = "--batch", paramLabel = "N", description = "training.batch-size.")
  private Integer batch;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "training.epochs; the first is not counted.")
  private Integer epochs;

  /**
   * The data.
   *
   * @param standard what no option names
   * @throws SettingsException if a size is out of range
   */
  BenchSizes data(long samples, BenchSizes standard) {
    if (samples < 1 || samples > Integer.MAX_VALUE) {
      throw new SettingsException(
          "Invalid --size: " + samples + "; expected 1 to " + Integer.MAX_VALUE + " samples.");
    }
    try {
      return new BenchSizes(
          (int) samples,
          or(fields, standard.fields()),
          or(vocabulary, standard.vocabulary()),
          or(tags, standard.tags()),
          or(tagsPerRow, standard.tagsPerItem()));
    } catch (IllegalArgumentException e) {
      throw new SettingsException(e.getMessage());
    }
  }

  private static int or(Integer value, int standard) {
    return value == null ? standard : value;
  }

  /** The settings that these options stand for. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    put(settings, "model.embedding-dim", dim);
    put(settings, "model.attention-dim", attention == null ? dim : attention);
    put(settings, "model.output-dim", output);
    put(settings, "training.batch-size", batch);
    put(settings, "training.epochs", epochs);
    if (hidden != null) {
      settings.put("model.expert-hidden", hidden.toString());
    }
    if (kernels != null) {
      settings.put("model.kernels", kernels.toString());
      settings.put("model.tasks", tasks(kernels));
    }
    return settings;
  }

  private static void put(Map<String, String> settings, String key, Integer value) {
    if (value != null) {
      settings.put(key, value.toString());
    }
  }

  private static String tasks(int kernels) {
    List<String> tasks = new ArrayList<>();
    tasks.add(
        "{ name = ctr, label = click, rows = all, kernels = " + range(0, (3 * kernels + 4) / 5));
    tasks.add(
        "{ name = cvr, label = conversion, rows = click, immature = drop, kernels = "
            + range(Math.min(1, kernels - 1), kernels));
    return tasks.stream()
        .map(task -> task + ", weight = 1 }")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String range(int from, int to) {
    return IntStream.range(from, to).boxed().collect(Collectors.toList()).toString();
  }
}
