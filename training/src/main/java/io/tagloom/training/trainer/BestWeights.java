package io.tagloom.training.trainer;

import io.tagloom.training.evaluation.LogitHistogram;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

/**
 * Keeps the weights of the best epoch and tells when to stop. Of epochs that validation cannot tell
 * apart the last counts as the best: its rate was the lowest, and the best of many by chance is no
 * better.
 */
final class BestWeights {
  /**
   * Share of the AUC's standard error that two epochs may differ by and count as alike: the error
   * of the difference of two AUCs on the same samples that correlate by .95, sqrt(2 (1 - .95)).
   */
  private static final double ALIKE = 0.32;

  private final int patience;
  private Optional<MvkeParameters> kept = Optional.empty();
  private double metric = Double.NEGATIVE_INFINITY;
  private int since;

  /**
   * Starts without weights.
   *
   * @param patience epochs without a better metric after which training stops; 0 never stops
   */
  BestWeights(int patience) {
    this.patience = patience;
  }

  /**
   * Whether a metric is as good as the best before. Without one (NaN), the newest weights count.
   *
   * @param valid the validation samples of each task
   */
  boolean improves(double value, LogitHistogram... valid) {
    double squares = 0;
    int tasks = 0;
    for (LogitHistogram task : valid) {
      double error = task.aucError();
      if (!Double.isNaN(error)) {
        squares += error * error;
        tasks++;
      }
    }
    double alike = tasks == 0 ? 0 : ALIKE * Math.sqrt(squares) / tasks;
    return Double.isNaN(value) || value > metric - alike;
  }

  /** Takes note of an epoch; returns whether training should stop. */
  boolean see(EpochReport report, MvkeParameters parameters) {
    if (!report.best()) {
      since++;
      return patience > 0 && since >= patience;
    }
    since = 0;
    double value = EpochReport.metric(report.tasks());
    if (!Double.isNaN(value)) {
      metric = Math.max(metric, value);
      kept = Optional.of(parameters.copy());
    }
    return false;
  }

  /** The weights of the best epoch so far. */
  Optional<MvkeParameters> kept() {
    return kept;
  }

  /** Writes everything but the weights. */
  void write(DataOutput out) throws IOException {
    out.writeDouble(metric);
    out.writeInt(since);
    out.writeBoolean(kept.isPresent());
  }

  /** Reads what {@link #write} has written; weights that were kept are all 0 for now. */
  void read(DataInput in, MvkeShape shape) throws IOException {
    metric = in.readDouble();
    since = in.readInt();
    kept = in.readBoolean() ? Optional.of(MvkeParameters.zeros(shape)) : Optional.empty();
  }

  /** The best weights; those at hand when no epoch had a metric. */
  MvkeParameters weights(MvkeParameters atHand) {
    return kept.orElse(atHand);
  }
}
