package io.tagloom.training.evaluation;

/** Probability and loss of a logit, exact at both ends. */
public final class Logistic {
  private Logistic() {}

  /** {@code 1 / (1 + exp(-logit))}. */
  public static double probability(double logit) {
    double e = Math.exp(-Math.abs(logit));
    return logit >= 0 ? 1 / (1 + e) : e / (1 + e);
  }

  /** Binary cross-entropy in nats, {@code log(1 + exp(logit)) - target logit}. */
  public static double loss(double logit, double target) {
    return Math.max(logit, 0) - target * logit + Math.log1p(Math.exp(-Math.abs(logit)));
  }
}
