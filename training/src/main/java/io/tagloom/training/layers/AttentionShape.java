package io.tagloom.training.layers;

import java.io.Serializable;

/** Sizes, switches and weight positions of the virtual-kernel experts' attention. Immutable. */
public final class AttentionShape implements Serializable {
  private static final long serialVersionUID = 1L;

  /** User fields (F). */
  final int fields;

  /** Width of embeddings (d). */
  final int embedding;

  /** Width of attention (A). */
  final int attention;

  /** Virtual kernels (K). */
  final int kernels;

  /** Activation of queries, keys and values. */
  final Activation activation;

  /** Position of the kernels {@code [K, d]}. */
  final int kernel;

  /** Position of the queries' weights {@code [A, d]}, followed by their bias {@code [A]}. */
  final int query;

  /**
   * Position of the weights of keys and values {@code [2A, d]}, followed by their bias {@code
   * [2A]}.
   */
  final int keyValue;

  /** Position of the norm's weight {@code [A]} and bias {@code [A]}; -1 without residual. */
  final int norm;

  /**
   * A shape.
   *
   * @param norm -1 for no residual
   * @throws IllegalArgumentException if there is a residual and A is not d
   */
  public AttentionShape(
      int fields,
      int embedding,
      int attention,
      int kernels,
      Activation activation,
      int kernel,
      int query,
      int keyValue,
      int norm) {
    if (norm >= 0 && attention != embedding) {
      throw new IllegalArgumentException(
          "Invalid attention width: "
              + attention
              + "; expected the width of embeddings, "
              + embedding
              + ", for a residual.");
    }
    this.fields = fields;
    this.embedding = embedding;
    this.attention = attention;
    this.kernels = kernels;
    this.activation = activation;
    this.kernel = kernel;
    this.query = query;
    this.keyValue = keyValue;
    this.norm = norm;
  }

  boolean residual() {
    return norm >= 0;
  }
}
