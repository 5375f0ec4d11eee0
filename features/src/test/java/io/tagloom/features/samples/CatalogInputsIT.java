package io.tagloom.features.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.InputException;
import io.tagloom.conf.InputSettings;
import io.tagloom.features.CatalogSpark;
import io.tagloom.features.logs.InputVersion;
import io.tagloom.features.logs.InputVersions;
import io.tagloom.features.logs.Logs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same logs as plain files and as tables of Iceberg, Delta, Hive and a database. */
class CatalogInputsIT {
  private static final LocalDate LAST = LocalDate.of(2026, 3, 10);
  private static final List<String> TABLES = Arrays.asList("impressions", "clicks", "conversions");

  private static final String FIRST_HALF = " WHERE impression_id < '3'";

  /** A run of this date reads the days from 4 March on, and folders from 3 March. */
  private static final LocalDate DATE = LAST.minusDays(1);

  private static CatalogSpark catalogs;
  private static SparkSession spark;
  private static Path folder;
  private static TestRun files;
  private static SortedMap<String, String> expected;

  @BeforeAll
  static void sameLogsAsFiles() throws IOException {
    folder = Files.createTempDirectory("tagloom-catalogs");
    catalogs = new CatalogSpark(folder);
    spark = catalogs.session();
    spark.sparkContext().setLogLevel("WARN");
    spark.sql("CREATE DATABASE ads");
    RandomLogs random = new RandomLogs(11, LAST, 8, false);
    TestLog log = new TestLog();
    for (int i = 0; i < 60; i++) {
      log.add(random.next().prefixed(i + "-"));
    }
    files = new TestRun("samples.conversion-window-days=1").write(log, 1);
    files.run(DATE);
    expected = files.samples(DATE);
    assertThat(expected).hasSizeGreaterThan(40);
  }

