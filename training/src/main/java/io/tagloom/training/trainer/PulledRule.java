package io.tagloom.training.trainer;

/**
 * Another rule with a trust region: weights are pulled back to where they started, which lies in
 * one more number of state per weight. A start that is not a number does not pull.
 *
 * <p>The penalty is {@code pull / 2 |w - start|^2}, the L2-SP of Li, Grandvalet and Davoine,
 * "Explicit Inductive Bias for Transfer Learning with Convolutional Networks", 2018. As with weight
 * decay it joins the gradient, or, for AdamW, moves the weights apart from it: {@code w -= rate
 * pull (w - start)}. A row of a table is pulled in the steps that touch it.
 */
final class PulledRule extends UpdateRule {
  private static final long serialVersionUID = 1L;

  private final UpdateRule rule;
  private final float pull;
  private final boolean decoupled;

  PulledRule(UpdateRule rule, double pull, boolean decoupled) {
    this.rule = rule;
    this.pull = (float) pull;
    this.decoupled = decoupled;
  }

  @Override
  int slots() {
    return rule.slots() + 1;
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
    float[] start = state[rule.slots()];
    if (!decoupled) {
      slope(weights, gradients, start, from, to, pull);
    }
    rule.update(weights, gradients, state, from, to, rate, step);
    if (decoupled) {
      move(weights, start, from, to, (float) (rate * pull));
    }
  }

  private static void slope(float[] w, float[] g, float[] start, int from, int to, float pull) {
    for (int i = from; i < to; i++) {
      g[i] += Float.isNaN(start[i]) ? 0f : pull * (w[i] - start[i]);
    }
  }

  private static void move(float[] w, float[] start, int from, int to, float size) {
    for (int i = from; i < to; i++) {
      w[i] -= Float.isNaN(start[i]) ? 0f : size * (w[i] - start[i]);
    }
  }
}
