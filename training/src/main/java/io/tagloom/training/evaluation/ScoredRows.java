package io.tagloom.training.evaluation;

import java.io.Serializable;

/** Logits of one task for the rows of a block, beside what happened. */
public final class ScoredRows implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int task;
  private final float[] logits;
  private final float[] targets;
  private final float[] weights;

  /**
   * Wraps arrays of one number per row.
   *
   * @param task position of the task
   * @param logits finite
   * @param targets 0 or 1
   * @param weights 0 for rows that do not count
   */
  public ScoredRows(int task, float[] logits, float[] targets, float[] weights) {
    if (logits.length != targets.length || logits.length != weights.length) {
      throw new IllegalArgumentException(
          "Invalid rows: "
              + logits.length
              + " logits, "
              + targets.length
              + " targets, "
              + weights.length
              + " weights; expected the same number of each.");
    }
    this.task = task;
    this.logits = logits;
    this.targets = targets;
    this.weights = weights;
  }

  /** Position of the task. */
  public int task() {
    return task;
  }

  /** One logit per row. Not a copy. */
  public float[] logits() {
    return logits;
  }

  /** 0 or 1 per row. Not a copy. */
  public float[] targets() {
    return targets;
  }

  /** One weight per row, 0 for rows that do not count. Not a copy. */
  public float[] weights() {
    return weights;
  }
}
