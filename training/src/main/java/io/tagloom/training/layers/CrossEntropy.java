package io.tagloom.training.layers;

/**
 * Losses on logits, computed in double precision and without overflow for any logit.
 *
 * <p>Rows of weight 0 are left out: their logits and targets do not matter.
 */
public final class CrossEntropy {
  private CrossEntropy() {}

  /**
   * Binary cross-entropy of sigmoid(logit) and a target.
   *
   * @param row position of the first row in targets and weights
   * @param slopes receives, per row, weight * (sigmoid(logit) - target)
   * @return sum of weight * cross-entropy
   */
  public static double rows(
      float[] logits, float[] targets, float[] weights, int row, int n, float[] slopes) {
    double sum = 0;
    for (int r = 0; r < n; r++) {
      float weight = weights[row + r];
      slopes[r] = 0;
      if (weight != 0) {
        double x = logits[r];
        double y = targets[row + r];
        double small = Math.exp(-Math.abs(x));
        sum += weight * (Math.max(x, 0) - x * y + Math.log1p(small));
        // Each target has its own form, so that nothing cancels where the logit agrees with it.
        double miss = x >= 0 ? small / (1 + small) : 1 / (1 + small);
        slopes[r] = (float) (weight * ((1 - y) * (1 - miss) - y * miss));
      }
    }
    return sum;
  }

  /**
   * Binary cross-entropy of sigmoid(logit) * sigmoid(given) and a target: the entire-space loss (Ma
   * et al. 2018).
   *
   * @param given logits of the task whose probability is the other factor
   * @param slopes receives, per row, the slope of weight * cross-entropy by the logit
   * @param givenSlopes receives the slope by the given logit
   * @return sum of weight * cross-entropy
   */
  public static double product(
      float[] logits,
      float[] given,
      float[] targets,
      float[] weights,
      int row,
      int n,
      float[] slopes,
      float[] givenSlopes) {
    double sum = 0;
    for (int r = 0; r < n; r++) {
      float weight = weights[row + r];
      slopes[r] = 0;
      givenSlopes[r] = 0;
      if (weight != 0) {
        double x = logits[r];
        double z = given[r];
        double y = targets[row + r];
        // 1 - p q = (1 - p) + p (1 - q), each part exact where p and q are nearly 1.
        double notP = sigmoid(-x);
        double notQ = sigmoid(-z);
        double not = Math.max(notP + sigmoid(x) * notQ, Double.MIN_NORMAL);
        double odds = sigmoid(x) * sigmoid(z) / not;
        sum += weight * (y * (softplus(-x) + softplus(-z)) - (1 - y) * Math.log(not));
        slopes[r] = (float) (weight * ((1 - y) * odds - y) * notP);
        givenSlopes[r] = (float) (weight * ((1 - y) * odds - y) * notQ);
      }
    }
    return sum;
  }

  /** 1 / (1 + exp(-x)), accurate where it is nearly 0. */
  public static double sigmoid(double x) {
    double small = Math.exp(-Math.abs(x));
    return x >= 0 ? 1 / (1 + small) : small / (1 + small);
  }

  /** log(1 + exp(x)). */
  public static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }
}
