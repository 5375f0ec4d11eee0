package io.tagloom.pipeline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagloom.export.ExportBenchmark;
import io.tagloom.export.ExportBenchmarkOptions;
import io.tagloom.features.fields.EncodeBenchmark;
import io.tagloom.features.samples.SampleBenchmark;
import io.tagloom.pipeline.console.Report;
import io.tagloom.pipeline.stages.Run;
import io.tagloom.training.BenchSizes;
import io.tagloom.training.TrainBenchmark;
import io.tagloom.training.models.RowProducts;
import io.tagloom.training.trainer.TrainListener;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The measurements of the modules, run and reported alike. Each benchmark tells the names of its
 * numbers where it is defined.
 */
public final class Benchmarks {
  private Benchmarks() {}

  /** Speed of the label join: {@link SampleBenchmark}. */
  public static Report samples(Run run, long impressions, String folder) {
    return run.stage(
        "bench",
        "label join of " + Run.count(impressions) + " impressions",
        () -> report(SampleBenchmark.run(run.spark(), impressions, folder).numbers()));
  }

  /** Speed of field encoding: {@link EncodeBenchmark}. */
  public static Report encode(Run run, long samples, long heavyUserEvents, String folder) {
    return run.stage(
        "bench",
        "encoding of " + Run.count(samples) + " samples",
        () -> {
          try {
            EncodeBenchmark.Result result =
                EncodeBenchmark.run(run.spark(), folder, samples, heavyUserEvents);
            Map<String, Object> numbers = new LinkedHashMap<>();
            numbers.put("rows", result.rows());
            numbers.put("seconds", result.seconds());
            numbers.put("rows_per_second", result.rowsPerSecond());
            numbers.put("state_bytes_per_sample", result.stateBytesPerSample());
            numbers.put("disk_bytes_per_sample", result.diskBytesPerSample());
            if (heavyUserEvents > 0) {
              numbers.put("heavy_user_events", result.heavyUserEvents());
              numbers.put("heavy_user_seconds", result.heavyUserSeconds());
              numbers.put("heavy_user_ratio", result.heavyUserRatio());
            }
            return report(numbers);
          } catch (IOException e) {
            throw unusable(folder, e);
          }
        });
  }

  /** Speed of training, from blocks on disk to weights: {@link TrainBenchmark}. */
  public static Report train(Run run, int samples, String folder) {
    BenchSizes reference = BenchSizes.REFERENCE;
    BenchSizes sizes =
        new BenchSizes(
            samples,
            reference.fields(),
            reference.vocabulary(),
            reference.tags(),
            reference.tagsPerItem());
    return run.stage(
        "bench",
        "training on " + Run.count(samples) + " samples an epoch",
        () ->
            report(
                TrainBenchmark.run(
                    run.spark(), run.settings(), sizes, folder, TrainListener.SILENT)));
  }

  /** Speed of ranking and of writing tables: {@link ExportBenchmark}. */
  public static Report export(Run run, int users, String folder) {
    ExportBenchmarkOptions sizes = ExportBenchmarkOptions.standard(users, folder);
    return run.stage(
        "bench",
        "tags of " + Run.count(users) + " users",
        () -> {
          try {
            return report(ExportBenchmark.run(sizes, RowProducts::times));
          } catch (IOException e) {
            throw unusable(folder, e);
          }
        });
  }

  private static Report report(String json) {
    Map<String, Object> numbers = new LinkedHashMap<>();
    try {
      JsonNode object = new ObjectMapper().readTree(json);
      object
          .fields()
          .forEachRemaining(
              field ->
                  numbers.put(
                      field.getKey(),
                      field.getValue().isNumber()
                          ? field.getValue().numberValue()
                          : field.getValue().toString()));
    } catch (IOException e) {
      throw new IllegalStateException("Benchmarks give JSON", e);
    }
    return report(numbers);
  }

  private static Report report(Map<String, ?> numbers) {
    Report report = new Report();
    for (Map.Entry<String, ?> entry : numbers.entrySet()) {
      Object value = entry.getValue();
      if (value instanceof Long || value instanceof Integer) {
        report.put(entry.getKey(), ((Number) value).longValue());
      } else if (value instanceof Number) {
        report.put(entry.getKey(), ((Number) value).doubleValue());
      } else if (value != null) {
        report.put(entry.getKey(), String.valueOf(value));
      }
      if (value != null) {
        report.line(String.format(Locale.ROOT, "%-32s %s", entry.getKey(), text(value)));
      }
    }
    return report;
  }

  private static String text(Object value) {
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return String.format(Locale.ROOT, Math.abs(number) >= 1000 ? "%,.0f" : "%.4g", number);
    }
    return value instanceof Number
        ? Run.count(((Number) value).longValue())
        : String.valueOf(value);
  }

  private static IllegalStateException unusable(String folder, IOException e) {
    return new IllegalStateException(
        "Cannot measure in "
            + folder
            + ": "
            + e.getMessage()
            + ". Choose another folder with --folder DIR.",
        e);
  }
}
