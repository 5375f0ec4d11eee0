package io.tagloom.training.trainer;

/** Gradient descent with momentum and L2: {@code v = momentum v + g; w -= rate v}. */
final class MomentumRule extends UpdateRule {
  private static final long serialVersionUID = 1L;

  private final double momentum;
  private final double l2;

  MomentumRule(double momentum, double l2) {
    this.momentum = momentum;
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
    descend(weights, gradients, state[0], from, to, (float) rate, (float) momentum, (float) l2);
  }

  private static void descend(
      float[] w, float[] g, float[] v, int from, int to, float rate, float momentum, float l2) {
    for (int i = from; i < to; i++) {
      float speed = momentum * v[i] + (g[i] + l2 * w[i]);
      v[i] = speed;
      w[i] -= rate * speed;
    }
  }
}
