package io.tagloom.training.evaluation;

import java.nio.ByteBuffer;

/**
 * Weights of positives and negatives by logit, in fine bins: the AUC of samples that several
 * workers hold, from sums that can be added.
 *
 * <p>2^17 bins between logits -16 and 16 (one bin is 0.00024 wide, ties within it count half); the
 * AUC differs from the exact one by less than the share of pairs that fall into one bin. Log loss
 * is exact. Used to watch training; the evaluation itself sorts.
 */
public final class LogitHistogram {
  private static final int BINS = 1 << 17;
  private static final double LIMIT = 16.0;

  private final double[] positives = new double[BINS];
  private final double[] negatives = new double[BINS];
  private double weight;
  private double loss;
  private double probability;
  private double rows;

  /**
   * Adds a sample.
   *
   * @param target 0 or 1
   * @param weight above 0; a sample of weight 0 is left out
   */
  public void add(float logit, float target, float weight) {
    if (!(weight > 0f)) {
      return;
    }
    double place = (logit + LIMIT) * (BINS / (2 * LIMIT));
    int bin = (int) Math.max(0, Math.min(BINS - 1, place));
    if (target > 0f) {
      positives[bin] += weight;
    } else {
      negatives[bin] += weight;
    }
    this.weight += weight;
    this.loss += weight * Logistic.loss(logit, target);
    this.probability += weight * Logistic.probability(logit);
    this.rows++;
  }

  /** Adds one sample per position of the arrays. */
  public void add(float[] logits, float[] targets, float[] weights) {
    for (int i = 0; i < logits.length; i++) {
      add(logits[i], targets[i], weights[i]);
    }
  }

  /** Adds the samples of another histogram. */
  public void add(LogitHistogram other) {
    for (int i = 0; i < BINS; i++) {
      positives[i] += other.positives[i];
      negatives[i] += other.negatives[i];
    }
    weight += other.weight;
    loss += other.loss;
    probability += other.probability;
    rows += other.rows;
  }

  /** Number of samples. */
  public long rows() {
    return (long) rows;
  }

  /** Weight of the positive samples. */
  public double positives() {
    double sum = 0;
    for (double p : positives) {
      sum += p;
    }
    return sum;
  }

  /** The AUC, 0 to 1, or NaN when there are no positives or no negatives. */
  public double auc() {
    RankSum sum = new RankSum(0);
    for (int i = 0; i < BINS; i++) {
      sum.add(positives[i], negatives[i]);
    }
    return sum.auc();
  }

  /**
   * Standard error of the AUC (Hanley and McNeil, 1982); NaN when there are no positives or no
   * negatives.
   */
  public double aucError() {
    double auc = auc();
    double ones = positives() * rows / weight;
    double zeros = rows - ones;
    double variance =
        auc * (1 - auc)
            + (ones - 1) * (auc / (2 - auc) - auc * auc)
            + (zeros - 1) * (2 * auc * auc / (1 + auc) - auc * auc);
    return Math.sqrt(Math.max(0, variance) / (ones * zeros));
  }

  /** Mean binary cross-entropy in nats; NaN without samples. */
  public double logLoss() {
    return loss / weight;
  }

  /** Predicted positives over observed ones; 1 is calibrated. */
  public double calibration() {
    return probability / positives();
  }

  /** All sums as bytes; bins that are empty cost nothing. */
  public byte[] toBytes() {
    int used = 0;
    for (int i = 0; i < BINS; i++) {
      used += positives[i] != 0 || negatives[i] != 0 ? 1 : 0;
    }
    ByteBuffer bytes = ByteBuffer.allocate(36 + used * 20);
    bytes.putDouble(weight).putDouble(loss).putDouble(probability).putDouble(rows).putInt(used);
    for (int i = 0; i < BINS; i++) {
      if (positives[i] != 0 || negatives[i] != 0) {
        bytes.putInt(i).putDouble(positives[i]).putDouble(negatives[i]);
      }
    }
    return bytes.array();
  }

  /** The histogram of {@link #toBytes()}. */
  public static LogitHistogram fromBytes(ByteBuffer bytes) {
    LogitHistogram histogram = new LogitHistogram();
    histogram.weight = bytes.getDouble();
    histogram.loss = bytes.getDouble();
    histogram.probability = bytes.getDouble();
    histogram.rows = bytes.getDouble();
    for (int left = bytes.getInt(); left > 0; left--) {
      int bin = bytes.getInt();
      histogram.positives[bin] = bytes.getDouble();
      histogram.negatives[bin] = bytes.getDouble();
    }
    return histogram;
  }
}
