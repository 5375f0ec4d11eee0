package io.tagloom.features.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.features.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same two impressions, with a click and a conversion, in every dress a log may wear. */
@Tag("every-spark")
class InputFormatsIT {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 5);
  private static final String[] TABLES = {"impressions", "clicks", "conversions"};

  /** Half past midnight UTC, when it is still the day before in New York. */
  private static final long SHOWN = DAY.toEpochDay() * 86_400_000L + 1_800_123;

  private static final long CLICKED = SHOWN + 60_456;
  private static final long BOUGHT = CLICKED + 3_600_000;

  private static SortedMap<String, String> expected;

  @BeforeAll
  static void standard() {
    TestLog log =
        new TestLog()
            .impression("1", "7", "70", SHOWN, 2)
            .impression("2", "8", "80", SHOWN, null)
            .click("3", "1", null, null, CLICKED)
            .conversion("4", "3", null, null, null, BOUGHT, "order", 2.5);
    TestRun run = new TestRun().write(log, 1);
    run.run(DAY);
    expected = run.samples(DAY);
    assertThat(expected.get("1")).contains("click=1", "conversion=1", "value=2.5", "position=2");
  }

  @Test
  void csvWithOtherNamesAndSeparatorAndSeconds() throws IOException {
    TestRun run =
        new TestRun(
            "input.impressions.columns={impression_id=imp,user_id=\"member id\"}",
            "input.impressions.timestamp=seconds",
            "input.impressions.options={sep=\";\"}",
            "input.clicks.columns={ts=time}",
            "input.clicks.timestamp=millis");
    write(
        run,
        "impressions",
        "imp;member id;item_id;ts;position",
        "1;7;70;1772670600.123;2",
        "2;8;80;1772670600.123;");
    write(run, "clicks", "time,click_id,impression_id", CLICKED + ",3,1");
    write(
        run, "conversions", "conversion_id,click_id,ts,type,value", "4,3," + BOUGHT + ",order,2.5");

    assertSame(run);
  }

  @Test
  void csvWithTextTimesOfAZone() throws IOException {
    TestRun run =
        new TestRun(
            "input.impressions.time-zone=America/New_York",
            "input.clicks.timestamp=\"dd.MM.yyyy HH:mm:ss.SSS\"",
            "input.clicks.time-zone=Asia/Shanghai");
    write(
        run,
        "impressions",
        "impression_id,user_id,item_id,ts,position",
        "1,7,70,2026-03-04 19:30:00.123,2",
        "2,8,80,2026-03-05T00:30:00.123Z,");
    write(run, "clicks", "click_id,impression_id,ts", "3,1,05.03.2026 08:31:00.579");
    write(
        run,
        "conversions",
        "conversion_id,click_id,ts,type,value",
        "4,3,2026-03-05T02:31:00.579+01:00,order,2.5");

    assertSame(run);
  }

  @Test
  void jsonLinesWithNumericIdsInHourlyFolders() throws IOException {
    TestRun run = new TestRun();
    write(
        run,
        "impressions/dt=2026-03-05/hr=00",
        "{\"impression_id\":1,\"user_id\":7,\"item_id\":70,\"ts\":" + SHOWN + ",\"position\":2}",
        "{\"impression_id\":2,\"user_id\":8,\"item_id\":80,\"ts\":" + SHOWN + "}");
    write(
        run,
        "clicks/dt=2026-03-05",
        "{\"click_id\":3,\"impression_id\":\"1\",\"ts\":\"" + CLICKED + "\"}");
    write(
        run,
        "conversions/dt=2026-03-05",
        "{\"conversion_id\":4,\"click_id\":3,\"ts\":"
            + BOUGHT
            + ",\"type\":\"order\",\"value\":2.5}");

    assertSame(run);
  }

  @Test
  void orcWithTimestampsAndNumbers() {
    TestRun run = new TestRun();
    String time = "cast(cast(%d as decimal(20,3)) / 1000 as timestamp)";
    List<String> queries =
        Arrays.asList(
            "select 1L impression_id, 7L user_id, 70.0D item_id, "
                + time
                + " ts, 2S position "
                + "union all select 2L, 8L, 80.0D, "
                + time
                + ", null",
            "select 3 click_id, 1 impression_id, " + time + " ts",
            "select 4 conversion_id, 3 click_id, " + time + " ts, 'order' type, 2.5 value");
    Object[][] times = {{SHOWN, SHOWN}, {CLICKED}, {BOUGHT}};
    for (int i = 0; i < TABLES.length; i++) {
      LocalSpark.session()
          .sql(String.format(queries.get(i), times[i]))
          .write()
          .orc(run.folder() + "/logs/" + TABLES[i]);
    }

    assertSame(run);
  }

  @Test
  void contextColumnsAreCarriedAndMissingIdsAreNone() {
    TestRun run = new TestRun("input.context-columns=[scenario]", "input.missing-ids=[\"0\"]");
    SparkSession spark = LocalSpark.session();
    String[] queries = {
      "select '1' impression_id, '7' user_id, '70' item_id, "
          + SHOWN
          + "L ts, 'feed' scenario, "
          + "1 unused union all select '2', '0', '80', "
          + SHOWN
          + "L, 'feed', 1",
      "select '0' click_id, '0' impression_id, '7' user_id, '70' item_id, " + CLICKED + "L ts",
      "select 'x' conversion_id, '9' click_id, " + BOUGHT + "L ts"
    };
    for (int i = 0; i < TABLES.length; i++) {
      spark.sql(queries[i]).write().parquet(run.folder() + "/logs/" + TABLES[i]);
    }

    JoinHealth health = run.run(DAY);

    assertThat(run.samples(DAY)).hasSize(1);
    assertThat(run.samples(DAY).get("1")).contains("position=null scenario=feed click=1");
    assertThat(health.total("impressions.rejected.missing_user_id")).isEqualTo(1);
  }

  @Test
  void foldersAfterTheDateAreNotOpened() throws IOException {
    TestRun run = new TestRun();
    write(
        run,
        "impressions/dt=2026-03-05",
        "impression_id,user_id,item_id,ts,position",
        "1,7,70," + SHOWN + ",2",
        "2,8,80," + SHOWN + ",");
    write(run, "clicks/dt=2026-03-05", "click_id,impression_id,ts", "3,1," + CLICKED);
    write(
        run,
        "conversions/dt=2026-03-05",
        "conversion_id,click_id,ts,type,value",
        "4,3," + BOUGHT + ",order,2.5");
    // What came a day later changes nothing, though its time is of the day.
    write(
        run,
        "impressions/dt=2026-03-06",
        "impression_id,user_id,item_id,ts,position",
        "9,7,70," + SHOWN + ",2");
    write(run, "clicks/dt=2026-03-06", "nonsense", "3");

    assertSame(run);
  }

  @Test
  void localTimesAreOfTheTablesZoneAndDecimalsAreNumbers() {
    TestRun run =
        new TestRun(
            "input.impressions.time-zone=America/New_York", "input.clicks.time-zone=Asia/Kolkata");
    String local = "timestamp_ntz'2026-03-0%s'";
    tables(
        run,
        "select 1BD impression_id, 7 user_id, 70 item_id, "
            + String.format(local, "4 19:30:00.123")
            + " ts, 2BD position union all select 2BD, 8, 80, "
            + String.format(local, "4 19:30:00.123")
            + ", null",
        "select 3 click_id, 1 impression_id, " + String.format(local, "5 06:01:00.579") + " ts",
        "select 4 conversion_id, 3 click_id, cast("
            + BOUGHT
            + " as decimal(20,0)) ts,"
            + " 'order' type, '2.5' value");

    assertSame(run);
  }

  @Test
  void zonesByNameAndHoursAreThoseOfTheText() throws IOException {
    TestRun run =
        new TestRun(
            "input.impressions.time-zone=America/New_York",
            "input.clicks.time-zone=America/New_York");
    write(
        run,
        "impressions",
        "impression_id,user_id,item_id,ts,position",
        "1,7,70,2026-03-05 00:30:00.123 UTC,2",
        "2,8,80,2026-03-05 08:30:00.123 Asia/Shanghai,");
    write(run, "clicks", "click_id,impression_id,ts", "3,1,2026-03-05 01:31:00.579+01");
    write(
        run, "conversions", "conversion_id,click_id,ts,type,value", "4,3," + BOUGHT + ",order,2.5");

    assertSame(run);
  }

  @Test
  void valuesThatFitNoTypeAreRejectedAndTheOthersStay() {
    TestRun run = new TestRun("input.impressions.timestamp=millis");
    tables(
        run,
        "select * from values ('1', '7', '70', double("
            + SHOWN
            + "), 2.0D),"
            + " ('2', '8', '80', double("
            + SHOWN
            + "), 1e300D),"
            + " ('n', '8', '80', double('NaN'), 0D),"
            + " ('i', '8', '80', double('Infinity'), 0D),"
            + " ('s', '8', '80', double('-Infinity'), 0D),"
            + " ('l', '8', '80', -9e18D, 0D)"
            + " as t(impression_id, user_id, item_id, ts, position)",
        "select '3' click_id, '1' impression_id, cast("
            + CLICKED
            + " as string) ts, '9e99' dwell_ms"
            + " union all select 'c', '1', '99999999999999999999', '1'"
            + " union all select 'd', '1', '9223372036854775807', '1'"
            + " union all select 'e', '1', '-9223372036854775808', '1'",
        "select '4' conversion_id, '3' click_id, "
            + BOUGHT
            + "L ts, 'order' type, '2.5' value"
            + " union all select 'v', '3', 9223372036854775807, 'order', '1e999'"
            + " union all select 'w', '3', -9223372036854775808, 'order', 'x'");

    JoinHealth health = run.run(DAY);

    assertThat(run.samples(DAY)).isEqualTo(expected);
    assertThat(health.total("impressions.rejected.unreadable_ts")).isEqualTo(3);
    assertThat(health.total("impressions.rejected.implausible_ts")).isEqualTo(1);
    assertThat(health.total("clicks.rejected.unreadable_ts")).isEqualTo(1);
    assertThat(health.total("clicks.rejected.implausible_ts")).isEqualTo(2);
    assertThat(health.total("conversions.rejected.implausible_ts")).isEqualTo(2);
  }

  @Test
  void filesOfOtherProgramsWithAncientAndUnsignedValuesAreRead() {
    TestRun run = new TestRun("input.context-columns=[born]");
    String logs = run.folder() + "/logs/";
    OtherParquet.write(
        logs + "impressions/a.parquet",
        "required int64 impression_id (INTEGER(64,false)); required int32 user_id"
            + " (INTEGER(32,false)); required int64 item_id; required int64 ts"
            + " (TIMESTAMP(MICROS,true)); optional int32 position (INTEGER(8,false));"
            + " required int32 born (DATE);",
        new Object[] {1L, 7, 70L, SHOWN * 1000, 2, -719_162},
        new Object[] {2L, 8, 80L, SHOWN * 1000, null, -142_000},
        new Object[] {3L, 8, 80L, -62_135_596_800_000_000L, null, 0});
    OtherParquet.write(
        logs + "clicks/a.parquet",
        "required binary click_id (UTF8); required binary impression_id; required int64 ts"
            + " (TIMESTAMP(MILLIS,true));",
        new Object[] {"3", "1", CLICKED});
    OtherParquet.write(
        logs + "conversions/a.parquet",
        "required int32 conversion_id; required int32 click_id; required int64 ts"
            + " (TIMESTAMP(MILLIS,false)); required binary type (ENUM); required binary value"
            + " (UTF8);",
        new Object[] {4, 3, BOUGHT, "order", "2.5"});

    JoinHealth health = run.run(DAY);

    assertThat(run.samples(DAY, "born")).isEqualTo(expected);
    assertThat(run.samples(DAY).get("1")).contains("born=0001-01-01");
    assertThat(health.total("impressions.rejected.implausible_ts")).isEqualTo(1);
  }

  @Test
  void mapsInContextColumnsAreCarried() {
    TestRun run = new TestRun("input.context-columns=[extra]");
    String row = "'8', '80', " + SHOWN + "L, null, map('a', 2)";
    tables(
        run,
        "select '1' impression_id, '7' user_id, '70' item_id, "
            + SHOWN
            + "L ts, 2 position,"
            + " map('a', 1) extra union all select '2', "
            + row
            + " union all select '2', "
            + row,
        "select '3' click_id, '1' impression_id, " + CLICKED + "L ts",
        "select '4' conversion_id, '3' click_id, " + BOUGHT + "L ts, 'order' type, 2.5 value");
    run.run(DAY);

    assertThat(run.samples(DAY, "extra")).isEqualTo(expected);
  }

  private static void tables(TestRun run, String... queries) {
    for (int i = 0; i < TABLES.length; i++) {
      LocalSpark.session().sql(queries[i]).write().parquet(run.folder() + "/logs/" + TABLES[i]);
    }
  }

  private static void assertSame(TestRun run) {
    run.run(DAY);
    assertThat(run.samples(DAY)).isEqualTo(expected);
  }

  private static void write(TestRun run, String folder, String... lines) throws IOException {
    Path path = run.folder().resolve("logs").resolve(folder);
    Files.createDirectories(path);
    String name = lines[0].startsWith("{") ? "part.jsonl" : "part.csv";
    String text = String.join("\n", lines) + "\n";
    Files.write(path.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }
}
