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
  private final Rows rows;
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
    this.rows = new Rows(out, rows);
    this.userNorms = new Norms(score == Score.KERNEL_COSINE ? kernels.length : 1, out, rows);
    this.tagNorms = new Norms(1, out, rows);
    this.each = new float[kernels.length * rows];
    this.x = new float[rows];
    this.alpha = new float[rows];
    this.beta = new float[rows];
    this.gamma = new float[rows];
  }

  /** Computes x; the array is this layer's own. */
  public float[] forward(float[] experts, float[] tags, float[] gate, int n) {
    for (int i = 0; i < kernels.length; i++) {
      rows.dot(experts, kernels[i] * out * n, tags, each, i * n, n);
    }
    if (score == Score.KERNEL_COSINE) {
      tagNorms.forward(tags, 0, 0, out, n);
      for (int i = 0; i < kernels.length; i++) {
        userNorms.forward(experts, kernels[i] * out * n, i, out, n);
        Rows.multiply(userNorms.inverse, i * n, each, i * n, n);
        Rows.multiply(tagNorms.inverse, 0, each, i * n, n);
      }
    }
    Arrays.fill(x, 0, n, 0);
    for (int i = 0; i < kernels.length; i++) {
      Rows.addProduct(gate, i * n, each, i * n, x, 0, n);
    }
    if (score == Score.COSINE) {
      mix(experts, gate, n);
      userNorms.forward(user, 0, 0, out, n);
      tagNorms.forward(tags, 0, 0, out, n);
      Rows.multiply(userNorms.inverse, 0, x, 0, n);
      Rows.multiply(tagNorms.inverse, 0, x, 0, n);
    }
    return x;
  }

  private void mix(float[] experts, float[] gate, int n) {
    Arrays.fill(user, 0, out * n, 0);
    for (int i = 0; i < kernels.length; i++) {
      rows.addScaled(gate, i * n, experts, kernels[i] * out * n, user, n);
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
        for (int r = 0; r < n; r++) {
          float pull = -alpha[r] * each[i * n + r];
          gamma[r] += pull * tagNorms.curve[r];
          beta[r] = pull * userNorms.curve[i * n + r];
        }
        rows.addOwn(beta, experts, dExperts, e, n);
        Rows.multiply(userNorms.inverse, i * n, alpha, 0, n);
        Rows.multiply(tagNorms.inverse, 0, alpha, 0, n);
      }
      rows.addScaledInto(alpha, 0, tags, dExperts, e, n);
      rows.addScaled(alpha, 0, experts, e, dTags, n);
    }
    if (score == Score.KERNEL_COSINE) {
      rows.addScaled(gamma, 0, tags, 0, dTags, n);
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
    for (int r = 0; r < n; r++) {
      alpha[r] = dX[r] * userNorms.inverse[r] * tagNorms.inverse[r];
      beta[r] = -dX[r] * x[r] * userNorms.curve[r];
      gamma[r] = -dX[r] * x[r] * tagNorms.curve[r];
    }
    rows.addScaled(alpha, 0, user, 0, dTags, n);
    rows.addScaled(gamma, 0, tags, 0, dTags, n);
    // du takes the place of u.
    rows.scale(beta, user, n);
    rows.addScaled(alpha, 0, tags, 0, user, n);
    for (int i = 0; i < kernels.length; i++) {
      int e = kernels[i] * out * n;
      rows.dot(experts, e, user, dGate, i * n, n);
      rows.addScaledInto(gate, i * n, user, dExperts, e, n);
    }
  }
}
