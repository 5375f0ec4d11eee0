package io.tagloom.features.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.features.LocalSpark;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each setting beside the windows has its effect, and no other. */
class SampleSettingsIT {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 5);
  private static final long TIME = DAY.toEpochDay() * 86_400_000L;
  private static final int USERS = 40;
  private static final int IMPRESSIONS = 4000;

  private static TestRun logs;

  @BeforeAll
  static void writeLogs() {
    TestLog log = new TestLog();
    for (int i = 0; i < IMPRESSIONS; i++) {
      // User 0 is a bot with a tenth of everything, all of it in order of time and id.
      String user = i % 10 == 0 ? "u0" : "u" + i % USERS;
      long ts = TIME - (i % 4) * 86_400_000L + i;
      log.impression(String.format("i%04d", i), user, "a" + i % 7, ts);
      if (i % 5 == 0) {
        log.click("c" + i, String.format("i%04d", i), null, null, ts + 1);
      }
      if (i % 50 == 0) {
        log.conversion("v" + i, "c" + i, null, null, null, ts + 2, "order", 1.0);
      }
    }
    log.click("c-bad", null, "u1", null, TIME).click("c-orphan", "nowhere", null, null, TIME);
    log.conversion("v-bad", "c0", null, null, null, TIME, "order", -1.0);
    logs = new TestRun().write(log, 2);
  }

  @Test
  void samplingDropsSomeWithoutLabelsAndWeighsTheRest() {
    TestRun all = logs.with();
    all.run(DAY);
    TestRun sampled = logs.with("samples.negative-rate=0.25");
    sampled.run(DAY, TestRun.ALL_BUSY);

    Map<String, Row> before = byId(all.rows(DAY));
    Map<String, Row> after = byId(sampled.rows(DAY));
    double weight = 0;
    for (Row row : after.values()) {
      boolean clicked = row.<Integer>getAs("click") == 1;
      assertThat(row.<Float>getAs("weight")).isEqualTo(clicked ? 1f : 4f);
      weight += row.<Float>getAs("weight");
    }
    assertThat(before.values()).allMatch(row -> row.<Float>getAs("weight") == 1f);
    before.forEach(
        (id, row) ->
            assertThat(row.<Integer>getAs("click") == 0 || after.containsKey(id)).isTrue());
    assertThat(after.size()).isBetween(1500, 1700);
    assertThat(weight).isCloseTo(IMPRESSIONS, within(IMPRESSIONS * 0.05));
  }

  @Test
  void limitsLeaveOutWhatABotHasBeyondThem() {
    TestRun run =
        logs.with("samples.max-impressions-per-user=100", "samples.max-impressions-per-item=60");
    JoinHealth health = run.run(DAY, TestRun.ALL_BUSY);

    List<Row> rows = run.rows(DAY);
    Map<String, Integer> users = new HashMap<>();
    Map<String, Integer> items = new HashMap<>();
    for (Row row : rows) {
      users.merge(row.getAs("dt") + " " + row.getAs("user_id"), 1, Integer::sum);
      items.merge(row.getAs("dt") + " " + row.getAs("item_id"), 1, Integer::sum);
    }
    assertThat(users.values()).allMatch(n -> n <= 100);
    assertThat(items.values()).allMatch(n -> n <= 60).contains(60);
    // The bot has 200 impressions on each of two days; the first 100 by time stay.
    assertThat(health.total("impressions.capped_by_user")).isEqualTo(2 * 100);
    assertThat(health.total("impressions.capped_by_item"))
        .isEqualTo(IMPRESSIONS - 200 - rows.size())
        .isPositive();
    Set<String> kept =
        rows.stream().map(r -> r.<String>getAs("impression_id")).collect(Collectors.toSet());
    assertThat(kept).contains("i0000", "i0980").doesNotContain("i2000", "i3980");
  }

  @Test
  void rowsOutsideTheDaysThatAreReadAreSaidAndAllDaysCanBeRead() {
    JoinHealth narrow =
        logs.with("samples.rebuild-days=1", "samples.look-back-days=1").run(DAY.minusDays(1));
    TestRun all = logs.with("samples.rebuild-days=all");
    JoinHealth wide = all.run(DAY);

    assertThat(narrow.total("samples.rows")).isEqualTo(IMPRESSIONS / 4);
    assertThat(narrow.warnings())
        .contains(
            "impressions: rows outside the days that are read: 1,000 before 2026-03-03, 1,000"
                + " after 2026-03-04; samples.rebuild-days = all reads those before");
    assertThat(wide.warnings()).noneMatch(warning -> warning.contains("outside"));
    assertThat(all.rows(DAY)).hasSize(IMPRESSIONS);
  }

  @Test
  void aSplitByHashOfUsersKeepsUsersTogether() {
    TestRun run =
        logs.with("samples.split.key=user", "samples.split.valid=0.3", "samples.split.test=0.3");
    run.run(DAY);

    Map<String, Set<String>> splits = new TreeMap<>();
    for (Row row : run.rows(DAY)) {
      splits.computeIfAbsent(row.getAs("user_id"), u -> new HashSet<>()).add(row.getAs("split"));
    }
    assertThat(splits.values()).allMatch(of -> of.size() == 1);
    assertThat(splits.values().stream().flatMap(Set::stream).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder("train", "valid", "test");
  }

  @Test
  void aSplitByHashHasItsSharesAndFollowsTheSeed() {
    TestRun run = logs.with("samples.split.valid=0.2", "samples.split.test=0.1");
    run.run(DAY);
    TestRun other = run.with("run.seed=43");
    other.run(DAY);

    Map<String, Long> shares = count(run.rows(DAY), "split");
    assertThat(shares.get("test")).isBetween(340L, 460L);
    assertThat(shares.get("valid")).isBetween(720L, 880L);
    assertThat(run.samples(DAY, "split")).isEqualTo(other.samples(DAY, "split"));
    assertThat(run.samples(DAY)).isNotEqualTo(other.samples(DAY));
  }

  @Test
  void aSplitByDayTakesTheLastDays() {
    TestRun run = logs.with("samples.split.by=day", "samples.split.valid-days=2");
    run.run(DAY);

    for (Row row : run.rows(DAY)) {
      long age = DAY.toEpochDay() - LocalDate.parse(row.getAs("dt")).toEpochDay();
      assertThat(row.<String>getAs("split"))
          .isEqualTo(age == 0 ? "test" : age <= 2 ? "valid" : "train");
    }
  }

  @Test
  void rejectedRowsAndOrphansAreKeptAndTheReportIsWritten() {
    TestRun run = logs.with();
    JoinHealth health = run.run(DAY);

    List<Row> rejected =
        LocalSpark.session().read().parquet(run.root() + "/rejected").collectAsList();
    assertThat(rejected)
        .extracting(row -> row.getAs("table") + " " + row.getAs("rule") + " " + row.getAs("dt"))
        .containsExactlyInAnyOrder(
            "clicks missing_key 2026-03-05", "conversions negative_value 2026-03-05");
    assertThat(rejected)
        .anyMatch(row -> row.<String>getAs("row").contains("\"click_id\":\"c-bad\""));
    List<Row> orphans =
        LocalSpark.session().read().parquet(run.root() + "/orphans").collectAsList();
    assertThat(orphans)
        .extracting(row -> row.getAs("table") + " " + row.getAs("key"))
        .containsExactly("clicks =c-orphan");
    String json =
        LocalSpark.session()
            .read()
            .option("wholetext", true)
            .text(run.root() + "/reports/join-health/dt=2026-03-05/join-health.json")
            .first()
            .getString(0);
    assertThat(json).isEqualTo(health.json());
    assertThat(health.table(JoinHealth.before(LocalSpark.session(), run.root(), DAY), 4))
        .contains("2026-03-02  2026-03-03  2026-03-04  2026-03-05")
        .containsPattern("clicks.orphaned +0 +0 +0 +1\n");
    assertThat(run.store().days()).hasSize(4).endsWith(DAY);
  }

  private static Map<String, Row> byId(List<Row> rows) {
    return rows.stream().collect(Collectors.toMap(r -> r.getAs("impression_id"), r -> r));
  }

  private static Map<String, Long> count(List<Row> rows, String column) {
    return rows.stream()
        .collect(Collectors.groupingBy(r -> r.getAs(column), Collectors.counting()));
  }
}
