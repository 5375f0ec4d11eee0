package io.tagloom.pipeline.generate;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.GenerateSettings;
import io.tagloom.conf.InputException;
import io.tagloom.conf.SettingsException;
import io.tagloom.features.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleLogsIT {
  private static final long SEED = 11;
  private static final SparkSession SPARK = LocalSpark.session();
  private static final String[] TABLES = {
    "impressions", "clicks", "conversions", "users", "items", "truth/impressions", "truth/users"
  };

  @TempDir static Path folder;
  private static String path;
  private static ExampleCounts counts;

  @BeforeAll
  static void writesTheLogs() {
    path = folder.resolve("example logs").toString();
    counts = ExampleLogs.write(SPARK, settings(path), SEED, Examples.LAST_DAY);
  }

  @Test
  void countsAreThoseOfTheTables() {
    for (String table : new String[] {"impressions", "clicks", "conversions", "users", "items"}) {
      assertThat(read(path, table).count()).as(table).isEqualTo(counts.rows(table));
    }
    assertThat(counts.rows("users")).isEqualTo(500);
    assertThat(counts.rows("items")).isEqualTo(300);
    assertThat(counts.reused()).isFalse();
    assertThatThrownBy(() -> counts.rows("purchases"))
        .hasMessageContaining("Invalid table: purchases; expected one of [clicks, conversions");
  }

  @Test
  void anomaliesAreThoseOfTheTables() {
    Dataset<Row> impressions = read(path, "impressions");
    assertThat(impressions.select("impression_id").distinct().count()).isEqualTo(60_000);
    assertThat(anomaly("duplicate_impressions")).isEqualTo(impressions.count() - 60_000);
    for (String table : new String[] {"clicks", "conversions"}) {
      Dataset<Row> rows = read(path, table);
      String id = table.substring(0, table.length() - 1) + "_id";
      assertThat(anomaly("duplicate_" + table))
          .isEqualTo(rows.count() - rows.select(id).distinct().count());
      Dataset<Row> unique = rows.dropDuplicates(id);
      assertThat(anomaly("late_" + table))
          .isEqualTo(
              unique.where("cast(dt as date) > cast(from_unixtime(ts / 1000) as date)").count());
      assertThat(anomaly("orphan_" + table))
          .isEqualTo(unique.where(col("impression_id").startsWith("imp-lost")).count());
    }
    assertThat(counts.anomalies().values()).allMatch(count -> count > 0);
    assertThat(counts.anomalies())
        .containsKeys("repeated_clicks", "out_of_window_clicks", "after_end_conversions");
  }

  @Test
  void everyTableHasItsDays() {
    for (String table : new String[] {"impressions", "clicks", "conversions"}) {
      List<String> days =
          read(path, table)
              .selectExpr("cast(dt as string) dt")
              .distinct()
              .orderBy("dt")
              .collectAsList()
              .stream()
              .map(row -> row.getString(0))
              .collect(Collectors.toList());
      assertThat(days).hasSize(7).startsWith("2026-03-01").endsWith("2026-03-07");
    }
    assertThat(
            read(path, "impressions")
                .where("cast(dt as date) <> cast(from_unixtime(ts / 1000) as date)")
                .count())
        .isZero();
    assertThat(read(path, "users").selectExpr("cast(dt as string)").distinct().first().getString(0))
        .isEqualTo("2026-03-01");
  }

  @Test
  void keysReferToRowsThatExist() {
    Dataset<Row> impressions = read(path, "impressions").dropDuplicates("impression_id");
    Dataset<Row> clicks =
        read(path, "clicks").where("impression_id not like 'imp-lost%'").dropDuplicates("click_id");
    Dataset<Row> conversions =
        read(path, "conversions")
            .where("impression_id not like 'imp-lost%'")
            .dropDuplicates("conversion_id");

    assertThat(missing(impressions, "user_id", read(path, "users"))).isZero();
    assertThat(missing(impressions, "item_id", read(path, "items"))).isZero();
    assertThat(missing(clicks, "impression_id", impressions)).isZero();
    assertThat(missing(conversions, "click_id", clicks)).isZero();
    assertThat(
            clicks
                .join(
                    impressions.withColumnRenamed("impression_id", "id").as("i"),
                    col("impression_id").equalTo(col("id")))
                .where(
                    clicks
                        .col("user_id")
                        .notEqual(col("i.user_id"))
                        .or(clicks.col("item_id").notEqual(col("i.item_id"))))
                .count())
        .isZero();
  }

  @Test
  void clicksAndConversionsHappenAsOftenAsTheirTrueProbabilities() {
    Dataset<Row> samples = samples();
    Row ctr =
        joined(samples)
            .agg(
                avg("click"),
                avg("p_click"),
                sum(col("p_click").multiply(lit(1).minus(col("p_click")))))
            .first();
    Row cvr =
        joined(samples)
            .where("click = 1")
            .agg(
                avg("conversion"),
                avg("p_conversion"),
                sum(col("p_conversion").multiply(lit(1).minus(col("p_conversion")))),
                sum("click"))
            .first();

    assertThat(ctr.getDouble(0))
        .isCloseTo(ctr.getDouble(1), within(4 * Math.sqrt(ctr.getDouble(2)) / 60_000));
    assertThat(ctr.getDouble(1)).isCloseTo(0.12, within(0.02));
    assertThat(cvr.getDouble(0))
        .isCloseTo(cvr.getDouble(1), within(4 * Math.sqrt(cvr.getDouble(2)) / cvr.getLong(3)));
  }

  @Test
  void theBestAucIsHighAndTheSplitAndMaturityAreKept() {
    Dataset<Row> samples = samples();
    BestAuc best = Truth.bestAuc(SPARK, path, samples, "test");

    assertThat(best.ctrRows()).isEqualTo(samples.where("split = 'test'").count());
    assertThat(best.cvrRows())
        .isEqualTo(samples.where("split = 'test' and click = 1 and mature").count());
    assertThat(best.ctr().getAsDouble()).isBetween(0.77, 0.84);
    assertThat(best.cvr().getAsDouble()).isBetween(0.70, 0.82);
    assertThat(Truth.bestAuc(SPARK, path, samples.withColumn("click", lit(0)), "test").ctr())
        .isEmpty();
    assertThatThrownBy(
            () ->
                Truth.bestAuc(
                    SPARK,
                    path,
                    samples.withColumn("impression_id", concat(lit("x"), col("impression_id"))),
                    "test"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("samples are not among the impressions of");
    assertThatThrownBy(() -> Truth.impressions(SPARK, folder.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Cannot read the truth: there is none at");
  }

  @Test
  void theTruthAboutUsersHasEveryTag() {
    Row row =
        Truth.users(SPARK, path)
            .selectExpr("size(tags) n", "explode(tags) t")
            .agg(avg("n"), avg("t.interest"), avg("t.intention"))
            .first();

    assertThat(row.getDouble(0)).isEqualTo(40);
    assertThat(row.getDouble(1)).isBetween(0.1, 0.4);
    assertThat(row.getDouble(2)).isBetween(0.05, 0.3);
    assertThat(Truth.users(SPARK, path).count()).isEqualTo(500);
  }

  @Test
  void contentDoesNotDependOnTheNumberOfTasksButOnTheSeed() {
    String other = folder.resolve("other tasks").toString();
    ExampleCounts again = ExampleLogs.write(SPARK, settings(other), SEED, Examples.LAST_DAY, 5);
    for (String table : TABLES) {
      assertThat(read(other, table).exceptAll(read(path, table)).count()).as(table).isZero();
    }
    assertThat(again.rows()).isEqualTo(counts.rows());
    assertThat(again.anomalies()).isEqualTo(counts.anomalies());

    String seeded = folder.resolve("other seed").toString();
    ExampleLogs.write(SPARK, settings(seeded), SEED + 1, Examples.LAST_DAY);
    assertThat(read(seeded, "clicks").intersect(read(path, "clicks")).count()).isZero();
  }

  @Test
  void finishedLogsAreUsedAgainAndOthersAreNotTouched() throws IOException {
    ExampleCounts again = ExampleLogs.write(SPARK, settings(path), SEED, Examples.LAST_DAY);
    assertThat(again.reused()).isTrue();
    assertThat(again.rows()).isEqualTo(counts.rows());
    assertThat(again.anomalies()).isEqualTo(counts.anomalies());

    assertThatThrownBy(
            () -> ExampleLogs.write(SPARK, settings(path, "days=3"), 12, Examples.LAST_DAY))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("it holds logs of other settings: days 7 (now 3), seed 11 (now 12)")
        .hasMessageContaining("Set generate.overwrite = on or choose another generate.path.");
    Path foreign = Files.createDirectories(folder.resolve("foreign"));
    Files.write(foreign.resolve("thesis.txt"), new byte[] {1});
    assertThatThrownBy(
            () ->
                ExampleLogs.write(
                    SPARK, settings(foreign.toString(), "overwrite=on"), 1, Examples.LAST_DAY))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("it holds something else");
    assertThat(foreign.resolve("thesis.txt")).exists();
  }

  @Test
  void overwriteReplacesLogsOfOtherSettingsAndWhatAnEndedRunLeft() throws IOException {
    String own = folder.resolve("overwritten").toString();
    Files.createDirectories(folder.resolve("overwritten.unfinished").resolve("clicks"));
    ExampleLogs.write(SPARK, small(own), SEED, Examples.LAST_DAY);
    GenerateSettings more = settings(own, "impressions=2000", "overwrite=on", "tail-days=3");
    ExampleLogs.write(SPARK, more, SEED, Examples.LAST_DAY);

    assertThat(read(own, "impressions").select("impression_id").distinct().count()).isEqualTo(2000);
    assertThat(read(own, "conversions").where("cast(dt as string) > '2026-03-07'").count())
        .isPositive();
    assertThat(folder.resolve("overwritten.unfinished")).doesNotExist();
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.write(folder.resolve("a file"), new byte[] {1});
    assertThatThrownBy(
            () ->
                ExampleLogs.write(
                    SPARK, small(file.resolve("logs").toString()), 1, Examples.LAST_DAY))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("Cannot write example logs to " + file.resolve("logs"))
        .hasMessageContaining("Check generate.path and its permissions.");
    assertThatThrownBy(() -> ExampleLogs.write(SPARK, small(""), 1, Examples.LAST_DAY))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("Invalid generate.path: \"\"; expected the folder");
  }

  /** Samples as an independent join makes them: all clicks and conversions, to the end of time. */
  private static Dataset<Row> samples() {
    Dataset<Row> clicks =
        read(path, "clicks")
            .where("impression_id not like 'imp-lost%'")
            .withColumnRenamed("impression_id", "clicked")
            .select("clicked", "ts")
            .groupBy("clicked")
            .agg(min("ts").as("click_ts"));
    Dataset<Row> conversions =
        read(path, "conversions").select(col("impression_id").as("converted")).distinct();
    return read(path, "impressions")
        .dropDuplicates("impression_id")
        .join(clicks, col("impression_id").equalTo(col("clicked")), "left_outer")
        .join(conversions, col("impression_id").equalTo(col("converted")), "left_outer")
        .select(
            col("impression_id"),
            when(col("click_ts").minus(col("ts")).lt(1_800_000), 1).otherwise(0).as("click"),
            when(col("converted").isNotNull(), 1).otherwise(0).as("conversion"),
            when(col("click_ts").lt(1_772_668_800_000L), true).otherwise(false).as("mature"),
            when(col("impression_id").endsWith("1"), "train").otherwise("test").as("split"))
        .cache();
  }

  private static Dataset<Row> joined(Dataset<Row> samples) {
    Dataset<Row> truth = Truth.impressions(SPARK, path).withColumnRenamed("impression_id", "id");
    return samples.join(truth, col("impression_id").equalTo(col("id")));
  }

  private static long missing(Dataset<Row> rows, String key, Dataset<Row> in) {
    Dataset<Row> keys = in.select(col(key).as("known")).distinct();
    return rows.join(keys, col(key).equalTo(col("known")), "left_anti").count();
  }

  private static long anomaly(String name) {
    return counts.anomalies().get(name);
  }

  private static Dataset<Row> read(String path, String table) {
    return SPARK.read().parquet(path + "/" + table);
  }

  private static GenerateSettings small(String path) {
    return settings(path, "impressions=1000");
  }

  private static GenerateSettings settings(String path, String... more) {
    String[] all = new String[5 + more.length];
    all[0] = "path=" + path;
    all[1] = "impressions=60000";
    all[2] = "users=500";
    all[3] = "items=300";
    all[4] = "tail-days=0";
    System.arraycopy(more, 0, all, 5, more.length);
    return Examples.settings(all);
  }
}
