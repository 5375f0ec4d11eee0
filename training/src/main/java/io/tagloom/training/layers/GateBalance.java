package io.tagloom.training.layers;

/**
 * The load-balancing term H(mean gate) - mean H(gate), H the entropy: large when a task uses all
 * its kernels on the whole and few for each tag. It is subtracted from the loss.
 *
 * <p>Means are taken over the task's rows of a tile, so that the terms of tiles, replicas and
 * workers add up; the tile stands for the batch.
 */
public final class GateBalance {
  private static final double LEAST = 1e-30;

  private GateBalance() {}

  /**
   * Adds the slope of -factor * term.
   *
   * @param gate gate weights {@code [K_t][n]}
   * @param weights row weights from position row
   * @param share one over the sum of row weights of the step
   * @param dGate the slope is added here
   * @return the tile's term, times its share of the step's rows
   */
  public static double add(
      float[] gate,
      int count,
      float[] weights,
      int row,
      int n,
      double share,
      double factor,
      float[] dGate) {
    double total = 0;
    for (int r = 0; r < n; r++) {
      total += weights[row + r];
    }
    if (total == 0) {
      return 0;
    }
    double term = 0;
    for (int k = 0; k < count; k++) {
      double mean = 0;
      for (int r = 0; r < n; r++) {
        mean += weights[row + r] * gate[k * n + r];
      }
      double logMean = Math.log(Math.max(mean / total, LEAST));
      for (int r = 0; r < n; r++) {
        double w = gate[k * n + r];
        double gain = weights[row + r] * share * (Math.log(Math.max(w, LEAST)) - logMean);
        dGate[k * n + r] -= (float) (factor * gain);
        term += w * gain;
      }
    }
    return term;
  }
}
