package io.tagloom.training.trainer;

import io.tagloom.training.models.MvkeParameters;
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

  /** The best weights; those at hand when no epoch had a metric. */
  MvkeParameters weights(MvkeParameters atHand) {
    return kept.orElse(atHand);
  }
}
