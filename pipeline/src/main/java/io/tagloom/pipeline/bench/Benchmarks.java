package io.tagloom.pipeline.bench;

import io.tagloom.conf.Settings;
import io.tagloom.export.ExportBenchmark;
import io.tagloom.export.ExportBenchmarkOptions;
import io.tagloom.features.fields.EncodeBenchmark;
import io.tagloom.features.samples.SampleBenchmark;
import io.tagloom.features.samples.SampleBenchmark.Route;
import io.tagloom.pipeline.console.Report;
import io.tagloom.pipeline.stages.Run;
import io.tagloom.training.BenchSizes;
import io.tagloom.training.TrainBenchmark;
import io.tagloom.training.bench.BenchResult;
import io.tagloom.training.bench.InferenceBenchmark;
import io.tagloom.training.bench.Peer;
import io.tagloom.training.bench.StepBenchmark;
import io.tagloom.training.bench.StepSizes;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.models.RowProducts;
import io.tagloom.training.trainer.TrainListener;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * The measurements of the modules, run and reported alike. Each benchmark tells the names of its
 * numbers where it is defined.
 */
public final class Benchmarks {
  private static final String NO_DRIVER =
      "Cannot compare with DuckDB: its JDBC driver is not on the class path. Start"
          + " pipeline/bin/tagloom from the sources, whose build puts the driver into"
          + " pipeline/target/benchmark-peer, or hand org.duckdb:duckdb_jdbc to spark-submit with"
          + " --packages.";
  private static final String NO_PEER =
      "Not compared with DuckDB, which joins by ids only: measure with --route ids.";

  /** Where the switches of a model that is measured come from. */
  public enum Switches {
    /** The form of the paper. */
    PAPER,
    /** Block {@code model} of the settings. */
    SETTINGS
  }

  /** Whether other sizes are measured too. */
  public enum Scaling {
    /** K, F, D and batch halved and doubled. */
    ON,
    /** The sizes asked for alone. */
    OFF
  }

  private Benchmarks() {}

  /** Speed of the label join, beside that of a peer: {@link SampleBenchmark}. */
  public static Report samples(Run run, long impressions, String folder, Route route) {
    return run.stage(
        "bench",
        "label join of " + Run.count(impressions) + " impressions",
        () -> {
          Map<String, Object> numbers =
              SampleBenchmark.run(run.spark(), impressions, folder, route).numbers();
          Report report = report(numbers);
          if (numbers.get("peer_ratio") == null) {
            report.line(route == Route.IDS ? NO_DRIVER : NO_PEER);
          }
          return report;
        });
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

  /** A measurement of training: {@link TrainBenchmark#run} or another of its methods. */
  public interface Training {
    /** Measures; gives numbers by name. */
    Map<String, Object> run(
        SparkSession spark,
        Settings settings,
        BenchSizes sizes,
        String folder,
        TrainListener listener);
  }

  /** Speed of training: {@link TrainBenchmark}. */
  public static Report train(Run run, BenchSizes sizes, String folder, Training what) {
    return run.stage(
        "bench",
        "training on " + Run.count(sizes.samples()) + " samples an epoch",
        () -> report(what.run(run.spark(), run.settings(), sizes, folder, TrainListener.SILENT)));
  }

  /** The same on a standalone cluster of one-core workers, started and ended here. */
  public static Report trainOnCluster(Run run, BenchSizes sizes, String folder, Training what) {
    int workers = run.settings().training().workers();
    try (StandaloneCluster cluster =
        StandaloneCluster.start(sparkJars(), Paths.get(folder, "cluster"), workers)) {
      Map<String, String> properties = new LinkedHashMap<>();
      properties.put("spark.master", cluster.url());
      properties.put("spark.driver.host", "127.0.0.1");
      properties.put("spark.driver.bindAddress", "127.0.0.1");
      properties.put("spark.ui.enabled", "false");
      run.sparkProperties(properties);
      try {
        return train(run, sizes, folder, what);
      } finally {
        // Spark first: a driver without its master only complains.
        run.close();
      }
    }
  }

  /** The folder of the jars that this JVM has Spark from. */
  private static Path sparkJars() {
    try {
      return Paths.get(
              SparkContext.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("Spark's jars have no readable place: " + e.getMessage(), e);
    }
  }

  /**
   * Speed of a training step, without Spark: {@link StepBenchmark}.
   *
   * @param switches whose switches the model has
   * @param scaling whether steps of other sizes are measured too
   */
  public static Report trainStep(
      Run run,
      StepSizes sizes,
      Switches switches,
      double seconds,
      List<Peer> peers,
      Scaling scaling) {
    return report(
        StepBenchmark.run(
            sizes,
            model(run, switches),
            run.settings().training(),
            seconds,
            peers,
            scaling == Scaling.ON,
            text -> run.say("bench: " + text + " ...")));
  }

  /**
   * Speed of scoring users and tags: {@link InferenceBenchmark}.
   *
   * @param switches whose switches the model has
   */
  public static Report inference(Run run, StepSizes sizes, Switches switches, double seconds) {
    return report(
        InferenceBenchmark.run(
            sizes,
            model(run, switches),
            run.settings().training(),
            seconds,
            text -> run.say("bench: " + text + " ...")));
  }

  private static Function<StepSizes, MvkeShape> model(Run run, Switches switches) {
    return switches == Switches.PAPER
        ? StepSizes::paper
        : sizes -> sizes.shape(run.settings().model());
  }

  private static Report report(BenchResult result) {
    Report report = new Report();
    result.numbers().forEach(report::put);
    result.lines().forEach(report::line);
    return report;
  }

  /** Speed of ranking and of writing tables: {@link ExportBenchmark}. */
  public static Report export(Run run, int users, int items, String folder) {
    ExportBenchmarkOptions sizes = ExportBenchmarkOptions.standard(users, folder).withItems(items);
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

  private static Report report(Map<String, ?> numbers) {
    Report report = new Report();
    for (Map.Entry<String, ?> entry : numbers.entrySet()) {
      Object value = entry.getValue();
      if (value instanceof Long || value instanceof Integer) {
        report.put(entry.getKey(), ((Number) value).longValue());
      } else if (value instanceof Number) {
        report.put(entry.getKey(), ((Number) value).doubleValue());
      } else if (value == null) {
        report.putNull(entry.getKey());
      } else {
        report.put(entry.getKey(), String.valueOf(value));
      }
      report.line(String.format(Locale.ROOT, "%-32s %s", entry.getKey(), text(value)));
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
        : value == null ? "none" : String.valueOf(value);
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
