package io.tagloom.training.trainer;

import java.io.Serializable;

/** Where a training run is. Immutable. */
public final class TrainProgress implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int epoch;
  private final int epochs;
  private final int step;
  private final int steps;
  private final long totalSteps;
  private final double samplesPerSecond;
  private final double[] losses;
  private final double rate;
  private final double secondsLeft;

  TrainProgress(
      int epoch,
      int epochs,
      int step,
      int steps,
      long totalSteps,
      double samplesPerSecond,
      double[] losses,
      double rate,
      double secondsLeft) {
    this.epoch = epoch;
    this.epochs = epochs;
    this.step = step;
    this.steps = steps;
    this.totalSteps = totalSteps;
    this.samplesPerSecond = samplesPerSecond;
    this.losses = losses.clone();
    this.rate = rate;
    this.secondsLeft = secondsLeft;
  }

  /** Number of the epoch, from 1. */
  public int epoch() {
    return epoch;
  }

  /** Epochs of the run, if it does not stop early. */
  public int epochs() {
    return epochs;
  }

  /** Steps done in this epoch. */
  public int step() {
    return step;
  }

  /** Steps of an epoch. */
  public int steps() {
    return steps;
  }

  /** Steps done in the run, over all epochs. */
  public long totalSteps() {
    return totalSteps;
  }

  /** Samples trained on per second in this epoch, over all workers. */
  public double samplesPerSecond() {
    return samplesPerSecond;
  }

  /** Mean loss per task in this epoch so far, in the first worker's samples. */
  public double[] losses() {
    return losses.clone();
  }

  /** Learning rate of the last step. */
  public double rate() {
    return rate;
  }

  /** Seconds until the last epoch ends at this pace, validation left out. */
  public double secondsLeft() {
    return secondsLeft;
  }
}
