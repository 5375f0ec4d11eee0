package io.tagloom.pipeline.generate;

import io.tagloom.conf.GenerateSettings;
import io.tagloom.conf.SettingsException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Writes example logs of any size with Spark: the five input tables, and apart the truth.
 *
 * <p>Below the folder: {@code impressions, clicks, conversions} with {@code dt=} folders, {@code
 * users, items} as one snapshot dated the first day, {@code truth/impressions} (impression_id,
 * p_click, p_conversion given a click) and {@code truth/users} (per tag the probability of a click
 * in slot 0 and of a conversion after a click, for an item with this tag alone). Content depends on
 * settings, seed and dates only; not on the number of tasks, the machine or the clock.
 *
 * <p>All is written into a folder beside, which takes its name when it is complete. Finished logs
 * of the same origin are used again.
 */
public final class ExampleLogs {
  private static final long ROWS_PER_TASK = 250_000;

  private final SparkSession spark;
  private final ExampleWorld world;
  private final GenerateSettings settings;
  private final Map<String, EventLog> logs = new TreeMap<>();
  private final int tasks;

  private ExampleLogs(
      SparkSession spark, GenerateSettings settings, long seed, LocalDate lastDay, int tasks) {
    this.spark = spark;
    this.settings = settings;
    this.world = new ExampleWorld(settings, seed, lastDay);
    this.tasks = tasks;
    logs.put("impressions", new ImpressionLog(world, settings.duplicateShare(), seed));
    logs.put("clicks", new ClickLog(world, settings, seed));
    logs.put("conversions", new ConversionLog(world, settings, seed));
  }

  /**
   * Writes the logs, or uses those that are there.
   *
   * @param spark the session
   * @param settings block {@code generate}
   * @param seed seed of everything random
   * @param lastDay last day of impressions; the first one is {@code days - 1} before it
   * @return what the logs hold
   * @throws SettingsException when the folder is not named, cannot be written, holds other things,
   *     or holds logs of other settings and {@code generate.overwrite} is off
   */
  public static ExampleCounts write(
      SparkSession spark, GenerateSettings settings, long seed, LocalDate lastDay) {
    return write(spark, settings, seed, lastDay, tasks(settings.impressions()));
  }

  static ExampleCounts write(
      SparkSession spark, GenerateSettings settings, long seed, LocalDate lastDay, int tasks) {
    if (settings.path().trim().isEmpty()) {
      throw new SettingsException(
          "Invalid generate.path: \"\"; expected the folder to write example logs to.");
    }
    Map<String, String> origin = ExampleManifest.origin(settings, seed, lastDay);
    try {
      Path folder = new Path(settings.path());
      FileSystem fs = folder.getFileSystem(spark.sparkContext().hadoopConfiguration());
      folder = fs.makeQualified(folder);
      Optional<ExampleManifest> found = ExampleManifest.read(fs, folder);
      if (found.isPresent() && found.get().differences(origin).isEmpty()) {
        return found.get().counts().asReused();
      }
      checkReplaceable(fs, folder, found, origin, settings.overwrite());
      Path beside = folder.suffix(".unfinished");
      fs.delete(beside, true);
      if (!fs.mkdirs(beside)) {
        throw new IOException("the folder " + beside + " cannot be made");
      }
      ExampleCounts counts =
          new ExampleLogs(spark, settings, seed, lastDay, tasks).writeAll(fs, beside);
      ExampleManifest.of(origin, counts).write(fs, beside);
      fs.delete(folder, true);
      if (!fs.rename(beside, folder)) {
        throw new IOException(beside + " cannot be renamed");
      }
      return counts;
    } catch (IOException e) {
      throw new SettingsException(
          "Cannot write example logs to "
              + settings.path()
              + ": "
              + e.getMessage()
              + ". Check generate.path and its permissions.");
    }
  }

  private static void checkReplaceable(
      FileSystem fs,
      Path folder,
      Optional<ExampleManifest> found,
      Map<String, String> origin,
      boolean overwrite)
      throws IOException {
    if (!found.isPresent()) {
      if (fs.exists(folder) && fs.listStatus(folder).length > 0) {
        throw new SettingsException(
            "Cannot write example logs to "
                + folder
                + ": it holds something else. Choose another generate.path or remove it.");
      }
    } else if (!overwrite) {
      List<String> differences = found.get().differences(origin);
      throw new SettingsException(
          "Cannot write example logs to "
              + folder
              + ": it holds logs of other settings: "
              + String.join(", ", differences)
              + ". Set generate.overwrite = on or choose another generate.path.");
    }
  }

