package io.tagloom.training.trainer;

/**
 * Adagrad with L2 (Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and
 * Stochastic Optimization", 2011): {@code s += g^2; w -= rate g / (sqrt(s) + 1e-10)}.
 */
final class AdagradRule extends UpdateRule {
  private static final long serialVersionUID = 1L;
  private static final float SMALL = 1e-10f;

  private final double l2;

  AdagradRule(double l2) {
    this.l2 = l2;
  }

  @Override
  int slots() {
    return 1;
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
    adagrad(weights, gradients, state[0], from, to, (float) rate, (float) l2);
  }

  private static void adagrad(
      float[] w, float[] g, float[] s, int from, int to, float rate, float l2) {
    for (int i = from; i < to; i++) {
      float slope = g[i] + l2 * w[i];
      float sum = s[i] + slope * slope;
      s[i] = sum;
      w[i] -= rate * (slope / ((float) Math.sqrt(sum) + SMALL));
    }
  }
}
