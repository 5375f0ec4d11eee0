package io.tagloom.training.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How well one task's probabilities fit held-out samples. Immutable. */
public final class TaskEvaluation implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String task;
  private final long rows;
  private final double weight;
  private final double positives;
  private final double auc;
  private final double logLoss;
  private final double predicted;
  private final List<CalibrationBin> bins;

  TaskEvaluation(
      String task,
      long rows,
      double weight,
      double positives,
      double auc,
      double logLoss,
      double predicted,
      List<CalibrationBin> bins) {
    this.task = task;
    this.rows = rows;
    this.weight = weight;
    this.positives = positives;
    this.auc = auc;
    this.logLoss = logLoss;
    this.predicted = predicted;
    this.bins = Collections.unmodifiableList(new ArrayList<>(bins));
  }

  /** Name of the task. */
  public String task() {
    return task;
  }

  /** Samples that count for the task. */
  public long rows() {
    return rows;
  }

  /** Sum of their weights. */
  public double weight() {
    return weight;
  }

  /** Weight of the positive ones. */
  public double positives() {
    return positives;
  }

  /** Area under the ROC curve, 0 to 1, ties counting half; NaN without positives or negatives. */
  public double auc() {
    return auc;
  }

  /** Mean binary cross-entropy in nats; NaN without samples. */
  public double logLoss() {
    return logLoss;
  }

  /** Predicted positives over observed ones: 1 is calibrated, above 1 is too optimistic. */
  public double calibration() {
    return predicted / positives;
  }

  /**
   * Expected calibration error: mean over ten bins of equal weight, ordered by probability, of the
   * distance between mean probability and share of positives.
   */
  public double calibrationError() {
    double sum = 0;
    for (CalibrationBin bin : bins) {
      sum += Math.abs(bin.predicted() - bin.positives());
    }
    return sum / weight;
  }

  /** Ten bins of about equal weight from the smallest probabilities to the largest. */
  public List<CalibrationBin> bins() {
    return bins;
  }

  /** Numbers by key, as in the JSON of an evaluation; those that do not exist are null. */
  Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("rows", rows);
    values.put("positives", positives);
    values.put("auc", finite(auc));
    values.put("logloss", finite(logLoss));
    values.put("calibration", finite(calibration()));
    values.put("calibration_error", finite(calibrationError()));
    List<Object> list = new ArrayList<>();
    for (CalibrationBin bin : bins) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("weight", bin.weight());
      one.put("probability", finite(bin.predicted() / bin.weight()));
      one.put("rate", finite(bin.positives() / bin.weight()));
      list.add(one);
    }
    values.put("bins", list);
    return values;
  }

  private static Object finite(double value) {
    return Double.isNaN(value) || Double.isInfinite(value) ? null : value;
  }
}
