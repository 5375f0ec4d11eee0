package io.tagloom.training.evaluation;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.tagloom.conf.PublishRefusedException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Metrics of every task on one split. Immutable. */
public final class Evaluation implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String split;
  private final List<TaskEvaluation> tasks;

  Evaluation(String split, List<TaskEvaluation> tasks) {
    this.split = split;
    this.tasks = Collections.unmodifiableList(new ArrayList<>(tasks));
  }

  /** The split: test or valid. */
  public String split() {
    return split;
  }

  /** Tasks in the model's order. */
  public List<TaskEvaluation> tasks() {
    return tasks;
  }

  /**
   * A task by name.
   *
   * @throws IllegalArgumentException if there is no such task
   */
  public TaskEvaluation task(String name) {
    for (TaskEvaluation task : tasks) {
      if (task.task().equals(name)) {
        return task;
      }
    }
    throw new IllegalArgumentException("Invalid task: " + name + "; expected one of the model's.");
  }

  /**
   * Checks the AUC floors of the settings.
   *
   * @param minAuc least AUC by task name
   * @throws PublishRefusedException naming every task below its floor
   */
  public void checkFloors(Map<String, Double> minAuc) {
    List<String> faults = new ArrayList<>();
    for (TaskEvaluation task : tasks) {
      Double floor = minAuc.get(task.task());
      if (floor != null && !(task.auc() >= floor)) {
        faults.add("AUC of " + task.task() + " is " + task.auc() + ", its floor is " + floor);
      }
    }
    if (!faults.isEmpty()) {
      throw new PublishRefusedException(
          "Cannot publish: "
              + String.join("; ", faults)
              + ". Look at the evaluation report; evaluation.min-auc holds the floors.");
    }
  }

  /**
   * One JSON object: {@code split} and {@code tasks.NAME} with {@code rows}, {@code positives},
   * {@code auc}, {@code logloss}, {@code calibration}, {@code calibration_error} and {@code bins}.
   */
  public String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("split", split);
    Map<String, Object> byName = new LinkedHashMap<>();
    for (TaskEvaluation task : tasks) {
      byName.put(task.task(), task.values());
    }
    all.put("tasks", byName);
    return ConfigValueFactory.fromMap(all).render(ConfigRenderOptions.concise());
  }
}
