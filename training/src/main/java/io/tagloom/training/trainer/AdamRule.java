package io.tagloom.training.trainer;

/**
 * Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015) with L2, or AdamW
 * (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019).
 *
 * <p>{@code m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w -= rate sqrt(1 - b2^t) / (1 - b1^t) m
 * / (sqrt(v) + e)} with b1 = 0.9, b2 = 0.999, e = 1e-8. The small number stands beside the
 * uncorrected root, as in BigDL and in section 2 of the first paper, and not beside the corrected
 * one.
 */
final class AdamRule extends UpdateRule {
  private static final long serialVersionUID = 1L;
  private static final double FIRST = 0.9;
  private static final double SECOND = 0.999;
  private static final float SMALL = 1e-8f;

  private final double l2;
  private final double decoupled;

  AdamRule(double l2, double decoupled) {
    this.l2 = l2;
    this.decoupled = decoupled;
  }

  @Override
  int slots() {
    return 2;
  }

  @Override
  void update(
      float[] weights,
      float[] gradients,
      float[][] state,
      int from,
      int to,
      double rate,
      long step) {
    double first = 1 - Math.pow(FIRST, step);
    double second = 1 - Math.pow(SECOND, step);
    float size = (float) (rate * Math.sqrt(second) / first);
    float keep = (float) (1 - rate * decoupled);
    adam(weights, gradients, state[0], state[1], from, to, size, keep, (float) l2);
  }

  private static void adam(
      float[] w,
      float[] g,
      float[] m,
      float[] v,
      int from,
      int to,
      float size,
      float keep,
      float l2) {
    final float b1 = (float) FIRST;
    final float a1 = (float) (1 - FIRST);
    final float b2 = (float) SECOND;
    final float a2 = (float) (1 - SECOND);
    for (int i = from; i < to; i++) {
      float slope = g[i] + l2 * w[i];
      float mean = b1 * m[i] + a1 * slope;
      float square = b2 * v[i] + a2 * (slope * slope);
      m[i] = mean;
      v[i] = square;
      w[i] = keep * w[i] - size * (mean / ((float) Math.sqrt(square) + SMALL));
    }
  }
}
