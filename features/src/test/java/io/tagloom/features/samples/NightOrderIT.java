package io.tagloom.features.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.features.LocalSpark;
import io.tagloom.features.samples.SampleJob.Later;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Labels never go back, in whatever order nights are run. */
class NightOrderIT {
  private static final LocalDate FIRST = LocalDate.of(2026, 3, 1);
  private static final LocalDate LAST = FIRST.plusDays(5);
  private static final String[] TABLES = {"samples", "rejected", "orphans", "reports/as-of"};

  private static TestRun logs;
  private static TestRun clean;

  @BeforeAll
  static void backFill() {
    RandomLogs random = new RandomLogs(15, LAST, 6, true);
    TestLog log = new TestLog();
    for (int i = 0; i < 80; i++) {
      log.add(random.next().prefixed(i + "-"));
    }
    logs = new TestRun("samples.conversion-window-days=1").write(log, 2);
    clean = logs.with();
    for (LocalDate night = FIRST; !night.isAfter(LAST); night = night.plusDays(1)) {
      clean.run(night);
    }
  }

  /** How many orders are tried; {@code -Dtagloom.night-orders=20} for more than a build needs. */
  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("tagloom.night-orders", 1));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nightsInAnyOrderWithRepeatsAndGapsAndThenTheLastEqualOneBackFill(long seed) {
    TestRun run = logs.with();
    List<LocalDate> nights = order(seed);

    nights.forEach(run::run);
    run.run(LAST);

    for (String table : TABLES) {
      assertThat(run.bytes(table)).as(table + " after " + nights).isEqualTo(clean.bytes(table));
    }
  }

  /** The first night, and some of the others, some of them twice, shuffled. */
  private static List<LocalDate> order(long seed) {
    Random random = new Random(seed);
    List<LocalDate> nights = new ArrayList<>();
    for (LocalDate night = FIRST; !night.isAfter(LAST); night = night.plusDays(1)) {
      for (int times = night.equals(FIRST) ? 1 : random.nextInt(3); times > 0; times--) {
        nights.add(night);
      }
    }
    Collections.shuffle(nights, random);
    return nights;
  }

  @Test
  void anEarlierDateKeepsLaterLabelsUnlessItIsToReplaceThem() {
    TestRun run = clean.copy();
    LocalDate earlier = LAST.minusDays(3);
    SortedMap<String, String> before = run.bytes("samples");

    JoinHealth kept = run.run(earlier);

    assertThat(kept.warnings())
        .contains(
            earlier.minusDays(1)
                + " to "
                + earlier
                + " keep the labels of later runs, as of up to "
                + earlier.plusDays(2)
                + "; --force builds them as of "
                + earlier);
    assertThat(run.bytes("samples")).isEqualTo(before);

    JoinHealth replaced =
        SampleJob.run(LocalSpark.session(), run.settings(), earlier, Later.REPLACED);
    assertThat(replaced.warnings()).noneMatch(warning -> warning.contains("keep the labels"));
    assertThat(run.bytes("samples")).isNotEqualTo(before);
    // What was taken back is made good by the next night.
    run.run(LAST);
    assertThat(run.bytes("samples")).isEqualTo(before);
  }

  @Test
  void aNightThatCannotBeMadeGoodIsSaidAndDoesNotStopTheNext() throws IOException {
    TestRun run = logs.with("samples.catch-up-days=2");
    run.run(FIRST.plusDays(1));

    JoinHealth health = run.run(LAST);

    assertThat(health.warnings())
        .contains(
            "no night from 2026-03-03 to 2026-03-03 was joined, and samples.catch-up-days = 2 ends"
                + " after them: their days have no samples or labels of before")
        .contains(
            "the night of 2026-03-04 was skipped and is joined now: labels of 2026-03-02 are final");
    assertThat(run.folder().resolve("root/reports/join-health/dt=2026-03-04")).isDirectory();
    assertThat(run.folder().resolve("root/reports/join-health/dt=2026-03-03")).doesNotExist();

    // A note that is damaged is none.
    Path note = run.folder().resolve("root/reports/as-of/dt=2026-03-02/as-of");
    Files.write(note, "cut".getBytes(StandardCharsets.UTF_8));
    run.run(LAST);
    assertThat(note).hasContent("2026-03-04");
  }
}
