package io.tagloom.training.trainer;

import io.tagloom.conf.OptimizerSettings;
import java.io.Serializable;

/**
 * The learning rate of each step: linear warm-up over the first steps, times a factor after each
 * epoch.
 */
final class RateSchedule implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double rate;
  private final int warmUpSteps;
  private final double decay;

  RateSchedule(OptimizerSettings settings) {
    this(settings.learningRate(), settings.warmUpSteps(), settings.decay());
  }

  RateSchedule(double rate, int warmUpSteps, double decay) {
    this.rate = rate;
    this.warmUpSteps = warmUpSteps;
    this.decay = decay;
  }

  /**
   * The rate of a step.
   *
   * @param step number of the step in the run, from 1
   * @param epoch number of the epoch, from 0
   */
  double rate(long step, int epoch) {
    double warm = step < warmUpSteps ? (double) step / warmUpSteps : 1.0;
    return rate * warm * Math.pow(decay, epoch);
  }
}
