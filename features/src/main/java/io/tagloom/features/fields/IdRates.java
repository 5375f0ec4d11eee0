package io.tagloom.features.fields;

import java.util.Arrays;

/** For each id how often it was seen, and how often with a label: an open hash table of ids. */
final class IdRates {
  private static final int EMPTY = -1;

  private int[] ids = new int[64];
  private double[] seen = new double[64];
  private double[] positives = new double[64];
  private int size;

  IdRates() {
    Arrays.fill(ids, EMPTY);
  }

  void add(int id, int positive) {
    int slot = slot(id);
    if (ids[slot] == EMPTY) {
      ids[slot] = id;
      size++;
    }
    seen[slot]++;
    positives[slot] += positive;
    if (2 * size > ids.length) {
      widen();
    }
  }

  /** The slot that holds the id, or the empty one where it belongs. */
  private int slot(int id) {
    int slot = id * 0x9e3779b1 >>> 8 & ids.length - 1;
    while (ids[slot] != EMPTY && ids[slot] != id) {
      slot = slot + 1 & ids.length - 1;
    }
    return slot;
  }

  private void widen() {
    int[] oldIds = ids;
    double[] oldSeen = seen;
    double[] oldPositives = positives;
    ids = new int[2 * oldIds.length];
    seen = new double[ids.length];
    positives = new double[ids.length];
    Arrays.fill(ids, EMPTY);
    for (int i = 0; i < oldIds.length; i++) {
      if (oldIds[i] != EMPTY) {
        int slot = slot(oldIds[i]);
        ids[slot] = oldIds[i];
        seen[slot] = oldSeen[i];
        positives[slot] = oldPositives[i];
      }
    }
  }

  /** Rate of the label among rows with an id, shrunk towards a mean that weighs {@code rows}. */
  double rate(int id, double mean, double rows) {
    int slot = slot(id);
    return ids[slot] == EMPTY ? mean : (positives[slot] + rows * mean) / (seen[slot] + rows);
  }
}
