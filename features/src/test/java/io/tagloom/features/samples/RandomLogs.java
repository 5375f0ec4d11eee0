package io.tagloom.features.samples;

import java.time.LocalDate;
import java.util.Random;

/** Small random logs in which everything meets: few ids, few times, copies, gaps and errors. */
final class RandomLogs {
  private static final long DAY = 86_400_000L;
  private static final long[] STEPS = {
    0,
    1,
    -1,
    1000,
    5000,
    5001,
    -5000,
    -5001,
    60_000,
    1_800_000,
    1_800_001,
    1_799_999,
    3_600_000,
    DAY,
    DAY + 1,
    2 * DAY,
    2 * DAY + 1,
    2 * DAY - 1
  };
  private static final String[] TYPES = {"order", "cart", "order", null, "visit"};

  private final Random random;
  private final long start;
  private final int days;
  private final boolean errors;

  /**
   * @param last the last day of the logs
   * @param days number of days
   * @param errors whether rows may break rules
   */
  RandomLogs(long seed, LocalDate last, int days, boolean errors) {
    this.random = new Random(seed);
    this.start = last.minusDays(days - 1).toEpochDay() * DAY;
    this.days = days;
    this.errors = errors;
  }

  TestLog next() {
    TestLog log = new TestLog();
    long base = start + (long) (random.nextDouble() * days * DAY);
    int impressions = 1 + random.nextInt(6);
    for (int i = 0; i < impressions; i++) {
      Integer position = random.nextInt(4) == 0 ? null : random.nextInt(3);
      if (broken(30)) {
        position = -1;
      }
      log.impression(id("i", 5, 20), id("u", 2, 30), id("a", 2, 30), time(base), position);
    }
    int clicks = random.nextInt(6);
    for (int i = 0; i < clicks; i++) {
      boolean pair = random.nextInt(3) == 0;
      log.click(
          random.nextInt(5) == 0 ? null : id("c", 4, 0),
          pair ? null : id("i", 6, 0),
          pair || random.nextBoolean() ? id("u", 2, 20) : null,
          pair || random.nextBoolean() ? id("a", 2, 20) : null,
          time(base));
    }
    int conversions = random.nextInt(6);
    for (int i = 0; i < conversions; i++) {
      int route = random.nextInt(3);
      log.conversion(
          random.nextInt(5) == 0 ? null : id("v", 4, 0),
          route == 0 ? id("c", 5, 0) : null,
          route == 1 || random.nextInt(4) == 0 ? id("i", 6, 0) : null,
          route == 2 || random.nextInt(4) == 0 ? id("u", 2, 20) : null,
          route == 2 || random.nextInt(4) == 0 ? id("a", 2, 20) : null,
          time(base),
          TYPES[random.nextInt(TYPES.length)],
          broken(30) ? Double.valueOf(-1) : random.nextBoolean() ? null : random.nextInt(3) * 0.5);
    }
    return log;
  }

  private boolean broken(int oneIn) {
    return errors && oneIn > 0 && random.nextInt(oneIn) == 0;
  }

  private String id(String kind, int count, int brokenOneIn) {
    if (broken(brokenOneIn)) {
      return random.nextBoolean() ? null : "";
    }
    return kind + random.nextInt(count);
  }

  private Long time(long base) {
    if (broken(40)) {
      return random.nextBoolean() ? null : Long.valueOf(random.nextInt(1_000_000));
    }
    long time = base;
    for (int i = random.nextInt(3); i >= 0; i--) {
      time += STEPS[random.nextInt(STEPS.length)];
    }
    return Math.max(start, time);
  }
}
