package io.tagloom.export.tables;

import java.util.Objects;

/** A row of tag_gates or item_gates. Arrays are shared. */
public final class Gates {
  private final String key;
  private final String task;
  private final float[] vector;
  private final float[] gate;
  private final int[] kernels;
  private final float[] annVector;
  private final double scale;
  private final double bias;

  /**
   * Wraps the columns.
   *
   * @param key tag or item id
   * @param task name of the task
   * @param vector tag vector, [D]
   * @param gate gate weights, [K_t]
   * @param kernels 0-based kernels that the weights belong to, [K_t]
   * @param annVector what the task's experts are multiplied with, [K_t * D]; empty when there is
   *     none
   * @param scale factor of the score in the logit; 0 in tables of versions without the column
   * @param bias constant of the logit
   */
  public Gates(
      String key,
      String task,
      float[] vector,
      float[] gate,
      int[] kernels,
      float[] annVector,
      double scale,
      double bias) {
    this.key = Objects.requireNonNull(key);
    this.task = Objects.requireNonNull(task);
    this.vector = vector;
    this.gate = gate;
    this.kernels = kernels;
    this.annVector = annVector;
    this.scale = scale;
    this.bias = bias;
  }

  /** Tag or item id. */
  public String key() {
    return key;
  }

  /** Name of the task. */
  public String task() {
    return task;
  }

  /** Tag vector, [D]. */
  public float[] vector() {
    return vector;
  }

  /** Gate weights, [K_t], summing to 1. */
  public float[] gate() {
    return gate;
  }

  /** 0-based kernels of the weights, [K_t]. */
  public int[] kernels() {
    return kernels;
  }

  /**
   * What a user's experts (those of {@link #kernels()}, one after another) are multiplied with,
   * [K_t * D]: concat_k(gate_k * vector) of an item or of a tag alone, the mean of that over its
   * items for a tag of {@code export.tag-score = items}. Empty when the score is no inner product.
   */
  public float[] annVector() {
    return annVector;
  }

  /** Factor of the score in the logit: probability = sigmoid(scale * score + bias). */
  public double scale() {
    return scale;
  }

  /** Constant of the logit. */
  public double bias() {
    return bias;
  }
}
