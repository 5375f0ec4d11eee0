package io.tagloom.training.trainer;

import io.tagloom.conf.OptimizerSettings;
import java.io.Serializable;

/**
 * How weights follow their gradient: one element-wise rule, used on dense weights in place and on
 * rows of embedding tables after they have been gathered.
 *
 * <p>A weight has {@link #slots()} numbers of state, all 0 at the start. The loops are flat, so
 * that the JIT compiler turns them into vector instructions. Rules keep nothing themselves and may
 * be used by several threads.
 */
abstract class UpdateRule implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The rule that the settings name. */
  static UpdateRule of(OptimizerSettings settings) {
    double decay = settings.weightDecay();
    switch (settings.name()) {
      case ADAMW:
        return new AdamRule(0.0, decay);
      case ADAM:
        return new AdamRule(decay, 0.0);
      case ADAGRAD:
        return new AdagradRule(decay);
      case FTRL:
        return new FtrlRule(decay);
      case SGD:
        return new MomentumRule(settings.momentum(), decay);
      default:
        throw new IllegalStateException("No rule for " + settings.name());
    }
  }

  /** Numbers of state per weight, 0 to 2. */
  abstract int slots();

  /**
   * Updates weights {@code from} to {@code to - 1}.
   *
   * @param weights the weights, changed
   * @param gradients their gradients, same positions
   * @param state {@code slots()} arrays, same positions, changed
   * @param rate learning rate of this step, above 0
   * @param step number of this step, from 1
   */
  abstract void update(
      float[] weights,
      float[] gradients,
      float[][] state,
      int from,
      int to,
      double rate,
      long step);
}
