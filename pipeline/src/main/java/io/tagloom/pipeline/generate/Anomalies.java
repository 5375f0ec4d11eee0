package io.tagloom.pipeline.generate;

import java.io.Serializable;
import java.util.function.Consumer;

/** Puts events into daily logs, some of them late, some twice. */
final class Anomalies implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int DUPLICATE = 0;
  private static final int SHIFTED = 1;
  private static final int SHIFT = 2;
  private static final int LATE = 3;
  private static final int DELAY = 4;
  private static final int DRAWS = 5;

  private final CounterHash hash;
  private final LogDays days;
  private final double duplicateShare;
  private final double lateShare;

  Anomalies(CounterHash hash, LogDays days, double duplicateShare, double lateShare) {
    this.hash = hash;
    this.days = days;
    this.duplicateShare = duplicateShare;
    this.lateShare = lateShare;
  }

  /**
   * Puts one event into the log, and perhaps its copy.
   *
   * @param kind what it is so far; only a regular one can become late
   * @param index impression that it follows from
   * @param event which of the impression's events it is, from 0
   * @param tsColumn column of the time
   */
  void put(
      EventKind kind, long index, int event, int tsColumn, Object[] values, Consumer<LogEvent> to) {
    long ts = (Long) values[tsColumn];
    int own = days.day(ts);
    if (own >= days.written()) {
      to.accept(new LogEvent(EventKind.AFTER_END, own, values));
      return;
    }
    int day = kind == EventKind.REGULAR ? arrival(own, index, event) : own;
    to.accept(new LogEvent(day > own ? EventKind.LATE : kind, day, values));
    if (hash.happens(index, event * DRAWS + DUPLICATE, duplicateShare)) {
      Object[] copy = values.clone();
      copy[tsColumn] = copyTs(ts, index, event);
      to.accept(new LogEvent(EventKind.DUPLICATE, day, copy));
    }
  }

  private int arrival(int day, long index, int event) {
    if (!hash.happens(index, event * DRAWS + LATE, lateShare)) {
      return day;
    }
    int arrival = day + 1 + hash.below(index, event * DRAWS + DELAY, 2);
    return arrival < days.written() ? arrival : day;
  }

  private long copyTs(long ts, long index, int event) {
    long later = ts + 1 + hash.below(index, event * DRAWS + SHIFT, 30_000);
    boolean shifted = hash.happens(index, event * DRAWS + SHIFTED, 0.5);
    return shifted && days.day(later) == days.day(ts) ? later : ts;
  }
}
