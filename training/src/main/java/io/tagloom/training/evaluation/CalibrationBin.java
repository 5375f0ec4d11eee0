package io.tagloom.training.evaluation;

import java.io.Serializable;

/** Samples of about equal probability: what was predicted for them and what happened. */
public final class CalibrationBin implements Serializable {
  private static final long serialVersionUID = 1L;

  private double weight;
  private final ExactSum predicted = new ExactSum();
  private double positives;

  CalibrationBin() {}

  void add(double sampleWeight, double probability, boolean positive) {
    weight += sampleWeight;
    predicted.add(sampleWeight * probability);
    positives += positive ? sampleWeight : 0;
  }

  void add(CalibrationBin other) {
    weight += other.weight;
    predicted.add(other.predicted);
    positives += other.positives;
  }

  /** Sum of the weights of the samples. */
  public double weight() {
    return weight;
  }

  /** Weighted sum of the probabilities. */
  public double predicted() {
    return predicted.value();
  }

  /** Weight of the positive samples. */
  public double positives() {
    return positives;
  }
}
