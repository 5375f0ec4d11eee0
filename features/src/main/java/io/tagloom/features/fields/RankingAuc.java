package io.tagloom.features.fields;

import java.util.Arrays;

/** Area under the ROC curve of scores, ties counting half. */
final class RankingAuc {
  private RankingAuc() {}

  /** The area; NaN when there are fewer than {@code least} rows of either label. */
  static double of(float[] scores, boolean[] labels, int size, int least) {
    long[] ranked = new long[size];
    long positives = 0;
    for (int i = 0; i < size; i++) {
      ranked[i] = (long) sortable(scores[i]) << 1 | (labels[i] ? 1 : 0);
      positives += labels[i] ? 1 : 0;
    }
    long negatives = size - positives;
    if (positives < least || negatives < least) {
      return Double.NaN;
    }
    Arrays.sort(ranked);
    double pairs = 0;
    long below = 0;
    int at = 0;
    while (at < size) {
      long score = ranked[at] >> 1;
      long ties = 0;
      long hits = 0;
      while (at < size && ranked[at] >> 1 == score) {
        hits += ranked[at] & 1;
        ties++;
        at++;
      }
      pairs += hits * (below + 0.5 * (ties - hits));
      below += ties - hits;
    }
    return pairs / positives / negatives;
  }

  /** An int that orders as the float does. */
  private static int sortable(float score) {
    int bits = Float.floatToIntBits(score == 0f ? 0f : score);
    return bits >= 0 ? bits : bits ^ 0x7fffffff;
  }
}
