package io.tagloom.features.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.features.LocalSpark;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What must hold whatever the logs are; each try is a run over hundreds of random logs. */
class SamplePropertiesIT {
  private static final LocalDate LAST = LocalDate.of(2026, 3, 10);
  private static final int DAYS = 4;

  @Property(tries = 2, seed = "20260310", shrinking = ShrinkingMode.OFF)
  void samplesAreTheDistinctValidImpressions(@ForAll long seed) {
    TestLog log = logs(seed, true);
    TestRun run = new TestRun("samples.rebuild-days=20").write(log, 2);

    JoinHealth health = run.run(LAST);

    SortedMap<String, String> expected =
        BruteForceJoin.samples(log, run.settings().samples(), LAST, new TreeMap<>());
    assertThat(run.samples(LAST).keySet()).isEqualTo(expected.keySet());
    assertThat(health.total("samples.rows")).isEqualTo(health.total("impressions.distinct"));
  }

  @Property(tries = 2, seed = "20260311", shrinking = ShrinkingMode.OFF)
  void orderFilesCopiesAndBusyKeysChangeNothing(@ForAll long seed) {
    TestLog log = logs(seed, true);
    TestRun run = new TestRun("samples.rebuild-days=20", "samples.view-through=on").write(log, 1);
    run.run(LAST);
    TestLog more = new TestLog().add(log);
    Random random = new Random(seed);
    copySome(random, log.impressions, more.impressions);
    copySome(random, log.clicks, more.clicks);
    copySome(random, log.conversions, more.conversions);
    TestRun other = new TestRun("samples.rebuild-days=20", "samples.view-through=on");
    other.write(more.shuffled(seed), 5).run(LAST, TestRun.ALL_BUSY);

    assertThat(other.samples(LAST)).isEqualTo(run.samples(LAST));
  }

  @Property(tries = 1, seed = "20260312", shrinking = ShrinkingMode.OFF)
  void aSecondRunWritesTheSameBytes(@ForAll long seed) {
    TestRun run = new TestRun("samples.rebuild-days=20").write(logs(seed, true), 3);
    run.run(LAST);
    List<SortedMap<String, String>> before = new ArrayList<>();
    for (String table : new String[] {"samples", "rejected", "orphans", "reports"}) {
      before.add(run.bytes(table));
    }

    run.run(LAST);

    int i = 0;
    for (String table : new String[] {"samples", "rejected", "orphans", "reports"}) {
      assertThat(before.get(i)).as(table).isNotEmpty();
      assertThat(run.bytes(table)).isEqualTo(before.get(i++));
    }
  }

  @Property(tries = 1, seed = "20260313", shrinking = ShrinkingMode.OFF)
  void dayByDayEqualsTheBackFillAsOfEveryDate(@ForAll long seed) {
    TestRun nightly =
        new TestRun("samples.conversion-window-days=1", "samples.look-back-days=10")
            .write(logs(seed, false), 2);

    compareEveryDate(nightly);
  }

  @Property(tries = 1, seed = "20260314", shrinking = ShrinkingMode.OFF)
  void dayByDayEqualsTheBackFillWhenEventsComeLate(@ForAll long seed) {
    TestRun nightly = new TestRun("samples.conversion-window-days=1", "samples.look-back-days=10");
    TestLog log = logs(seed, false);
    Random late = new Random(seed);
    byArrival(late, TestLog.IMPRESSIONS, log.impressions, 3, nightly, "impressions");
    byArrival(late, TestLog.CLICKS, log.clicks, 4, nightly, "clicks");
    byArrival(late, TestLog.CONVERSIONS, log.conversions, 5, nightly, "conversions");

    assertThat(compareEveryDate(nightly)).isPositive();
  }

  /** Runs every date in turn and as a back-fill of its own; the late events of the back-fills. */
  private static long compareEveryDate(TestRun nightly) {
    long late = 0;
    for (LocalDate day = LAST.minusDays(DAYS - 1); !day.isAfter(LAST); day = day.plusDays(1)) {
      nightly.run(day);
      TestRun backFill = nightly.with("samples.rebuild-days=20");
      late = backFill.run(day).total("impressions.late");

      assertThat(nightly.samples(day)).as("as of " + day).isEqualTo(backFill.samples(day));
    }
    return late;
  }

  private static TestLog logs(long seed, boolean errors) {
    RandomLogs random = new RandomLogs(seed, LAST, DAYS, errors);
    TestLog all = new TestLog();
    for (int i = 0; i < 300; i++) {
      all.add(random.next().prefixed(i + "-"));
    }
    return all;
  }

  private static void copySome(Random random, List<Object[]> from, List<Object[]> to) {
    from.stream().filter(row -> random.nextInt(5) == 0).forEach(to::add);
  }

  private static void byArrival(
      Random late, StructType schema, List<Object[]> values, int ts, TestRun run, String table) {
    List<Row> rows = new ArrayList<>();
    for (Object[] value : values) {
      LocalDate day = LocalDate.ofEpochDay(Math.floorDiv((Long) value[ts], 86_400_000L));
      LocalDate arrived = day.plusDays(late.nextInt(10) == 0 ? late.nextInt(DAYS) : 0);
      Object[] withDay = Arrays.copyOf(value, value.length + 1);
      withDay[value.length] = arrived.toString();
      rows.add(RowFactory.create(withDay));
    }
    LocalSpark.session()
        .createDataFrame(rows, schema.add("dt", DataTypes.StringType))
        .coalesce(1)
        .write()
        .partitionBy("dt")
        .parquet(run.folder() + "/logs/" + table);
  }
}
