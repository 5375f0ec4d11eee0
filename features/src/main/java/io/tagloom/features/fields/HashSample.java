package io.tagloom.features.fields;

import java.util.Arrays;

/**
 * The numbers of the rows with the smallest hashes, taken as unsigned, whatever order rows come in;
 * of rows with the same hash the smallest numbers.
 */
final class HashSample {
  private final int limit;
  private long[] hashes = new long[16];
  private double[] numbers = new double[16];
  private int size;

  /** The largest hash that may be kept, its sign bit turned so that it orders as unsigned. */
  private long largest = Long.MAX_VALUE;

  HashSample(int limit) {
    this.limit = limit;
  }

  /** Whether a number of a row with this hash may be kept. */
  boolean takes(long hash) {
    return (hash ^ Long.MIN_VALUE) <= largest;
  }

  void add(long hash, double number) {
    if (!takes(hash)) {
      return;
    }
    if (size == 2 * limit) {
      shrink();
    }
    if (size == hashes.length) {
      int wider = Math.min(2 * limit, 2 * size);
      hashes = Arrays.copyOf(hashes, wider);
      numbers = Arrays.copyOf(numbers, wider);
    }
    hashes[size] = hash ^ Long.MIN_VALUE;
    numbers[size++] = number;
  }

  private void shrink() {
    if (size <= limit) {
      return;
    }
    long[] sorted = Arrays.copyOf(hashes, size);
    Arrays.sort(sorted);
    largest = sorted[limit - 1];
    double[] ties = new double[size];
    int tied = 0;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (hashes[i] < largest) {
        hashes[kept] = hashes[i];
        numbers[kept++] = numbers[i];
      } else if (hashes[i] == largest) {
        ties[tied++] = numbers[i];
      }
    }
    Arrays.sort(ties, 0, tied);
    for (int i = 0; kept < limit; i++) {
      hashes[kept] = largest;
      numbers[kept++] = ties[i];
    }
    size = kept;
  }

  /** Numbers kept, at most as many as the limit; they stay where they are until the next one. */
  int size() {
    shrink();
    return size;
  }

  long hash(int position) {
    return hashes[position] ^ Long.MIN_VALUE;
  }

  double number(int position) {
    return numbers[position];
  }
}
