package io.tagloom.features.fields;

import io.tagloom.conf.FieldSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Decayed counts of values in the look-back window.
 *
 * <p>Sums are kept as of a reference time that is moved on before the exponentials grow large. A
 * value leaves with its last event, so rounding cannot outlive it. The window holds at most {@link
 * #MAX_WINDOW} values; of a user with more the oldest leave early.
 */
final class EventCounts extends UserHistory {
  static final int MAX_WINDOW = 1_000_000;
  private static final double REBASE = 30;

  private final Map<UTF8String, Tally> tallies = new LinkedHashMap<>();
  private UTF8String[] window = new UTF8String[64];
  private long[] times = new long[64];
  private int first;
  private int size;
  private long reference;

  EventCounts(FieldSettings field) {
    super(field);
  }

  /** Count and decayed count of a value. */
  private static final class Tally {
    private int count;
    private double sum;
  }

  @Override
  void clear() {
    tallies.clear();
    if (window.length > 4096) {
      window = new UTF8String[64];
      times = new long[64];
    }
    first = 0;
    size = 0;
  }

  @Override
  void add(UTF8String value, long ts) {
    expire(ts);
    rebase(ts);
    if (size == MAX_WINDOW) {
      removeOldest();
    }
    if (size == window.length) {
      grow();
    }
    int at = (first + size++) % window.length;
    window[at] = value;
    times[at] = ts;
    Tally tally = tallies.computeIfAbsent(value, v -> new Tally());
    tally.count++;
    tally.sum += Math.exp(decayPerMilli() * (ts - reference));
  }

  private void rebase(long ts) {
    if (tallies.isEmpty()) {
      reference = ts;
    } else if (decayPerMilli() * (ts - reference) > REBASE) {
      double factor = Math.exp(-decayPerMilli() * (ts - reference));
      for (Tally tally : tallies.values()) {
        tally.sum *= factor;
      }
      reference = ts;
    }
  }

  private void expire(long ts) {
    while (size > 0 && ts - times[first] > lookBackMillis()) {
      removeOldest();
    }
  }

  private void removeOldest() {
    Tally tally = tallies.get(window[first]);
    if (--tally.count == 0) {
      tallies.remove(window[first]);
    } else {
      double left = tally.sum - Math.exp(decayPerMilli() * (times[first] - reference));
      tally.sum = Math.max(0, left);
    }
    window[first] = null;
    first = (first + 1) % window.length;
    size--;
  }

  private void grow() {
    UTF8String[] moreValues = new UTF8String[size * 2];
    long[] moreTimes = new long[size * 2];
    for (int i = 0; i < size; i++) {
      moreValues[i] = window[(first + i) % size];
      moreTimes[i] = times[(first + i) % size];
    }
    window = moreValues;
    times = moreTimes;
    first = 0;
  }

  @Override
  int asOf(long ts) {
    expire(ts);
    double factor = Math.exp(-decayPerMilli() * (ts - reference));
    int found = 0;
    for (Map.Entry<UTF8String, Tally> entry : largest()) {
      values[found] = entry.getKey();
      weights[found++] = (float) (entry.getValue().sum * factor);
    }
    return found;
  }

  /** All values, or when there are too many the largest, ties by value. */
  private Iterable<Map.Entry<UTF8String, Tally>> largest() {
    if (tallies.size() <= last()) {
      return tallies.entrySet();
    }
    List<Map.Entry<UTF8String, Tally>> sorted = new ArrayList<>(tallies.entrySet());
    sorted.sort(
        (a, b) -> {
          int bySum = Double.compare(b.getValue().sum, a.getValue().sum);
          return bySum != 0 ? bySum : a.getKey().compareTo(b.getKey());
        });
    return sorted.subList(0, last());
  }
}
