package io.tagloom.training.evaluation;

import java.util.Arrays;

/** The exact AUC of scores in memory. */
public final class Auc {
  private Auc() {}

  /**
   * The area under the ROC curve with ties (counted half) and weights.
   *
   * @param scores one per sample, finite; any increasing function of the probability
   * @param targets 0 or 1 per sample
   * @param weights 0 or more per sample; those of weight 0 do not count
   * @param count how many of the samples are taken, from the first
   * @return 0 to 1, or NaN when there are no positives or no negatives
   */
  public static double of(float[] scores, float[] targets, float[] weights, int count) {
    // One long holds the order-preserving bits of the score and the sample's position.
    long[] order = new long[count];
    int used = 0;
    for (int i = 0; i < count; i++) {
      if (weights[i] > 0f) {
        order[used++] = ((long) sortable(scores[i]) << 32) | i;
      }
    }
    Arrays.sort(order, 0, used);
    RankSum sum = new RankSum(0);
    for (int i = 0; i < used; ) {
      int key = (int) (order[i] >> 32);
      double positive = 0;
      double negative = 0;
      for (; i < used && (int) (order[i] >> 32) == key; i++) {
        int sample = (int) order[i];
        if (targets[sample] > 0f) {
          positive += weights[sample];
        } else {
          negative += weights[sample];
        }
      }
      sum.add(positive, negative);
    }
    return sum.auc();
  }

  /** Bits of a float that are ordered as the floats are; both zeros are equal. */
  static int sortable(float value) {
    int bits = Float.floatToIntBits(value + 0f);
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }
}
