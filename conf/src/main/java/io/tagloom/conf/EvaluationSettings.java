package io.tagloom.conf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is evaluated and what it must reach: block {@code evaluation} of {@code reference.conf}.
 * Immutable.
 */
public final class EvaluationSettings {
  /** Which held-out samples are evaluated. */
  public enum Split {
    /** Samples that neither trained nor chose the weights. */
    TEST,
    /** Samples that chose the weights (early stopping). */
    VALID
  }

  /** What becomes of a publish when a metric does not exist, such as the AUC of one class. */
  public enum Undefined {
    /** It is refused. */
    REFUSE,
    /** It goes on. */
    ALLOW
  }

  private final Split split;
  private final Undefined undefined;
  private final Map<String, Double> minAuc;

  private EvaluationSettings(SettingsReader reader) {
    this.split = reader.choice("split", Split.class);
    this.undefined = reader.choice("undefined", Undefined.class);
    Map<String, Double> floors = new LinkedHashMap<>();
    reader
        .map("min-auc")
        .forEach(
            (task, text) -> {
              double floor = floor(text);
              if (floor >= 0.0 && floor <= 1.0) {
                floors.put(task, floor);
              } else {
                reader.fault("min-auc", task + " = " + text, "numbers from 0 to 1 by task name");
              }
            });
    this.minAuc = Collections.unmodifiableMap(floors);
  }

  static EvaluationSettings read(SettingsReader reader) {
    return new EvaluationSettings(reader);
  }

  /** Which held-out samples are evaluated. */
  public Split split() {
    return split;
  }

  /** What becomes of a publish when a metric does not exist. */
  public Undefined undefined() {
    return undefined;
  }

  /** Least AUC by task name, 0 to 1; a task that is not named has no floor. */
  public Map<String, Double> minAuc() {
    return minAuc;
  }

  private static double floor(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
