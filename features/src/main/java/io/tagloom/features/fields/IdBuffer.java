package io.tagloom.features.fields;

import java.util.Arrays;

/**
 * The ids and weights of one field in one row, reused from row to row: equal ids are merged,
 * weights normalised.
 */
final class IdBuffer {
  private static final int QUADRATIC = 24;

  private int[] ids = new int[16];
  private double[] weights = new double[16];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  int id(int position) {
    return ids[position];
  }

  float weight(int position) {
    return (float) weights[position];
  }

  void add(int id, double weight) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
      weights = Arrays.copyOf(weights, size * 2);
    }
    ids[size] = id;
    weights[size++] = weight;
  }

  /**
   * Adds up the weights of equal ids, each id at the place where it came first, and drops ids whose
   * weights cancel.
   */
  void merge() {
    if (size <= 1) {
      return;
    }
    if (size <= QUADRATIC) {
      mergeByScan();
    } else {
      mergeBySort();
    }
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if ((float) weights[i] != 0f) {
        ids[kept] = ids[i];
        weights[kept++] = weights[i];
      }
    }
    size = kept;
  }

  private void mergeByScan() {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      int at = 0;
      while (at < kept && ids[at] != ids[i]) {
        at++;
      }
      if (at == kept) {
        ids[kept] = ids[i];
        weights[kept++] = weights[i];
      } else {
        weights[at] += weights[i];
      }
    }
    size = kept;
  }

  private void mergeBySort() {
    long[] keys = new long[size];
    for (int i = 0; i < size; i++) {
      keys[i] = (long) ids[i] << 32 | i;
    }
    Arrays.sort(keys);
    boolean[] merged = new boolean[size];
    int first = 0;
    for (int i = 1; i < size; i++) {
      if ((int) (keys[i] >>> 32) == (int) (keys[i - 1] >>> 32)) {
        weights[(int) keys[first]] += weights[(int) keys[i]];
        merged[(int) keys[i]] = true;
      } else {
        first = i;
      }
    }
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (!merged[i]) {
        ids[kept] = ids[i];
        weights[kept++] = weights[i];
      }
    }
    size = kept;
  }

  /** Divides the weights by the sum of their absolute values. */
  void normalize() {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += Math.abs(weights[i]);
    }
    for (int i = 0; i < size && sum != 1; i++) {
      weights[i] /= sum;
    }
  }
}
