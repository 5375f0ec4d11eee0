package io.tagloom.training.trainer;

/**
 * FTRL-Proximal with L2 (McMahan et al., "Ad Click Prediction: a View from the Trenches", 2013),
 * learning-rate power -1/2 and accumulators that start at 0.1.
 *
 * <p>{@code n' = n + g^2; z += g - (sqrt(n') - sqrt(n)) / rate w; w = -z / (sqrt(n') / rate + 2
 * l2)}. We differ in the start: the paper's weights start at 0, and z = 0 would throw away the
 * random start that a network needs, so z starts at {@code -w sqrt(0.1) / rate}, which leaves a
 * weight without gradient where it is.
 */
final class FtrlRule extends UpdateRule {
  private static final long serialVersionUID = 1L;
  private static final double START = 0.1;

  private final double l2;

  FtrlRule(double l2) {
    this.l2 = l2;
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
    double inverse = 1.0 / rate;
    double doubled = 2 * l2;
    float[] n = state[0];
    float[] z = state[1];
    for (int i = from; i < to; i++) {
      double w = weights[i];
      double g = gradients[i];
      // 0 is the state of a weight that no step has touched: no sum that has started is below 0.1.
      boolean fresh = n[i] == 0f;
      double before = fresh ? START : n[i];
      double linear = fresh ? -w * Math.sqrt(START) * inverse : z[i];
      double after = before + g * g;
      double root = Math.sqrt(after);
      linear += g - (root - Math.sqrt(before)) * inverse * w;
      n[i] = (float) after;
      z[i] = (float) linear;
      weights[i] = (float) (-linear / (root * inverse + doubled));
    }
  }
}
