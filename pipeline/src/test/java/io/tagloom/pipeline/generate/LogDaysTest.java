package io.tagloom.pipeline.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LogDaysTest {
  private static final LocalDate LAST = LocalDate.parse("2026-03-07");

  @Property(seed = "1")
  void timesRiseWithTheirShareAndStayWithinTheDays(
      @ForAll @IntRange(min = 0, max = 999_999) int millionths,
      @ForAll @IntRange(min = 1, max = 30) int count) {
    double share = millionths / 1e6;
    LogDays days = new LogDays(LAST, count, 0);
    long ts = days.millis(share);

    assertThat(days.day(ts)).isEqualTo((int) (share * count));
    assertThat(days.day(ts + 59_000)).isEqualTo(days.day(ts));
    assertThat(days.millis(share * 0.99)).isLessThanOrEqualTo(ts);
  }

  @Test
  void daysEndWithTheLastOneAndItsTail() {
    LogDays days = new LogDays(LAST, 7, 2);

    assertThat(days.name(0)).isEqualTo("2026-03-01");
    assertThat(days.name(days.days() - 1)).isEqualTo("2026-03-07");
    assertThat(days.name(days.written() - 1)).isEqualTo("2026-03-09");
    assertThat(days.day(Instant.parse("2026-02-28T23:59:59Z").toEpochMilli())).isEqualTo(-1);
    assertThat(days.day(Instant.parse("2026-03-10T00:00:00Z").toEpochMilli())).isEqualTo(9);
  }

  @Test
  void eveningsAreBusierThanNights() {
    LogDays days = new LogDays(LAST, 1, 0);
    int[] byHour = new int[24];
    for (int i = 0; i < 10_000; i++) {
      long within = days.millis(i / 10_000.0) % LogDays.DAY_MILLIS;
      byHour[(int) (within / 3_600_000)]++;
    }

    assertThat(byHour[3]).isBetween(30, 90);
    assertThat(byHour[21]).isBetween(800, 920);
  }

  @Test
  void noDaysAreRefused() {
    assertThatThrownBy(() -> new LogDays(LAST, 0, 0))
        .hasMessage("Invalid days: 0 and 0; expected from 1 and from 0 on.");
  }
}
