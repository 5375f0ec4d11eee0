package io.tagloom.features.fields;

import io.tagloom.conf.Settings;
import java.io.IOException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * How long encoding takes: made-up samples with 20 fields of all kinds, two of them histories, go
 * through the whole of {@link EncodeJob}. Making the input is not counted.
 */
public final class EncodeBenchmark {
  private static final LocalDate DATE = LocalDate.of(2026, 1, 30);
  private static final long WARM_UP_ROWS = 100_000;
  private static final String FIELDS =
      "[{name = user, column = user_id, side = user, kind = categorical, max-size = 200000},"
          + "{name = city, side = user, kind = categorical},"
          + "{name = gender, side = user, kind = categorical},"
          + "{name = device, side = user, kind = categorical},"
          + "{name = language, side = user, kind = categorical},"
          + "{name = age, side = user, kind = bucketed, edges = [18, 25, 35, 45, 55, 65]},"
          + "{name = income, side = user, kind = bucketed, buckets = 10},"
          + "{name = zip, side = user, kind = hashed, size = 100000},"
          + "{name = segments, side = user, kind = multi-valued},"
          + "{name = interests, side = user, kind = multi-valued-weighted,"
          + " weights-column = interest_weights},"
          + "{name = clicked, side = user, kind = history, of = click, last = 10},"
          + "{name = clicked_tags, side = user, kind = history-counts, of = click, last = 10},"
          + "{name = tags, side = item, kind = multi-valued},"
          + "{name = item, column = item_id, side = item, kind = categorical},"
          + "{name = category, side = item, kind = categorical},"
          + "{name = brand, side = item, kind = categorical},"
          + "{name = price, side = item, kind = bucketed, buckets = 20},"
          + "{name = position, side = context, kind = categorical},"
          + "{name = scenario, side = context, kind = categorical},"
          + "{name = page, side = context, kind = hashed, size = 1000}]";

  private EncodeBenchmark() {}

  /** What was measured. Immutable. */
  public static final class Result {
    private final long rows;
    private final double seconds;
    private final double stateBytesPerSample;
    private final double diskBytesPerSample;
    private final long heavyUserEvents;
    private final double heavyUserSeconds;

    private Result(Encoding plain, long heavyUserEvents, double heavyUserSeconds) {
      this.rows = plain.rows;
      this.seconds = plain.seconds;
      this.stateBytesPerSample = plain.stateBytesPerSample;
      this.diskBytesPerSample = plain.diskBytesPerSample;
      this.heavyUserEvents = heavyUserEvents;
      this.heavyUserSeconds = heavyUserSeconds;
    }

    /** Samples that were encoded, without the heavy user's. */
    public long rows() {
      return rows;
    }

    /**
     * Seconds from samples on disk to blocks on disk, fit and leak guard included, without the
     * heavy user.
     */
    public double seconds() {
      return seconds;
    }

    /** Samples per second. */
    public double rowsPerSecond() {
      return rows / seconds;
    }

    /** Bytes of primitive arrays per sample. */
    public double stateBytesPerSample() {
      return stateBytesPerSample;
    }

    /** Bytes of Parquet per sample, keys included. */
    public double diskBytesPerSample() {
      return diskBytesPerSample;
    }

    /** Clicked samples of the heavy user; 0 when there was none. */
    public long heavyUserEvents() {
      return heavyUserEvents;
    }

    /** Seconds for the same samples and the heavy user's; NaN without one. */
    public double heavyUserSeconds() {
      return heavyUserSeconds;
    }

    /** Seconds with the heavy user as a share of those without; NaN without one. */
    public double heavyUserRatio() {
      return heavyUserSeconds / seconds;
    }
  }

  /** One run of the job. */
  private static final class Encoding {
    private long rows;
    private double seconds;
    private double stateBytesPerSample;
    private double diskBytesPerSample;
  }

  /**
   * Makes input below a folder, encodes it, and measures. A small part is encoded first, so that no
   * run pays for compiling.
   *
   * @param folder where input and output go; what is there is replaced
   * @param rows samples; a user has about 50 of them
   * @param heavyUserEvents clicked samples of one user more, with whom all is encoded a second
   *     time; 0 for none
   * @throws IOException if the folder cannot be read
   */
  public static Result run(SparkSession spark, String folder, long rows, long heavyUserEvents)
      throws IOException {
    long users = Math.max(10, rows / 50);
    write(users(spark, users), folder + "/users");
    write(items(spark, 20_000), folder + "/items");
    String user = "pmod(hash(id, 1), " + users + ")";
    write(samples(spark, Math.min(rows, WARM_UP_ROWS), user, 10), folder + "/warm-up");
    write(samples(spark, rows, user, 10), folder + "/input");
    encode(spark, folder, spark.read().parquet(folder + "/warm-up"));
    Encoding plain = encode(spark, folder, spark.read().parquet(folder + "/input"));
    double heavySeconds = Double.NaN;
    if (heavyUserEvents > 0) {
      write(samples(spark, heavyUserEvents, "3", 100), folder + "/heavy-user");
      Dataset<Row> both = spark.read().parquet(folder + "/input", folder + "/heavy-user");
      heavySeconds = encode(spark, folder, both).seconds;
    }
    return new Result(plain, heavyUserEvents, heavySeconds);
  }

