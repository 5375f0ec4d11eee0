package io.tagloom.pipeline.generate;

import java.io.Serializable;
import java.util.Optional;

/** What follows an impression: whether and when it is clicked, whether and when that converts. */
final class Responses implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double CLICK_MEDIAN_MILLIS = 8_000;
  private static final double CLICK_SIGMA = 1.0;
  private static final long CLICK_MOST_MILLIS = 25 * 60_000L;
  private static final double CONVERSION_MEDIAN_MILLIS = 5 * 3_600_000.0;
  private static final double CONVERSION_SIGMA = 1.2;
  private static final double EARLY_SHARE = 0.005;
  private static final long HOUR_MILLIS = 3_600_000L;
  private static final Optional<EventKind> REGULAR = Optional.of(EventKind.REGULAR);
  private static final Optional<EventKind> OUT_OF_WINDOW = Optional.of(EventKind.OUT_OF_WINDOW);
  private static final int CLICK = 0;
  private static final int CLICK_DELAY = 1;
  private static final int EARLY = 2;
  private static final int EARLY_BY = 3;
  private static final int CONVERSION = 4;
  private static final int CONVERSION_DELAY = 5;
  private static final int TOO_LATE_DELAY = 6;

  private final ExampleWorld world;
  private final CounterHash hash;

  Responses(ExampleWorld world, long seed) {
    this.world = world;
    this.hash = CounterHash.of(seed, "responses");
  }

  boolean clicked(Impression impression) {
    return click(impression, 0).isPresent();
  }

  /**
   * The click that follows, if any: one that counts is regular, and at a share of them more there
   * is one out of the window instead of none, which counts for nothing.
   *
   * @return REGULAR, OUT_OF_WINDOW or nothing
   */
  Optional<EventKind> click(Impression impression, double tooLateShare) {
    double probability = world.clickProbability(impression);
    double draw = hash.uniform(impression.index(), CLICK);
    if (draw < probability) {
      return REGULAR;
    }
    return draw < probability * (1 + tooLateShare) ? OUT_OF_WINDOW : Optional.empty();
  }

  /**
   * Time of the click: seconds after the impression, at most 25 minutes; a few up to 3 seconds
   * before it, as by a clock that is ahead.
   */
  long clickTs(Impression impression) {
    long index = impression.index();
    if (hash.happens(index, EARLY, EARLY_SHARE)) {
      return impression.ts() - 1 - hash.below(index, EARLY_BY, 3000);
    }
    double delay = CLICK_MEDIAN_MILLIS * hash.logNormal(index, CLICK_DELAY, CLICK_SIGMA);
    return impression.ts() + 300 + Math.min((long) delay, CLICK_MOST_MILLIS - 300);
  }

  /** Time of a click that is too late: one to six hours after the impression. */
  long tooLateTs(Impression impression) {
    double share = hash.uniform(impression.index(), TOO_LATE_DELAY);
    return impression.ts() + HOUR_MILLIS + (long) (share * 5 * HOUR_MILLIS);
  }

  /** Whether a clicked impression converts. */
  boolean converted(Impression impression) {
    return hash.happens(impression.index(), CONVERSION, world.conversionProbability(impression));
  }

  /**
   * Time of the first conversion: half within 5 hours of the click, 1 in 10 after a day, 1 in 33
   * after two, 1 in 600 after a week.
   */
  long conversionTs(Impression impression) {
    double delay =
        CONVERSION_MEDIAN_MILLIS
            * hash.logNormal(impression.index(), CONVERSION_DELAY, CONVERSION_SIGMA);
    return clickTs(impression) + 20_000 + (long) delay;
  }
}