  @AfterAll
  static void close() {
    catalogs.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "iceberg by day",
        "iceberg by hidden day",
        "iceberg by path",
        "delta by day",
        "delta by path",
        "hive by number",
        "view",
        "avro",
        "avro by folder",
        "jdbc"
      })
  void everySourceGivesTheSamplesOfFilesAndOpensNoOtherDays(String source) throws IOException {
    TestRun run = run(source, "same " + source);
    List<Path> otherDays = dataOf("same " + source, LAST.minusDays(7), LAST);
    for (Path file : otherDays) {
      Files.delete(file);
    }

    run.run(DATE);

    assertThat(run.samples(DATE)).isEqualTo(expected);
    assertThat(otherDays).hasSizeGreaterThanOrEqualTo(source.contains(" by ") ? 2 : 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iceberg by day", "delta by day"})
  void aDateIsReadAgainAsItWas(String source) {
    String name = "again " + source;
    TestRun run = run(source, name);
    JoinHealth first = run.run(DATE);
    SortedMap<String, String> bytes = run.bytes("samples");

    spark.sql("DELETE FROM " + sqlName(source, name, "impressions") + FIRST_HALF);
    JoinHealth second = run.run(DATE);

    assertThat(first.inputs().byTable().keySet()).containsExactlyInAnyOrderElementsOf(TABLES);
    assertThat(JoinHealth.fromJson(second.json()).inputs().byTable())
        .isEqualTo(first.inputs().byTable());
    assertThat(run.bytes("samples")).isEqualTo(bytes);
    assertThat(run.samples(DATE)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iceberg by path", "delta by path"})
  void theVersionIsThatOfTheSettingsElseOfTheDateElseTheNewest(String source) {
    String name = "named " + source;
    TestRun run = run(source, name);
    InputVersions first = versions(run, InputVersions.none());
    String query = "SELECT date_format(current_timestamp(), 'yyyy-MM-dd HH:mm:ss.SSS')";
    String time = spark.sql(query).first().getString(0);
    spark.sql("DELETE FROM " + sqlName(source, name, "impressions") + FIRST_HALF);
    InputVersions second = versions(run, InputVersions.none());
    String old = number(first, "impressions");
    String newest = number(second, "impressions");

    assertThat(newest).isNotEqualTo(old);
    assertThat(number(second, "clicks")).isEqualTo(number(first, "clicks"));
    assertThat(impressions(run, first)).isGreaterThan(impressions(run, second));
    InputVersions kept = versions(run, first);
    assertThat(kept.byTable()).isEqualTo(first.byTable());
    assertThat(kept.notes())
        .containsExactly(
            "impressions is read at version "
                + old
                + " of "
                + run.settings().input().impressions().place()
                + ", as when the date was run before; the newest is "
                + newest
                + ", which --repin takes");
    TestRun then = run.with("input.impressions.as-of=" + time);
    assertThat(number(versions(then, InputVersions.none()), "impressions")).isEqualTo(old);
    assertThat(number(versions(then, second), "impressions")).isEqualTo(old);
    TestRun named = run.with("input.impressions.as-of=" + newest);
    assertThat(number(versions(named, first), "impressions")).isEqualTo(newest);
    TestRun before = run.with("input.impressions.as-of=2020-01-01T00:00:00Z");
    assertThatThrownBy(() -> versions(before, first))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot read impressions: ")
        .hasMessageContaining("no longer has a version of 2020-01-01T00:00:00Z");
  }

  @Test
  void aVersionThatIsGoneIsRefused() {
    String iceberg = "gone iceberg by day";
    TestRun run = run("iceberg by day", iceberg);
    InputVersions before = versions(run, InputVersions.none());
    String table = sqlName("iceberg by day", iceberg, "clicks");
    spark.sql("DELETE FROM " + table + " WHERE impression_id LIKE '1%'");
    spark.sql(
        "CALL lake.system.expire_snapshots(table => '"
            + table.replace("lake.", "")
            + "', older_than => TIMESTAMP '2100-01-01 00:00:00', retain_last => 1)");

    assertThatThrownBy(() -> versions(run, before))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Cannot read clicks: lake.ads.gone_iceberg_by_day_clicks no longer has version "
                + number(before, "clicks")
                + "; the newest that it has are "
                + number(versions(run, InputVersions.none()), "clicks")
                + ". Set input.clicks.as-of to one of these, or start with --repin to read the"
                + " newest.");

    TestRun other = run("delta by path", "gone delta by path");
    InputVersions earlier = versions(other, InputVersions.none());
    String name = sqlName("delta by path", "gone delta by path", "clicks");
    spark.sql("DELETE FROM " + name + " WHERE impression_id LIKE '1%'");
    versions(other, earlier);
    spark.sql("VACUUM " + name + " RETAIN 0 HOURS");

    assertThatThrownBy(() -> versions(other, earlier))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            "Cannot read clicks: "
                + folder
                + "/gone_delta_by_path_clicks no longer has version 0; the newest that it has"
                + " are ");
  }

  @Test
  void aRunThatFailsPinsNothing() {
    String name = "early iceberg by day";
    TestRun run = run("iceberg by day", name);
    String table = sqlName("iceberg by day", name, "impressions");
    spark.sql("CREATE TABLE " + table + "_late AS SELECT * FROM " + table);
    spark.sql("DELETE FROM " + table + " WHERE dt = '" + DATE + "'");

    assertThatThrownBy(() -> run.run(DATE))
        .isInstanceOf(InputException.class)
        .hasMessageMatching(
            "Cannot build samples of 2026-03-09: impressions has no partition dt=2026-03-09 in"
                + " lake[.]ads[.]early_iceberg_by_day_impressions at version [0-9]+; it has"
                + " 2026-03-03 to 2026-03-12[.] Wait for the job that writes it or choose another"
                + " date[.]");
    spark.sql(
        "INSERT INTO " + table + " SELECT * FROM " + table + "_late WHERE dt = '" + DATE + "'");
    run.run(DATE);

    assertThat(run.samples(DATE)).isEqualTo(expected);
  }

  @Test
  void theNewestSnapshotNotAfterTheDateIsRead() {
    spark.sql(
        "CREATE TABLE lake.ads.members USING iceberg PARTITIONED BY (day) AS SELECT * FROM VALUES"
            + " ('u', 1, DATE'2026-03-03'), ('u', 2, DATE'2026-03-05'), ('u', 3, DATE'2026-03-06')"
            + " AS t(user_id, age, day)");
    TestRun run = files.with("input.users.table=lake.ads.members", "input.users.date-column=day");
    LocalDate day = LocalDate.of(2026, 3, 5);

    assertThat(texts(logs(run).users(day))).containsExactly("[u,2]");
    assertThat(texts(logs(run).users(day.minusDays(1)))).containsExactly("[u,1]");
    assertThat(texts(logs(run).users(day.plusDays(60)))).containsExactly("[u,3]");
    assertThatThrownBy(() -> logs(run).users(day.minusDays(3)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Cannot read users: lake.ads.members has no snapshot day=YYYY-MM-DD up to 2026-03-02."
                + " Write one or choose a later date.");
  }

  @Test
  void aColumnIsNoDateUnlessTheTableIsPartitionedByIt() {
    spark.sql(
        "CREATE TABLE lake.ads.signups USING iceberg AS SELECT * FROM VALUES"
            + " ('u', '2026-03-03'), ('w', '2026-03-05') AS t(user_id, dt)");
    TestRun run = files.with("input.users.table=lake.ads.signups");

    assertThat(logs(run).users(LAST).count()).isEqualTo(2);
    assertThat(logs(run.with("input.users.date-column=dt")).users(LAST).count()).isEqualTo(1);
  }

  @Test
  void aVersionIsReadWithItsOwnColumns() {
    String table = "lake.ads.widened";
    spark.sql("CREATE TABLE " + table + " USING iceberg AS SELECT 'u' user_id, 1 age");
    TestRun run = files.with("input.users.table=" + table);
    InputVersion before = logs(run).version(run.settings().input().users()).get();
    spark.sql("ALTER TABLE " + table + " DROP COLUMN age");
    // Iceberg makes no version for a change of columns alone.
    spark.sql("INSERT INTO " + table + " VALUES ('w')");

    TestRun pinned = run.with("input.users.as-of=" + before.number());

    assertThat(logs(pinned).users(LAST).columns()).containsExactly("user_id", "age");
    assertThat(logs(run).users(LAST).columns()).containsExactly("user_id");
  }

  @Test
  void tablesThatAreNotThereAreNamed() {
    assertRefused(
        "input.clicks.table=lake.ads.nothing",
        "Cannot read clicks: no catalog of this session has a table lake.ads.nothing. Correct"
            + " input.clicks.table, or name its catalog in spark.properties:"
            + " spark.sql.catalog.NAME, or spark.sql.catalogImplementation = hive for a Hive"
            + " metastore.");
    assertRefused(
        "input.clicks.table=pond.ads.clicks",
        "Cannot read clicks: no catalog of this session has a table pond.ads.clicks"
            + " (\\[REQUIRES_SINGLE_PART_NAMESPACE\\].*)[.] Correct .*");
    spark.sql(
        "CREATE TABLE lake.ads.numbers USING iceberg AS SELECT 1L ts, 'i' impression_id, 'x' dt");
    assertRefused(
        "input.clicks={table=lake.ads.numbers,path=\"\",date-column=ts2}",
        "Cannot read clicks: column ts2 is missing in lake.ads.numbers; expected a date, or a text"
            + " or number that is one. Correct input.clicks.date-column, or set it to none[.]");
    spark.sql("CREATE VIEW ads.unversioned AS SELECT 1L ts, 'i' impression_id");
    assertRefused(
        "input.clicks={table=ads.unversioned,path=\"\",as-of=3}",
        "Cannot read clicks: ads.unversioned keeps no versions, and input.clicks.as-of is 3. Set it"
            + " to latest[.]");
    TestRun run = run("delta by path", "plain delta by path");
    String path = run.settings().input().clicks().path();
    assertRefused(
        "input.clicks={path=\"" + path + "\"}",
        "Cannot read clicks: .* is a table of format delta, whose files also hold rows that were"
            + " deleted or replaced. Set input.clicks.format = delta, or input.clicks.table to its"
            + " name in a catalog instead of input.clicks.path[.]");
    assertRefused(
        "input.clicks={path=\"" + folder + "/lake/ads/numbers\",format=parquet}",
        "Cannot read clicks: .* is a table of format iceberg, .*");
  }

  private static void assertRefused(String assignment, String message) {
    TestRun run =
        assignment.startsWith("input.clicks.table")
            ? files.with(assignment, "input.clicks.path=")
            : files.with(assignment);
    assertThatThrownBy(() -> run.run(DATE))
        .isInstanceOf(InputException.class)
        .hasMessageMatching(
            message.contains("[") || message.contains("*")
                ? message.replace("(\\[", "[(]\\[").replace(".*)[", ".*[)][")
                : java.util.regex.Pattern.quote(message));
  }

  private static InputVersions versions(TestRun run, InputVersions earlier) {
    InputSettings input = run.settings().input();
    return InputVersions.of(spark, input, earlier, InputVersions.logs(input));
  }

  private static String number(InputVersions versions, String table) {
    return versions.byTable().get(table).number();
  }

  private static long impressions(TestRun run, InputVersions versions) {
    return Logs.of(spark, versions.in(run.settings().input()))
        .impressions(LAST.minusDays(7), LAST)
        .count();
  }

  private static Logs logs(TestRun run) {
    return Logs.of(spark, run.settings().input());
  }

  private static List<String> texts(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).collect(Collectors.toList());
  }

  /** Writes the logs as tables of a source, and names them in settings. */
  private static TestRun run(String source, String name) {
    List<String> assignments = new ArrayList<>();
    for (String table : TABLES) {
      Dataset<Row> rows = spark.read().parquet(files.folder() + "/logs/" + table);
      assignments.add("input." + table + "=" + write(source, name, table, rows));
    }
    return files.with(assignments.toArray(new String[0]));
  }

  private static String write(String source, String name, String table, Dataset<Row> rows) {
    Dataset<Row> time = rows.withColumn("time", functions.expr("timestamp_millis(ts)"));
    Dataset<Row> dated =
        rows.withColumn("dt", functions.expr("date_format(timestamp_millis(ts), 'yyyy-MM-dd')"));
    String own = plain(name) + "_" + table;
    String path = folder + "/" + own;
    dated.createOrReplaceTempView("dated");
    time.drop("ts").createOrReplaceTempView("timed");
    switch (source) {
      case "iceberg by day":
        spark.sql(
            "CREATE TABLE lake.ads."
                + own
                + " USING iceberg PARTITIONED BY (dt) AS SELECT * FROM dated");
        return "{path=\"\",table=lake.ads." + own + "}";
      case "iceberg by path":
        spark.sql(
            "CREATE TABLE lake.ads."
                + own
                + " USING iceberg PARTITIONED BY (dt) AS SELECT * FROM dated");
        return "{path=\"" + folder + "/lake/ads/" + own + "\",format=iceberg}";
      case "iceberg by hidden day":
        spark.sql(
            "CREATE TABLE lake.ads."
                + own
                + " USING iceberg PARTITIONED BY (days(time)) AS SELECT * FROM timed");
        return "{path=\"\",table=lake.ads." + own + ",columns={ts=time}}";
      case "delta by day":
        spark.sql(
            "CREATE TABLE ads." + own + " USING delta PARTITIONED BY (dt) AS SELECT * FROM dated");
        return "{path=\"\",table=ads." + own + "}";
      case "delta by path":
        dated.write().format("delta").partitionBy("dt").save(path);
        return "{path=\"" + path + "\",format=delta}";
      case "hive by number":
        spark.sql(
            "CREATE TABLE ads."
                + own
                + " PARTITIONED BY (day) STORED AS orc AS SELECT "
                + String.join(",", rows.columns())
                + ", cast(replace(dt, '-', '') as int) day FROM dated");
        return "{path=\"\",table=ads." + own + ",date-column=day}";
      case "view":
        rows.write().parquet(path);
        spark.sql("CREATE VIEW ads." + own + " AS SELECT * FROM parquet.`" + path + "`");
        return "{path=\"\",table=ads." + own + "}";
      case "avro":
        rows.write().format("avro").save(path);
        return "{path=\"" + path + "\",format=avro}";
      case "avro by folder":
        dated.write().format("avro").partitionBy("dt").save(path);
        return "{path=\"" + path + "\",format=avro}";
      case "jdbc":
        String url = "jdbc:derby:" + folder + "/database;create=true";
        rows.write()
            .option("driver", "org.apache.derby.jdbc.EmbeddedDriver")
            .jdbc(url, own, new java.util.Properties());
        return "{path=\"\",format=jdbc,options={url=\""
            + url
            + "\",dbtable="
            + own
            + ",driver=org.apache.derby.jdbc.EmbeddedDriver}}";
      default:
        throw new IllegalArgumentException(source);
    }
  }

  private static String sqlName(String source, String name, String table) {
    String own = plain(name) + "_" + table;
    return source.equals("delta by path")
        ? "delta.`" + folder + "/" + own + "`"
        : source.startsWith("iceberg") ? "lake.ads." + own : "ads." + own;
  }

  private static String plain(String name) {
    return name.replace(' ', '_');
  }

  /** The files of some days, of all three tables. */
  private static List<Path> dataOf(String name, LocalDate... days) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> file.toString().contains(plain(name) + "_"))
          .filter(file -> Arrays.stream(days).anyMatch(day -> isOf(file, day)))
          .collect(Collectors.toList());
    }
  }

  private static boolean isOf(Path file, LocalDate day) {
    String folder = file.getParent().getFileName().toString();
    return folder.endsWith("=" + day) || folder.endsWith("=" + day.toString().replace("-", ""));
  }
}
