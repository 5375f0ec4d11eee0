package io.tagloom.training.trainer;

import io.tagloom.conf.GuardSettings;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

/**
 * Notices a loss or a gradient that has left all bounds although it is still a number: more than
 * some times the mean of the steps before (a running mean over about 100 steps). A mean below what
 * is ordinary counts as ordinary: the loss of a task with few rows in a step jumps from nearly 0 to
 * some nats and back without harm.
 */
final class ExplosionGuard {
  private static final int STEPS = 100;

  /** Steps that make a first mean before anything is refused. */
  private static final int FIRST_STEPS = 10;

  /** Loss of a coin's guess in nats. */
  private static final double ORDINARY_LOSS = Math.log(2);

  private static final double ORDINARY_NORM = 1.0;

  private final GuardSettings settings;
  private final RunningMean[] losses;
  private final RunningMean norm = new RunningMean(ORDINARY_NORM);

  ExplosionGuard(GuardSettings settings, int tasks) {
    this.settings = settings;
    this.losses = new RunningMean[tasks];
    for (int t = 0; t < tasks; t++) {
      losses[t] = new RunningMean(ORDINARY_LOSS);
    }
  }

  /** What is wrong with the mean loss of a task in a step, if anything. */
  Optional<String> loss(int task, String name, double value) {
    return losses[task]
        .refuses(value, settings.lossFactor())
        .map(mean -> "The loss of " + name + " is " + value + ", " + times(value, mean));
  }

  /** What is wrong with the norm of a step's gradient, if anything. */
  Optional<String> norm(double value) {
    return norm.refuses(value, settings.normFactor())
        .map(mean -> "The gradient's norm is " + value + ", " + times(value, mean));
  }

  private static String times(double value, double mean) {
    return Math.round(value / mean) + " times what was usual in the steps before.";
  }

  void write(DataOutput out) throws IOException {
    norm.write(out);
    for (RunningMean loss : losses) {
      loss.write(out);
    }
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @param take whether to go on from it
   */
  void read(DataInput in, boolean take) throws IOException {
    norm.read(in, take);
    for (RunningMean loss : losses) {
      loss.read(in, take);
    }
  }

  private static final class RunningMean {
    private final double ordinary;
    private double mean;
    private long seen;

    RunningMean(double ordinary) {
      this.ordinary = ordinary;
    }

    /** The mean before when a value is too far above it; else the value is taken in. */
    Optional<Double> refuses(double value, double factor) {
      if (Double.isNaN(value)) {
        return Optional.empty();
      }
      double usual = Math.max(mean, ordinary);
      if (factor > 0 && seen >= FIRST_STEPS && value > factor * usual) {
        return Optional.of(usual);
      }
      seen++;
      mean += (value - mean) / Math.min(seen, STEPS);
      return Optional.empty();
    }

    void write(DataOutput out) throws IOException {
      out.writeDouble(mean);
      out.writeLong(seen);
    }

    void read(DataInput in, boolean take) throws IOException {
      double mean = in.readDouble();
      long seen = in.readLong();
      if (take) {
        this.mean = mean;
        this.seen = seen;
      }
    }
  }
}
