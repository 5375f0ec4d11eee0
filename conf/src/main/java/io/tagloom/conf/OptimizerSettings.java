package io.tagloom.conf;

import java.io.Serializable;
import java.util.OptionalDouble;

/** The optimiser: block {@code training.optimizer} of {@code reference.conf}. Immutable. */
public final class OptimizerSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Which rule updates the weights. */
  public enum Name {
    /** Adam with decoupled weight decay (Loshchilov and Hutter, 2019). */
    ADAMW,
    /** Adam (Kingma and Ba, 2015). */
    ADAM,
    /** Adagrad (Duchi, Hazan and Singer, 2011). */
    ADAGRAD,
    /** Follow the regularised leader, proximal (McMahan et al., 2013). */
    FTRL,
    /** Stochastic gradient descent with momentum. */
    SGD
  }

  private final Name name;
  private final double learningRate;
  private final double tableRateFactor;
  private final double weightDecay;
  private final int warmUpSteps;
  private final double decay;
  private final double clipNorm;
  private final double momentum;

  private OptimizerSettings(SettingsReader reader) {
    this.name = reader.choice("name", Name.class);
    this.learningRate = reader.number("learning-rate", 0.0, 100.0);
    if (learningRate == 0.0) {
      reader.fault("learning-rate", "0", "a number above 0 and at most 100");
    }
    this.tableRateFactor = reader.number("table-rate-factor", 0.0, 1000.0);
    this.weightDecay = reader.number("weight-decay", 0.0, 10.0);
    this.warmUpSteps = reader.integer("warm-up-steps", 0, Integer.MAX_VALUE);
    this.decay = reader.numberOr("auto", "decay", 0.0, 1.0).orElse(Double.NaN);
    this.clipNorm = reader.number("clip-norm", 0.0, 1e9);
    this.momentum = reader.number("momentum", 0.0, 1.0);
  }

  static OptimizerSettings read(SettingsReader reader) {
    return new OptimizerSettings(reader);
  }

  /** Which rule. */
  public Name name() {
    return name;
  }

  /** Rate of the dense weights after warm-up in the first epoch, above 0 to 100. */
  public double learningRate() {
    return learningRate;
  }

  /** Rate of embedding tables as a multiple of the dense rate, 0 to 1000. */
  public double tableRateFactor() {
    return tableRateFactor;
  }

  /** Weight decay, 0 to 10: decoupled for {@link Name#ADAMW}, L2 for the others. */
  public double weightDecay() {
    return weightDecay;
  }

  /** Steps over which the rate rises linearly to its full value, 0 or more. */
  public int warmUpSteps() {
    return warmUpSteps;
  }

  /**
   * Factor on the rate after each epoch, 0 to 1; empty where the rate falls evenly over the steps
   * of all epochs.
   */
  public OptionalDouble decay() {
    return Double.isNaN(decay) ? OptionalDouble.empty() : OptionalDouble.of(decay);
  }

  /** Longest gradient over all dense weights (Euclidean norm); 0 does not clip. */
  public double clipNorm() {
    return clipNorm;
  }

  /** Momentum of {@link Name#SGD}, 0 to 1. */
  public double momentum() {
    return momentum;
  }
}
