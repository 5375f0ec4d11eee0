package io.tagloom.training.evaluation;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
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
