package io.tagloom.training.models;

import io.tagloom.conf.ModelSettings;
import java.io.Serializable;

/**
 * What it takes to turn expert and tag vectors into a task's logit: logit = scale * x + bias, with
 * x by the score. Immutable.
 */
public final class ScorerTask implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final int[] kernels;
  private final double scale;
  private final double bias;
  private final ModelSettings.Score score;

  ScorerTask(String name, int[] kernels, double scale, double bias, ModelSettings.Score score) {
    this.name = name;
    this.kernels = kernels.clone();
    this.scale = scale;
    this.bias = bias;
    this.score = score;
  }

  /** Name of the task. */
  public String name() {
    return name;
  }

  /** 0-based numbers of the experts the task reads; K_t of them, in the order of its gates. */
  public int[] kernels() {
    return kernels.clone();
  }

  /** Scale of the logit. */
  public double scale() {
    return scale;
  }

  /** Bias of the logit. */
  public double bias() {
    return bias;
  }

  /**
   * How x is formed. For dot and kernel-cosine x = sum_k gate_k * (expert_k . vector), with vectors
   * as the scorer gives them; for cosine it is the cosine of sum_k gate_k * expert_k and the
   * vector.
   */
  public ModelSettings.Score score() {
    return score;
  }

  /** The logit of x. */
  public double logit(double x) {
    return scale * x + bias;
  }
}
