package io.tagloom.training.layers;

import io.tagloom.training.bigdl.Mkl;
import java.util.Arrays;

/**
 * LayerNorm(a_{k,f} val_f + e_f) over the width A of each cell, with weight g and bias b.
 *
 * <p>With v and e centred (minus their mean over the width), var = a^2 var(v) + 2 a cov(v, e) +
 * var(e), q = 1 / sqrt(var + 1e-5), p = a q: the normalised value is p v + q e. Backward, with the
 * sums S1 = sum g dy, S2 = sum g dy (p v + q e) over the width: dx = q (g dy - S1 / A - (p v + q e)
 * S2 / A), and the gradient of a is q (sum g dy v - S2 (p var(v) + q cov)).
 */
final class ResidualNorm {
  private static final double EPSILON = 1e-5;

  private final AttentionShape s;
  private final float[] centred;
  private final float[] varV;
  private final float[] varE;
  private final float[] cov;
  private final float[] p;
  private final float[] q;
  private final float[] dV;
  private final float[] dE;
  private final float[] sum1;
  private final float[] sumV;
  private final float[] sumE;
  private final float[] all;

  ResidualNorm(AttentionShape shape, int cells) {
    this.s = shape;
    this.centred = new float[2 * shape.attention * cells];
    this.varV = new float[cells];
    this.varE = new float[cells];
    this.cov = new float[cells];
    this.p = new float[shape.kernels * cells];
    this.q = new float[shape.kernels * cells];
    this.dV = new float[shape.attention * cells];
    this.dE = new float[shape.attention * cells];
    this.sum1 = new float[cells];
    this.sumV = new float[cells];
    this.sumE = new float[cells];
    // Sums over the experts: q S1, p S1, q^2 S2, p q S2, p^2 S2, all divided by A.
    this.all = new float[5 * cells];
  }

  /** Reads values and embeddings, {@code [A][m]} each, after the keys in kv. */
  void forward(float[] kv, float[] attention, int m) {
    int a = s.attention;
    centre(kv, a * m, 0, m);
    centre(kv, 2 * a * m, a * m, m);
    Arrays.fill(varV, 0, m, 0);
    Arrays.fill(varE, 0, m, 0);
    Arrays.fill(cov, 0, m, 0);
    float share = (float) (1.0 / a);
    for (int i = 0; i < a; i++) {
      addMoments(centred, i * m, (a + i) * m, share, varV, varE, cov, m);
    }
    for (int k = 0; k < s.kernels; k++) {
      factors(attention, k * m, varV, varE, cov, p, q, m);
    }
  }

  private void centre(float[] x, int from, int to, int m) {
    int a = s.attention;
    float share = (float) (1.0 / a);
    Arrays.fill(sum1, 0, m, 0);
    for (int i = 0; i < a; i++) {
      addScaled(x, from + i * m, share, sum1, m);
    }
    for (int i = 0; i < a; i++) {
      difference(x, from + i * m, sum1, centred, to + i * m, m);
    }
  }

  /** Writes the attended fields of expert k, {@code [A][m]}. */
  void attended(float[] dense, int k, int m, float[] out) {
    int a = s.attention;
    for (int i = 0; i < a; i++) {
      float g = dense[s.norm + i];
      float b = dense[s.norm + a + i];
      normalised(centred, i * m, (a + i) * m, p, q, k * m, g, b, out, i * m, m);
    }
  }

  void beginBackward(int m) {
    int size = s.attention * m;
    Arrays.fill(dV, 0, size, 0);
    Arrays.fill(dE, 0, size, 0);
    Arrays.fill(all, 0, 5 * m, 0);
  }

  /** Takes the gradient of the attended fields of expert k and writes that of its attention. */
  void attendedBackward(
      float[] dense,
      int k,
      int m,
      float[] dOut,
      float[] ones,
      float[] dAttention,
      float[] gradients) {
    int a = s.attention;
    Arrays.fill(sum1, 0, m, 0);
    Arrays.fill(sumV, 0, m, 0);
    Arrays.fill(sumE, 0, m, 0);
    for (int i = 0; i < a; i++) {
      float g = dense[s.norm + i];
      addSums(dOut, i * m, g, centred, i * m, (a + i) * m, sum1, sumV, sumE, m);
      addBoth(dOut, i * m, p, q, k * m, dV, dE, m);
    }
    Mkl.addColumnSums(m, a, dOut, 0, ones, gradients, s.norm + a);
    slopeOfAttention(p, q, k * m, sumV, sumE, varV, cov, dAttention, m);
    addAll(p, q, k * m, sum1, sumE, (float) (1.0 / a), all, m);
  }

