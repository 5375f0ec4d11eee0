package io.tagloom.training.evaluation;

import io.tagloom.conf.TaskSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.training.models.BatchReader;

/**
 * Targets and weights by which a task is evaluated: always over the task's own rows, also when its
 * loss spans the entire space.
 */
public final class TaskTargets {
  private TaskTargets() {}

  /**
   * The rows of a block beside their logits.
   *
   * @param position position of the task in the model
   * @param logits one per row
   * @throws IllegalArgumentException if the block lacks a label of the task
   */
  public static ScoredRows scored(Block block, TaskSettings task, int position, float[] logits) {
    return new ScoredRows(position, logits, block.label(task.label()), weights(block, task));
  }

  /** Sample weights of the task's rows, 0 for all others. */
  public static float[] weights(Block block, TaskSettings task) {
    float[] label = block.label(task.label());
    boolean all = task.rows().equals(TaskSettings.ALL_ROWS);
    float[] condition = all ? label : block.label(task.rows());
    float[] mature = BatchReader.mature(block, task);
    float[] weights = new float[block.rows()];
    for (int row = 0; row < weights.length; row++) {
      boolean member = all || condition[row] != 0;
      boolean closed = mature == null || mature[row] != 0;
      weights[row] = member && closed ? block.weight(row) : 0f;
    }
    return weights;
  }
}
