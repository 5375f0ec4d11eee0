package io.tagloom.pipeline.generate;

import java.io.Serializable;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** The days of the logs, numbered from 0, and the hours at which people look at pages. */
final class LogDays implements Serializable {
  private static final long serialVersionUID = 1L;

  static final long DAY_MILLIS = 86_400_000L;

  /** Share of a day's pages by hour, UTC, in thousandths. */
  private static final int[] HOURS = {
    18, 12, 8, 6, 6, 10, 22, 38, 46, 46, 44, 46, 54, 52, 46, 44, 46, 52, 60, 72, 84, 86, 64, 38
  };

  private static final int HOURS_TOTAL = 1000;

  private final String[] names;
  private final long startMillis;
  private final int days;

  /**
   * Creates the days.
   *
   * @param lastDay last day of impressions
   * @param days days of impressions, 1 or more
   * @param tailDays days after the last one, 0 or more
   */
  LogDays(LocalDate lastDay, int days, int tailDays) {
    if (days < 1 || tailDays < 0) {
      throw new IllegalArgumentException(
          "Invalid days: " + days + " and " + tailDays + "; expected from 1 and from 0 on.");
    }
    LocalDate first = lastDay.minusDays(days - 1L);
    this.days = days;
    this.startMillis = first.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    this.names = new String[days + tailDays];
    for (int day = 0; day < names.length; day++) {
      names[day] = first.plusDays(day).toString();
    }
  }

  /** Days with impressions. */
  int days() {
    return days;
  }

  /** Days with any log, the tail included. */
  int written() {
    return names.length;
  }

  /** The day as {@code YYYY-MM-DD}. */
  String name(int day) {
    return names[day];
  }

  /** The day of a time; from {@link #written} on it is after the end of the logs. */
  int day(long ts) {
    return (int) Math.floorDiv(ts - startMillis, DAY_MILLIS);
  }

  /** The time at a share of all pages: even over days, by {@link #HOURS} within a day. */
  long millis(double share) {
    double at = share * days;
    int day = Math.min((int) at, days - 1);
    double rest = (at - day) * HOURS_TOTAL;
    int hour = 0;
    while (hour < HOURS.length - 1 && rest >= HOURS[hour]) {
      rest -= HOURS[hour++];
    }
    double within = (hour + Math.min(rest / HOURS[hour], 1)) / HOURS.length;
    // The last minute is left to the lower slots of the day's last page.
    return startMillis + day * DAY_MILLIS + (long) (within * (DAY_MILLIS - 60_000));
  }
}