  /** Writes the gradients of values and embeddings, {@code [A][m]} each, after the keys'. */
  void backward(float[] dense, int m, float[] dKv, float[] gradients) {
    int a = s.attention;
    for (int i = 0; i < a; i++) {
      float g = dense[s.norm + i];
      int v = i * m;
      int e = (a + i) * m;
      gradients[s.norm + i] += Mkl.dot(m, dV, v, centred, v) + Mkl.dot(m, dE, v, centred, e);
      slopes(dV, v, g, centred, v, e, all, m, 4 * m, 3 * m, dKv, e, m);
      slopes(dE, v, g, centred, v, e, all, 0, 3 * m, 2 * m, dKv, e + a * m, m);
    }
  }

  private static void addMoments(
      float[] c, int v, int e, float share, float[] varV, float[] varE, float[] cov, int m) {
    for (int i = 0; i < m; i++) {
      varV[i] += share * c[v + i] * c[v + i];
      varE[i] += share * c[e + i] * c[e + i];
      cov[i] += share * c[v + i] * c[e + i];
    }
  }

  private static void factors(
      float[] attention,
      int at,
      float[] varV,
      float[] varE,
      float[] cov,
      float[] p,
      float[] q,
      int m) {
    for (int i = 0; i < m; i++) {
      float w = attention[at + i];
      // Rounding may leave a variance of nearly 0 below it, by far less than EPSILON.
      float var = w * (w * varV[i] + 2 * cov[i]) + varE[i] + (float) EPSILON;
      float inverse = (float) (1 / Math.sqrt(var));
      q[at + i] = inverse;
      p[at + i] = w * inverse;
    }
  }

  private static void addScaled(float[] x, int from, float factor, float[] sum, int m) {
    for (int i = 0; i < m; i++) {
      sum[i] += factor * x[from + i];
    }
  }

  private static void difference(float[] x, int from, float[] mean, float[] out, int to, int m) {
    for (int i = 0; i < m; i++) {
      out[to + i] = x[from + i] - mean[i];
    }
  }

  private static void normalised(
      float[] c,
      int v,
      int e,
      float[] p,
      float[] q,
      int at,
      float g,
      float b,
      float[] out,
      int to,
      int m) {
    for (int i = 0; i < m; i++) {
      out[to + i] = g * (p[at + i] * c[v + i] + q[at + i] * c[e + i]) + b;
    }
  }

  private static void addSums(
      float[] dOut,
      int from,
      float g,
      float[] c,
      int v,
      int e,
      float[] sum1,
      float[] sumV,
      float[] sumE,
      int m) {
    for (int i = 0; i < m; i++) {
      float slope = g * dOut[from + i];
      sum1[i] += slope;
      sumV[i] += slope * c[v + i];
      sumE[i] += slope * c[e + i];
    }
  }

  private static void addBoth(
      float[] dOut, int from, float[] p, float[] q, int at, float[] dV, float[] dE, int m) {
    for (int i = 0; i < m; i++) {
      dV[from + i] += p[at + i] * dOut[from + i];
      dE[from + i] += q[at + i] * dOut[from + i];
    }
  }

  /** Also turns sumE into S2. */
  private static void slopeOfAttention(
      float[] p,
      float[] q,
      int at,
      float[] sumV,
      float[] sumE,
      float[] varV,
      float[] cov,
      float[] dAttention,
      int m) {
    for (int i = 0; i < m; i++) {
      float sum2 = p[at + i] * sumV[i] + q[at + i] * sumE[i];
      sumE[i] = sum2;
      dAttention[at + i] =
          q[at + i] * (sumV[i] - sum2 * (p[at + i] * varV[i] + q[at + i] * cov[i]));
    }
  }

  private static void addAll(
      float[] p, float[] q, int at, float[] sum1, float[] sum2, float share, float[] all, int m) {
    for (int i = 0; i < m; i++) {
      float qs = share * q[at + i];
      float ps = share * p[at + i];
      all[i] += qs * sum1[i];
      all[m + i] += ps * sum1[i];
      all[2 * m + i] += qs * q[at + i] * sum2[i];
      all[3 * m + i] += qs * p[at + i] * sum2[i];
      all[4 * m + i] += ps * p[at + i] * sum2[i];
    }
  }

  private static void slopes(
      float[] raw,
      int from,
      float g,
      float[] c,
      int v,
      int e,
      float[] all,
      int mean,
      int ofV,
      int ofE,
      float[] out,
      int to,
      int m) {
    for (int i = 0; i < m; i++) {
      out[to + i] =
          g * raw[from + i] - all[mean + i] - c[v + i] * all[ofV + i] - c[e + i] * all[ofE + i];
    }
  }
}