  /**
   * Enough tasks for small memory; a function of the size alone, so that files are the same too.
   */
  private static int tasks(long rows) {
    return (int) Math.max(1, Math.min(20_000, (rows + ROWS_PER_TASK - 1) / ROWS_PER_TASK));
  }

  private ExampleCounts writeAll(FileSystem fs, Path folder) throws IOException {
    boolean written = false;
    try {
      ExampleCounts counts = writeTables(folder);
      written = true;
      return counts;
    } finally {
      spark.sparkContext().clearJobGroup();
      if (!written) {
        fs.delete(folder, true);
      }
    }
  }

  private ExampleCounts writeTables(Path folder) {
    Map<String, Long> rows = new TreeMap<>();
    Map<String, Long> anomalies = new TreeMap<>();
    for (Map.Entry<String, EventLog> entry : logs.entrySet()) {
      String table = entry.getKey();
      group("Example logs: write " + table);
      save(rows(entry.getValue()), new Path(folder, table));
      group("Example logs: count " + table);
      count(table, entry.getValue(), rows, anomalies);
    }
    long users = world.userCount();
    long items = world.itemCount();
    group("Example logs: write users and items");
    snapshot(users, Snapshots.USERS, Snapshots.users(world), new Path(folder, "users"));
    snapshot(items, Snapshots.ITEMS, Snapshots.items(world), new Path(folder, "items"));
    rows.put("users", users);
    rows.put("items", items);
    group("Example logs: write the truth");
    Dataset<Row> truth =
        range(settings.impressions(), tasks)
            .map(Snapshots.impressionTruth(world), Encoders.row(Snapshots.IMPRESSION_TRUTH));
    save(truth, new Path(folder, Truth.IMPRESSIONS));
    range(users, tasks(users))
        .map(Snapshots.userTruth(world), Encoders.row(Snapshots.USER_TRUTH))
        .write()
        .parquet(new Path(folder, Truth.USERS).toString());
    return new ExampleCounts(rows, anomalies, false);
  }

  private Dataset<Row> rows(EventLog log) {
    StructType schema = log.schema().add("dt", DataTypes.StringType);
    return range(settings.impressions(), tasks)
        .mapPartitions(EventRows.written(log, world.days()), Encoders.row(schema));
  }

  private void count(
      String table, EventLog log, Map<String, Long> rows, Map<String, Long> anomalies) {
    long[] byKind =
        range(settings.impressions(), tasks)
            .javaRDD()
            .mapPartitions(EventRows.counted(log))
            .reduce(ExampleLogs::sum);
    long written = 0;
    for (EventKind kind : EventKind.values()) {
      long count = byKind[kind.ordinal()];
      written += kind == EventKind.AFTER_END ? 0 : count;
      if (kind != EventKind.REGULAR && (count > 0 || possible(table, kind))) {
        anomalies.put(kind.name().toLowerCase(Locale.ROOT) + "_" + table, count);
      }
    }
    rows.put(table, written);
  }

  /** Kinds that are told even when there are none. */
  private static boolean possible(String table, EventKind kind) {
    return kind == EventKind.DUPLICATE
        || !table.equals("impressions")
            && kind != EventKind.OUT_OF_WINDOW
            && kind != EventKind.REPEATED
        || table.equals("clicks");
  }

  private void snapshot(long rows, StructType schema, MapFunction<Long, Row> row, Path to) {
    range(rows, tasks(rows))
        .map(row, Encoders.row(schema))
        .write()
        .parquet(new Path(to, "dt=" + world.days().name(0)).toString());
  }

  private Dataset<Long> range(long rows, int partitions) {
    return spark.range(0, rows, 1, partitions);
  }

  private void group(String text) {
    spark.sparkContext().setJobGroup("tagloom-generate", text, false);
  }

  private static void save(Dataset<Row> rows, Path to) {
    rows.write().mode(SaveMode.ErrorIfExists).partitionBy("dt").parquet(to.toString());
  }

  private static long[] sum(long[] left, long[] right) {
    long[] sum = left.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += right[i];
    }
    return sum;
  }
}
