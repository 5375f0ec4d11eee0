package io.tagloom.features.fields;

import io.tagloom.conf.FieldKind;
import io.tagloom.conf.FieldSettings;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What one history field remembers of one user while events and impressions go by in time order.
 * Memory is bounded by the field's own limits, whatever the user does.
 */
abstract class UserHistory {
  private static final double DAY_MILLIS = 86_400_000.0;

  private final int last;
  private final long lookBackMillis;
  private final double decayPerMilli;

  /**
   * The values as of the last {@link #asOf}, their weights, and in last events their ages in ms.
   */
  final UTF8String[] values;

  final float[] weights;
  final long[] ages;

  UserHistory(FieldSettings field) {
    this.last = field.last();
    this.lookBackMillis = (long) (field.lookBackDays() * DAY_MILLIS);
    this.decayPerMilli =
        field.halfLifeDays() == 0 ? 0 : Math.log(2) / (field.halfLifeDays() * DAY_MILLIS);
    this.values = new UTF8String[last];
    this.weights = new float[last];
    this.ages = new long[last];
  }

  static UserHistory of(FieldSettings field) {
    return field.kind() == FieldKind.HISTORY ? new LastEvents(field) : new EventCounts(field);
  }

  /** Forgets the user. */
  abstract void clear();

  /** Remembers a value; times never go back. The value must not change any more. */
  abstract void add(UTF8String value, long ts);

  /** Writes what is known at a time, from events before it; times never go back. */
  abstract int asOf(long ts);

  final int last() {
    return last;
  }

  final long lookBackMillis() {
    return lookBackMillis;
  }

  final double decayPerMilli() {
    return decayPerMilli;
  }

  /** The last values, newest first. */
  private static final class LastEvents extends UserHistory {
    private final UTF8String[] ring;
    private final long[] times;
    private int next;
    private int size;

    LastEvents(FieldSettings field) {
      super(field);
      ring = new UTF8String[last()];
      times = new long[last()];
    }

    @Override
    void clear() {
      size = 0;
    }

    @Override
    void add(UTF8String value, long ts) {
      ring[next] = value;
      times[next] = ts;
      next = (next + 1) % ring.length;
      size = Math.min(size + 1, ring.length);
    }

    @Override
    int asOf(long ts) {
      int found = 0;
      for (int i = 0; i < size; i++) {
        int at = Math.floorMod(next - 1 - i, ring.length);
        long age = ts - times[at];
        if (age > lookBackMillis()) {
          size = i;
          break;
        }
        values[found] = ring[at];
        weights[found] = (float) Math.exp(-decayPerMilli() * age);
        ages[found++] = age;
      }
      return found;
    }
  }
}
