package io.tagloom.export;

import io.tagloom.conf.EvaluationSettings;
import io.tagloom.conf.EvaluationSettings.Undefined;
import io.tagloom.conf.Fingerprint;
import io.tagloom.export.publish.Check;
import io.tagloom.export.scoring.ScoredTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Numbers of the run that are published with the tables: the join's, the model's, and where all
 * came from. Immutable.
 */
public final class ExportNumbers {
  private static final List<String> METRICS = Arrays.asList("auc", "logloss", "calibration");

  private final SortedMap<String, Double> joinHealth;
  private final SortedMap<String, Double> evaluation;
  private final EvaluationSettings floors;
  private final SortedMap<String, String> facts;

  /**
   * Wraps the numbers.
   *
   * @param joinHealth counts and rates of the label join by name
   * @param evaluation metrics by name, with {@code tasks.TASK.auc} for every task that has a floor
   * @param floors what the metrics must reach
   * @param facts further facts for the manifest: settings, data dates, fingerprints, versions
   */
  public ExportNumbers(
      Map<String, Double> joinHealth,
      Map<String, Double> evaluation,
      EvaluationSettings floors,
      Map<String, String> facts) {
    this.joinHealth = Collections.unmodifiableSortedMap(new TreeMap<>(joinHealth));
    this.evaluation = Collections.unmodifiableSortedMap(new TreeMap<>(evaluation));
    this.floors = Objects.requireNonNull(floors);
    this.facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }

  SortedMap<String, Double> joinHealth() {
    return joinHealth;
  }

  SortedMap<String, Double> evaluation() {
    return evaluation;
  }

  SortedMap<String, String> facts() {
    return facts;
  }

  /** The fingerprint of all numbers and facts, hexadecimal. */
  String fingerprint() {
    return new Fingerprint()
        .add(joinHealth.toString())
        .add(evaluation.toString())
        .add(new TreeMap<>(floors.minAuc()) + " " + floors.undefined())
        .add(facts.toString())
        .hex();
  }

  /** The evaluation against its floor, and that there is one: a task without a metric fails. */
  List<Check> checks(List<ScoredTask> tasks) {
    List<Check> checks = new ArrayList<>();
    for (ScoredTask task : tasks) {
      String prefix = "tasks." + task.name() + ".";
      for (String metric : METRICS) {
        if (floors.undefined() == Undefined.REFUSE) {
          double value = evaluation.getOrDefault(prefix + metric, Double.NaN);
          checks.add(Check.exists(metric + " of " + task.name(), value));
        }
      }
      if (floors.minAuc().containsKey(task.name())) {
        double auc = evaluation.getOrDefault(prefix + "auc", Double.NaN);
        checks.add(Check.atLeast("AUC of " + task.name(), auc, floors.minAuc().get(task.name())));
      }
    }
    return checks;
  }
}
