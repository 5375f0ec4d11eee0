package io.tagloom.training.layers;

import io.tagloom.training.bigdl.Mkl;
import java.util.Arrays;

/**
 * The network of one expert: E = MLP(c), with c the attended fields side by side or added up; with
 * a factorization-machine term E = MLP(c) + W_f^T ((sum_f c_f)^2 - sum_f c_f^2) / 2, squares taken
 * number by number (after DeepFM, Guo et al. 2017, whose term sums over the width where ours keeps
 * it for a D wide output).
 *
 * <p>Input: {@code [A][F][n]} of {@link FieldAttention}, followed by a row of ones. Output {@code
 * [D][n]}.
 *
 * <p>The input is not kept: the backward pass is given it again, since to compute it twice is
 * cheaper than to keep that of all experts in the cache. Scratch space is shared among the experts.
 */
public final class ExpertNetwork {
  private final ExpertShape s;
  private final Mlp mlp;
  private final Scratch scratch;

  /** Buffers that the experts of one network share, since they work one after another. */
  public static final class Scratch {
    private final float[] pooled;
    private final float[] dPooled;
    private final float[] sum;
    private final float[] factor;

    /** Buffers for tiles of up to {@code rows} rows. */
    public Scratch(ExpertShape shape, int rows) {
      int size = (shape.attention + 1) * rows;
      this.pooled = new float[shape.summed ? size : 0];
      this.dPooled = new float[shape.summed ? size : 0];
      this.sum = new float[shape.factor >= 0 ? size : 0];
      this.factor = new float[shape.factor >= 0 ? size : 0];
    }
  }

  /**
   * An expert's network for tiles of up to {@code rows} rows.
   *
   * @param site key of its dropout
   */
  public ExpertNetwork(int site, ExpertShape shape, int rows, Scratch scratch) {
    this.s = shape;
    this.mlp = new Mlp(site, shape.mlp, rows, shape.widths);
    this.scratch = scratch;
  }

  /** Prepares for the tiles of a step. */
  public void begin() {
    mlp.begin();
  }

  /**
   * Computes the output.
   *
   * @param c attended fields; a row of ones is written after them
   */
  public void forward(
      float[] dense, float[] c, int n, int row, Noise noise, float[] out, int outOffset) {
    mlp.forward(dense, input(c, n), n, row, noise, out, outOffset);
    if (s.factor >= 0) {
      interactions(c, n);
      int d = s.out();
      Mkl.gemm(
          'N',
          'T',
          n,
          d,
          s.attention,
          1,
          scratch.factor,
          0,
          n,
          dense,
          s.factor,
          d,
          1,
          out,
          outOffset,
          n);
    }
  }

  /**
   * Takes the gradients of the weights, which are whole after {@link #finish}, and writes that of
   * the attended fields.
   *
   * @param c attended fields, as given to {@link #forward}
   * @param dc receives their gradient {@code [A][F][n]}
   */
  public void backward(
      float[] dense,
      float[] c,
      int n,
      Noise noise,
      float[] dOut,
      int dOutOffset,
      float[] dc,
      float[] gradients) {
    float[] dInput = s.summed ? scratch.dPooled : dc;
    mlp.backward(dense, input(c, n), n, noise, dOut, dOutOffset, dInput);
    if (s.summed) {
      spread(scratch.dPooled, n, dc);
    }
    if (s.factor >= 0) {
      interactions(c, n);
      int d = s.out();
      int a = s.attention;
      float[] f = scratch.factor;
      Mkl.gemm('T', 'N', d, a, n, 1, dOut, dOutOffset, n, f, 0, n, 1, gradients, s.factor, d);
      Mkl.gemm('N', 'N', n, a, d, 1, dOut, dOutOffset, n, dense, s.factor, d, 0, f, 0, n);
      addInteractionSlopes(c, n, dc);
    }
  }

  /** Adds the gradients that the tiles of a step have in common. */
  public void finish(float[] gradients) {
    mlp.finish(gradients);
  }

  private float[] input(float[] c, int n) {
    int in = s.widths[0];
    float[] input = c;
    if (s.summed) {
      input = scratch.pooled;
      sumFields(c, n, input);
    }
    Arrays.fill(input, in * n, (in + 1) * n, 1);
    return input;
  }

  private void sumFields(float[] c, int n, float[] out) {
    for (int i = 0; i < s.attention; i++) {
      System.arraycopy(c, i * s.fields * n, out, i * n, n);
      for (int f = 1; f < s.fields; f++) {
        add(c, (i * s.fields + f) * n, out, i * n, n);
      }
    }
  }

  private void spread(float[] dPooled, int n, float[] dc) {
    for (int i = 0; i < s.attention; i++) {
      for (int f = 0; f < s.fields; f++) {
        System.arraycopy(dPooled, i * n, dc, (i * s.fields + f) * n, n);
      }
    }
  }

  private void interactions(float[] c, int n) {
    sumFields(c, n, scratch.sum);
    halfSquare(scratch.sum, scratch.factor, s.attention * n);
    for (int i = 0; i < s.attention; i++) {
      for (int f = 0; f < s.fields; f++) {
        subtractHalfSquare(c, (i * s.fields + f) * n, scratch.factor, i * n, n);
      }
    }
  }

  private void addInteractionSlopes(float[] c, int n, float[] dc) {
    for (int i = 0; i < s.attention; i++) {
      for (int f = 0; f < s.fields; f++) {
        addSlope(scratch.factor, scratch.sum, i * n, c, dc, (i * s.fields + f) * n, n);
      }
    }
  }

  private static void add(float[] x, int from, float[] sum, int to, int n) {
    for (int r = 0; r < n; r++) {
      sum[to + r] += x[from + r];
    }
  }

  private static void halfSquare(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) 0.5 * x[i] * x[i];
    }
  }

  private static void subtractHalfSquare(float[] x, int from, float[] out, int to, int n) {
    for (int r = 0; r < n; r++) {
      out[to + r] -= (float) 0.5 * x[from + r] * x[from + r];
    }
  }

  private static void addSlope(
      float[] dFactor, float[] sum, int at, float[] c, float[] dc, int to, int n) {
    for (int r = 0; r < n; r++) {
      dc[to + r] += dFactor[at + r] * (sum[at + r] - c[to + r]);
    }
  }
}