  private static Encoding encode(SparkSession spark, String folder, Dataset<Row> samples)
      throws IOException {
    EncodeInput input =
        new EncodeInput(
            samples,
            samples,
            spark.read().parquet(folder + "/users"),
            spark.read().parquet(folder + "/items"));
    long start = System.nanoTime();
    EncodeResult result =
        EncodeJob.run(spark, settings(folder), DATE, input, Optional.<FeatureEncoderModel>empty());
    Encoding encoding = new Encoding();
    encoding.seconds = (System.nanoTime() - start) / 1e9;
    for (long rows : result.rowsBySplit().values()) {
      encoding.rows += rows;
    }
    Path blocks = new Path(result.samples().path());
    long bytes =
        blocks
            .getFileSystem(spark.sparkContext().hadoopConfiguration())
            .getContentSummary(blocks)
            .getLength();
    encoding.stateBytesPerSample = result.stateBytesPerSample();
    encoding.diskBytesPerSample = (double) bytes / encoding.rows;
    return encoding;
  }

  private static Settings settings(String folder) {
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put("run.root", folder + "/root");
    overrides.put("features.fields", FIELDS);
    return Settings.reference(overrides);
  }

  private static void write(Dataset<Row> table, String path) {
    table.write().mode(SaveMode.Overwrite).parquet(path);
  }

  private static Dataset<Row> users(SparkSession spark, long users) {
    return spark
        .range(users)
        .selectExpr(
            "concat('user-', id) as user_id",
            "concat('city', pmod(hash(id, 2), 500)) as city",
            "case when pmod(hash(id, 3), 2) = 0 then 'f' else 'm' end as gender",
            "concat('device', pmod(hash(id, 4), 30)) as device",
            "concat('l', pmod(hash(id, 5), 12)) as language",
            "cast(15 + pmod(hash(id, 6), 60) as int) as age",
            "cast(pmod(hash(id, 7), 1000000) / 10.0 as double) as income",
            "concat('z', pmod(hash(id, 8), 40000)) as zip",
            "array(concat('s', pmod(hash(id, 9), 90)), concat('s', pmod(hash(id, 10), 90))) as segments",
            "array(concat('t', pmod(hash(id, 11), 300)), concat('t', pmod(hash(id, 12), 300)),"
                + " concat('t', pmod(hash(id, 13), 300))) as interests",
            "array(0.5D, 1.5D, cast(pmod(hash(id, 14), 100) as double)) as interest_weights");
  }

  private static Dataset<Row> items(SparkSession spark, long items) {
    return spark
        .range(items)
        .selectExpr(
            "concat('item-', id) as item_id",
            "array(concat('t', pmod(hash(id, 2), 300)), concat('t', pmod(hash(id, 3), 300))) as tags",
            "concat('c', pmod(hash(id, 4), 40)) as category",
            "concat('b', pmod(hash(id, 5), 2000)) as brand",
            "cast(pmod(hash(id, 6), 100000) / 100.0 as double) as price");
  }

  private static Dataset<Row> samples(
      SparkSession spark, long rows, String user, int clickPercent) {
    long start = DATE.minusDays(29).toEpochDay() * 86_400_000L;
    return spark
        .range(rows)
        .selectExpr(
            "concat('imp-', " + clickPercent + ", '-', id) as impression_id",
            "concat('user-', " + user + ") as user_id",
            "concat('item-', pmod(hash(id, 2), 20000)) as item_id",
            start + " + pmod(hash(id, 3), 25920000) * 100L as ts",
            "cast(pmod(hash(id, 4), 20) as int) as position",
            "concat('scene', pmod(hash(id, 5), 6)) as scenario",
            "concat('/page/', pmod(hash(id, 6), 5000)) as page",
            "case when pmod(hash(id, 7), 100) < " + clickPercent + " then 1 else 0 end as click",
            "pmod(hash(id, 8), 10) as luck",
            "case pmod(hash(id, 9), 10) when 0 then 'valid' when 1 then 'test' else 'train' end"
                + " as split")
        .selectExpr(
            "*",
            "case when click = 1 then ts + 3000 end as click_ts",
            "case when click = 1 and luck < 2 then 1 else 0 end as conversion",
            "case when click = 1 and luck < 2 then ts + 3600000 end as conversion_ts",
            "true as mature",
            "cast(1 as float) as weight");
  }
}
