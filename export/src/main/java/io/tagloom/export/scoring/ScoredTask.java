package io.tagloom.export.scoring;

import java.io.Serializable;

/** A task as scoring sees it: its kernels, and how its scores become probabilities. Immutable. */
public final class ScoredTask implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final int[] kernels;
  private final double scale;
  private final double bias;
  private final ScoreKind kind;

  /**
   * Describes a task.
   *
   * @param name name, such as {@code ctr}
   * @param kernels 0-based kernels the task reads, ascending, at least one
   * @param scale factor of the score in the logit, above 0
   * @param bias constant of the logit
   * @param kind how scores are made
   * @throws IllegalArgumentException if a value breaks these rules
   */
  public ScoredTask(String name, int[] kernels, double scale, double bias, ScoreKind kind) {
    if (kernels.length == 0 || kernels[0] < 0) {
      throw new IllegalArgumentException(
          "Invalid kernels of task " + name + "; expected at least one, from 0.");
    }
    for (int i = 1; i < kernels.length; i++) {
      if (kernels[i] <= kernels[i - 1]) {
        throw new IllegalArgumentException(
            "Invalid kernels of task " + name + "; expected ascending numbers.");
      }
    }
    if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid scale of task "
              + name
              + ": "
              + scale
              + "; expected a number above 0, so that probabilities rise with scores.");
    }
    if (Double.isNaN(bias) || Double.isInfinite(bias)) {
      throw new IllegalArgumentException(
          "Invalid bias of task " + name + ": " + bias + "; expected a finite number.");
    }
    this.name = name;
    this.kernels = kernels.clone();
    this.scale = scale;
    this.bias = bias;
    this.kind = kind;
  }

  /** Name, such as {@code ctr}. */
  public String name() {
    return name;
  }

  /** 0-based kernels the task reads, ascending; a copy. */
  public int[] kernels() {
    return kernels.clone();
  }

  /** Number of kernels the task reads (K_t). */
  public int kernelCount() {
    return kernels.length;
  }

  /** The 0-based kernel at a position of the task's gate. */
  public int kernel(int position) {
    return kernels[position];
  }

  /** Kernels from the task's first to its last: the part of a user's experts that it reads. */
  public int spanLength() {
    return kernels[kernels.length - 1] - kernels[0] + 1;
  }

  /** Factor of the score in the logit. */
  public double scale() {
    return scale;
  }

  /** Constant of the logit. */
  public double bias() {
    return bias;
  }

  /** How scores are made. */
  public ScoreKind kind() {
    return kind;
  }

  /**
   * sigmoid(scale * score + bias), 0 to 1. For a task on clicked rows (cvr) this is the conditional
   * probability, P(conversion | click).
   */
  public double probability(double score) {
    return 1.0 / (1.0 + Math.exp(-(scale * score + bias)));
  }
}
