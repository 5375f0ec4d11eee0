package io.tagloom.training.trainer;

import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

/** Keeps the weights of the best epoch and tells when to stop. */
final class BestWeights {
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

  /** Whether a metric is better than all before. Without one (NaN), the newest weights count. */
  boolean improves(double value) {
    return Double.isNaN(value) || value > metric;
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
      metric = value;
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
