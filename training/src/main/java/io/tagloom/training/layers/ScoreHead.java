package io.tagloom.training.layers;

import java.util.Arrays;

/**
 * The score of one task: experts {@code [K][D][n]}, tag vectors {@code [D][n]} and gate weights
 * {@code [K_t][n]} become x {@code [n]}.
 *
 * <p>Cosines take lengths below 1e-8 as 1e-8.
 */
public final class ScoreHead {
  private final Score score;
  private final int out;
  private final int[] kernels;
  private final float[] user;
  private final Norms userNorms;
  private final Norms tagNorms;
  private final float[] each;
  private final float[] x;
  private final float[] alpha;
  private final float[] beta;
  private final float[] gamma;

  /**
   * A head for tiles of up to {@code rows} rows.
   *
   * @param out width of the vectors (D)
   * @param kernels the task's kernels
   */
  public ScoreHead(Score score, int out, int rows, int... kernels) {
    this.score = score;
    this.out = out;
    this.kernels = kernels.clone();
    this.user = new float[out * rows];
    this.userNorms = new Norms(score == Score.KERNEL_COSINE ? kernels.length : 1, rows);
    this.tagNorms = new Norms(1, rows);
    this.each = new float[kernels.length * rows];
    this.x = new float[rows];
    this.alpha = new float[rows];
    this.beta = new float[rows];
    this.gamma = new float[rows];
  }

  /** Computes x; the array is this layer's own. */
  public float[] forward(float[] experts, float[] tags, float[] gate, int n) {
    for (int i = 0; i < kernels.length; i++) {
      Rows.dot(experts, kernels[i] * out * n, tags, 0, each, i * n, out, n);
    }
    if (score == Score.KERNEL_COSINE) {
      tagNorms.forward(tags, 0, 0, out, n);
      for (int i = 0; i < kernels.length; i++) {
        userNorms.forward(experts, kernels[i] * out * n, i, out, n);
        Rows.scale(userNorms.inverse, i * n, each, i * n, 1, n);
        Rows.scale(tagNorms.inverse, 0, each, i * n, 1, n);
      }
    }
    Rows.dot(gate, 0, each, 0, x, 0, kernels.length, n);
    if (score == Score.COSINE) {
      mix(experts, gate, n);
      userNorms.forward(user, 0, 0, out, n);
      tagNorms.forward(tags, 0, 0, out, n);
      Rows.scale(userNorms.inverse, 0, x, 0, 1, n);
      Rows.scale(tagNorms.inverse, 0, x, 0, 1, n);
    }
    return x;
  }

  private void mix(float[] experts, float[] gate, int n) {
    Arrays.fill(user, 0, out * n, 0);
    for (int i = 0; i < kernels.length; i++) {
      Rows.addScaled(gate, i * n, experts, kernels[i] * out * n, user, 0, out, n);
    }
  }

  /**
   * Adds the gradients of experts and tag vectors and writes that of the gate.
   *
   * @param dX gradient of x
   */
  public void backward(
      float[] experts,
      float[] tags,
      float[] gate,
      int n,
      float[] dX,
      float[] dExperts,
      float[] dTags,
      float[] dGate) {
    if (score == Score.COSINE) {
      cosineBackward(experts, tags, gate, n, dX, dExperts, dTags, dGate);
      return;
    }
    Arrays.fill(gamma, 0, n, 0);
    for (int i = 0; i < kernels.length; i++) {
      int e = kernels[i] * out * n;
      Rows.product(dX, 0, each, i * n, dGate, i * n, n);
      Rows.product(dX, 0, gate, i * n, alpha, 0, n);
      if (score == Score.KERNEL_COSINE) {
        Rows.product(alpha, 0, each, i * n, beta, 0, n);
        Rows.addProduct(beta, 0, tagNorms.curve, 0, gamma, 0, n);
        Rows.scale(userNorms.curve, i * n, beta, 0, 1, n);
        Rows.subtractScaled(beta, 0, experts, e, dExperts, e, out, n);
        Rows.scale(userNorms.inverse, i * n, alpha, 0, 1, n);
        Rows.scale(tagNorms.inverse, 0, alpha, 0, 1, n);
      }
      Rows.addScaled(alpha, 0, tags, 0, dExperts, e, out, n);
      Rows.addScaled(alpha, 0, experts, e, dTags, 0, out, n);
    }
    if (score == Score.KERNEL_COSINE) {
      Rows.subtractScaled(gamma, 0, tags, 0, dTags, 0, out, n);
    }
  }

  /** With r_u, r_t one over the lengths: du = dx (r_u r_t E_T - x r_u^2 u), and so for E_T. */
  private void cosineBackward(
      float[] experts,
      float[] tags,
      float[] gate,
      int n,
      float[] dX,
      float[] dExperts,
      float[] dTags,
      float[] dGate) {
    Rows.product(dX, 0, userNorms.inverse, 0, alpha, 0, n);
    Rows.scale(tagNorms.inverse, 0, alpha, 0, 1, n);
    Rows.product(dX, 0, x, 0, gamma, 0, n);
    Rows.product(gamma, 0, userNorms.curve, 0, beta, 0, n);
    Rows.scale(tagNorms.curve, 0, gamma, 0, 1, n);
    Rows.addScaled(alpha, 0, user, 0, dTags, 0, out, n);
    Rows.subtractScaled(gamma, 0, tags, 0, dTags, 0, out, n);
    // du takes the place of u.
    Rows.scale(beta, 0, user, 0, out, n);
    for (int i = 0; i < out * n; i++) {
      user[i] = -user[i];
    }
    Rows.addScaled(alpha, 0, tags, 0, user, 0, out, n);
    for (int i = 0; i < kernels.length; i++) {
      int e = kernels[i] * out * n;
      Rows.dot(user, 0, experts, e, dGate, i * n, out, n);
      Rows.addScaled(gate, i * n, user, 0, dExperts, e, out, n);
    }
  }
}
