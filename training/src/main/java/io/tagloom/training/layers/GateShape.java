package io.tagloom.training.layers;

import java.io.Serializable;

/** Sizes and weight positions of the virtual-kernel gate. Immutable. */
public final class GateShape implements Serializable {
  private static final long serialVersionUID = 1L;

  final int embedding;
  final int attention;
  final int out;
  final int kernels;
  final Activation activation;
  final int kernel;
  final int query;

  private GateShape(
      int embedding,
      int attention,
      int out,
      int kernels,
      Activation activation,
      int kernel,
      int query) {
    this.embedding = embedding;
    this.attention = attention;
    this.out = out;
    this.kernels = kernels;
    this.activation = activation;
    this.kernel = kernel;
    this.query = query;
  }

  /**
   * The paper's gate: softmax over k of phi(W_q^T E_T + b_q) . phi(W_k^T vk_k + b_k) / sqrt(A).
   *
   * @param embedding width of the kernels (d)
   * @param attention width of the projections (A)
   * @param out width of tag vectors (D)
   * @param kernels number of virtual kernels (K)
   * @param activation phi
   * @param kernel position of the kernels {@code [K, d]}
   * @param query position of the weights: query {@code [A, D]} and bias {@code [A]}, key {@code [A,
   *     d]} and bias {@code [A]}
   */
  public static GateShape projected(
      int embedding,
      int attention,
      int out,
      int kernels,
      Activation activation,
      int kernel,
      int query) {
    return new GateShape(embedding, attention, out, kernels, activation, kernel, query);
  }

  /**
   * The released code's gate: softmax over k of E_T . vk_k.
   *
   * @throws IllegalArgumentException if D is not d
   */
  public static GateShape plain(int embedding, int out, int kernels, int kernel) {
    if (embedding != out) {
      throw new IllegalArgumentException(
          "Invalid width of tag vectors: "
              + out
              + "; expected the width of kernels, "
              + embedding
              + ", for a plain gate.");
    }
    return new GateShape(embedding, out, out, kernels, Activation.IDENTITY, kernel, -1);
  }

  boolean projected() {
    return query >= 0;
  }
}
