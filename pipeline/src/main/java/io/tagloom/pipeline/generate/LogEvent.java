package io.tagloom.pipeline.generate;

import java.util.Arrays;

/**
 * One row of a log, not yet a Spark row: its columns, the day's log that it is in, and its kind.
 */
final class LogEvent {
  private final EventKind kind;
  private final int day;
  private final Object[] values;

  /** Takes the values without a copy: their maker does not use them again. */
  LogEvent(EventKind kind, int day, Object[] values) {
    this.kind = kind;
    this.day = day;
    this.values = values;
  }

  EventKind kind() {
    return kind;
  }

  /** Number of the day whose log holds the row. */
  int day() {
    return day;
  }

  Object value(int column) {
    return values[column];
  }

  /** The columns and, after them, one more. */
  Object[] valuesAnd(Object last) {
    Object[] all = Arrays.copyOf(values, values.length + 1);
    all[values.length] = last;
    return all;
  }
}
