package io.tagloom.training.trainer;

import io.tagloom.conf.OptimizerSettings;
import java.io.Serializable;

/**
 * The learning rate of each step: linear warm-up over the first steps, times a factor after each
 * epoch, or, without such a factor, falling by the same share with each step until it is {@value
 * #LAST} of its start at the last.
 */
final class RateSchedule implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final double LAST = 0.04;

  private final double rate;
  private final int warmUpSteps;
  private final double decay;
  private final long steps;

  /**
   * A schedule.
   *
   * @param steps steps of all epochs
   */
  RateSchedule(OptimizerSettings settings, long steps) {
    this(
        settings.learningRate(),
        settings.warmUpSteps(),
        settings.decay().orElse(Double.NaN),
        steps);
  }

  RateSchedule(double rate, int warmUpSteps, double decay, long steps) {
    this.rate = rate;
    this.warmUpSteps = warmUpSteps;
    this.decay = decay;
    this.steps = steps;
  }

  /**
   * The rate of a step.
   *
   * @param step number of the step in the run, from 1
   * @param epoch number of the epoch, from 0
   */
  double rate(long step, int epoch) {
    double warm = step < warmUpSteps ? (double) step / warmUpSteps : 1.0;
    double factor =
        Double.isNaN(decay)
            ? Math.pow(LAST, (step - 1.0) / Math.max(1, steps - 1))
            : Math.pow(decay, epoch);
    return rate * warm * factor;
  }
}
