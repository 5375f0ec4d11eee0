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
  private final float[][] v;
  private final float[][] e;
  private final float[][] dV;
  private final float[][] dE;
  private final float[][] p;
  private final float[][] q;
  private final float[] varV;
  private final float[] varE;
  private final float[] cov;
  private final float[] sum1;
  private final float[] sumV;
  private final float[] sumE;
  private final float[] piece;

  /** Sums over the experts, divided by A: q S1, p S1, q^2 S2, p q S2, p^2 S2. */
  private final float[][] all;

  ResidualNorm(AttentionShape shape, int cells) {
    this.s = shape;
    this.v = new float[shape.attention][cells];
    this.e = new float[shape.attention][cells];
    this.dV = new float[shape.attention][cells];
    this.dE = new float[shape.attention][cells];
    this.p = new float[shape.kernels][cells];
    this.q = new float[shape.kernels][cells];
    this.varV = new float[cells];
    this.varE = new float[cells];
    this.cov = new float[cells];
    this.sum1 = new float[cells];
    this.sumV = new float[cells];
    this.sumE = new float[cells];
    this.piece = new float[cells];
    this.all = new float[5][cells];
  }

  /** Reads values and embeddings, {@code [A][m]} each, after the keys in kv. */
  void forward(float[] kv, float[] attention, int firstKernel, int endKernel, int m) {
    int a = s.attention;
    centre(kv, a * m, v, m);
    centre(kv, 2 * a * m, e, m);
    Arrays.fill(varV, 0, m, 0);
    Arrays.fill(varE, 0, m, 0);
    Arrays.fill(cov, 0, m, 0);
    float share = (float) (1.0 / a);
    for (int i = 0; i < a; i++) {
      addMoments(v[i], e[i], share, varV, varE, cov, m);
    }
    for (int k = firstKernel; k < endKernel; k++) {
      System.arraycopy(attention, k * m, p[k], 0, m);
      variances(p[k], varV, varE, cov, q[k], m);
      Mkl.inverseRoot(m, q[k]);
      Lanes.multiply(p[k], q[k], m);
    }
  }

  private void centre(float[] x, int from, float[][] out, int m) {
    float share = (float) (1.0 / s.attention);
    Arrays.fill(sum1, 0, m, 0);
    for (int i = 0; i < s.attention; i++) {
      System.arraycopy(x, from + i * m, out[i], 0, m);
      Lanes.addScaled(out[i], share, sum1, m);
    }
    for (int i = 0; i < s.attention; i++) {
      Lanes.subtract(sum1, out[i], m);
    }
  }

  /** Writes the attended fields of expert k, {@code [A][m]}. */
  void attended(float[] dense, int k, int m, float[] out) {
    int a = s.attention;
    for (int i = 0; i < a; i++) {
      normalised(v[i], e[i], p[k], q[k], dense[s.norm + i], dense[s.norm + a + i], piece, m);
      System.arraycopy(piece, 0, out, i * m, m);
    }
  }

  void beginBackward(int m) {
    for (int i = 0; i < s.attention; i++) {
      Arrays.fill(dV[i], 0, m, 0);
      Arrays.fill(dE[i], 0, m, 0);
    }
    for (float[] sum : all) {
      Arrays.fill(sum, 0, m, 0);
    }
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
      System.arraycopy(dOut, i * m, piece, 0, m);
      addSums(piece, dense[s.norm + i], v[i], e[i], sum1, sumV, sumE, m);
      addBoth(piece, p[k], q[k], dV[i], dE[i], m);
    }
    Mkl.addColumnSums(m, a, dOut, 0, ones, gradients, s.norm + a);
    slopeOfAttention(p[k], q[k], sumV, sumE, varV, cov, piece, m);
    System.arraycopy(piece, 0, dAttention, k * m, m);
    float share = (float) (1.0 / a);
    addMeans(p[k], q[k], sum1, share, all[0], all[1], m);
    addCurves(p[k], q[k], sumE, share, all[2], all[3], all[4], m);
  }

  /** Writes the gradients of values and embeddings, {@code [A][m]} each, after the keys'. */
  void backward(float[] dense, int m, float[] dKv, float[] gradients) {
    int a = s.attention;
    for (int i = 0; i < a; i++) {
      float g = dense[s.norm + i];
      gradients[s.norm + i] += Mkl.dot(m, dV[i], v[i]) + Mkl.dot(m, dE[i], e[i]);
      slopes(dV[i], g, v[i], e[i], all[1], all[4], all[3], m);
      slopes(dE[i], g, v[i], e[i], all[0], all[3], all[2], m);
      System.arraycopy(dV[i], 0, dKv, (a + i) * m, m);
      System.arraycopy(dE[i], 0, dKv, (2 * a + i) * m, m);
    }
  }

  private static void addMoments(
      float[] v, float[] e, float share, float[] varV, float[] varE, float[] cov, int m) {
    for (int i = 0; i < m; i++) {
      varV[i] += share * v[i] * v[i];
      varE[i] += share * e[i] * e[i];
      cov[i] += share * v[i] * e[i];
    }
  }

  private static void variances(
      float[] weight, float[] varV, float[] varE, float[] cov, float[] out, int m) {
    // Rounding may leave a variance of nearly 0 below it, by far less than EPSILON.
    for (int i = 0; i < m; i++) {
      out[i] = weight[i] * (weight[i] * varV[i] + 2 * cov[i]) + varE[i] + (float) EPSILON;
    }
  }

  private static void normalised(
      float[] v, float[] e, float[] p, float[] q, float g, float b, float[] out, int m) {
    for (int i = 0; i < m; i++) {
      out[i] = g * (p[i] * v[i] + q[i] * e[i]) + b;
    }
  }

  private static void addSums(
      float[] dOut,
      float g,
      float[] v,
      float[] e,
      float[] sum1,
      float[] sumV,
      float[] sumE,
      int m) {
    for (int i = 0; i < m; i++) {
      float slope = g * dOut[i];
      sum1[i] += slope;
      sumV[i] += slope * v[i];
      sumE[i] += slope * e[i];
    }
  }

  private static void addBoth(float[] dOut, float[] p, float[] q, float[] dV, float[] dE, int m) {
    for (int i = 0; i < m; i++) {
      dV[i] += p[i] * dOut[i];
      dE[i] += q[i] * dOut[i];
    }
  }

  /** Also turns sumE into S2. */
  private static void slopeOfAttention(
      float[] p,
      float[] q,
      float[] sumV,
      float[] sumE,
      float[] varV,
      float[] cov,
      float[] out,
      int m) {
    for (int i = 0; i < m; i++) {
      float sum2 = p[i] * sumV[i] + q[i] * sumE[i];
      sumE[i] = sum2;
      out[i] = q[i] * (sumV[i] - sum2 * (p[i] * varV[i] + q[i] * cov[i]));
    }
  }

  private static void addMeans(
      float[] p, float[] q, float[] sum1, float share, float[] qs, float[] ps, int m) {
    for (int i = 0; i < m; i++) {
      qs[i] += share * q[i] * sum1[i];
      ps[i] += share * p[i] * sum1[i];
    }
  }

  private static void addCurves(
      float[] p, float[] q, float[] sum2, float share, float[] qq, float[] pq, float[] pp, int m) {
    for (int i = 0; i < m; i++) {
      float qs = share * q[i] * sum2[i];
      float ps = share * p[i] * sum2[i];
      qq[i] += qs * q[i];
      pq[i] += qs * p[i];
      pp[i] += ps * p[i];
    }
  }

  private static void slopes(
      float[] raw, float g, float[] v, float[] e, float[] mean, float[] ofV, float[] ofE, int m) {
    for (int i = 0; i < m; i++) {
      raw[i] = g * raw[i] - mean[i] - v[i] * ofV[i] - e[i] * ofE[i];
    }
  }
}
