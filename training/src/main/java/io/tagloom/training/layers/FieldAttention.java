package io.tagloom.training.layers;

import io.tagloom.training.bigdl.Mkl;
import io.tagloom.training.layers.StepClock.Part;
import java.util.Arrays;

/**
 * The attention of the virtual-kernel experts over the user fields.
 *
 * <p>key_f = phi(W_K e_f + b_K), val_f = phi(W_V e_f + b_V), q_k = phi(W_Q vk_k + b_Q), a_{k,f} =
 * softmax over f of q_k . key_f / sqrt(A); the attended field is a_{k,f} val_f, or
 * LayerNorm(a_{k,f} val_f + e_f) with a residual.
 *
 * <p>Input: embeddings {@link #embeddings()} as {@code [F][n][d]}. Output for expert k: {@code
 * [A][F][n]}. A cell is a pair of field and row; there are m = F * n of them.
 *
 * <p>Mean and variance of a_{k,f} val_f + e_f follow from those of val_f and e_f, which are
 * computed once for all experts; so the norm costs each expert one pass.
 */
public final class FieldAttention {
  private final AttentionShape s;
  private final Projection queries;
  private final Softmax softmax;
  private final float[] ones;
  private final float[] weights;
  private final float[] dWeights;
  private final float[] e;
  private final float[] kv;
  private final float[] attention;
  private final float[] dKv;
  private final float[] dAttention;
  private final float[][] values;
  private final float[][] dValues;
  private final float[][] byKernel;
  private final float[] piece;
  private final float[] sum;
  private final ResidualNorm norm;
  private final StepClock clock;
  private int first;
  private int count;

  /** A layer for tiles of up to {@code rows} rows that notes its time on a clock. */
  public FieldAttention(AttentionShape shape, int rows, StepClock clock) {
    this.clock = clock;
    this.s = shape;
    int cells = shape.fields * rows;
    int d = shape.embedding;
    int extended = 2 * shape.attention + (shape.residual() ? d : 0);
    this.queries =
        new Projection(
            shape.activation,
            shape.kernels,
            d,
            shape.attention,
            shape.kernel,
            shape.query,
            shape.query + shape.attention * d);
    this.softmax = new Softmax(rows);
    this.ones = new float[cells];
    Arrays.fill(ones, 1);
    this.weights = new float[extended * d];
    this.dWeights = new float[2 * shape.attention * d];
    this.e = new float[cells * d];
    this.kv = new float[extended * cells];
    this.attention = new float[shape.kernels * cells];
    this.dKv = new float[extended * cells];
    this.dAttention = new float[shape.kernels * cells];
    int split = shape.residual() ? 0 : shape.attention;
    this.values = new float[split][cells];
    this.dValues = new float[split][cells];
    this.byKernel = new float[shape.residual() ? 0 : shape.kernels][cells];
    this.piece = new float[cells];
    this.sum = new float[cells];
    this.norm = shape.residual() ? new ResidualNorm(shape, cells) : null;
  }

  /** The embeddings of a tile, {@code [F][n][d]}; after {@link #backward} their gradient. */
  public float[] embeddings() {
    return e;
  }

  /** Attention weights {@code [K][F][n]} of the last tile. */
  public float[] attention() {
    return attention;
  }

  /** Prepares for the tiles of a step. */
  public void begin(float[] dense) {
    queries.begin(dense);
    Arrays.fill(dWeights, 0);
    int d = s.embedding;
    System.arraycopy(dense, s.keyValue, weights, 0, 2 * s.attention * d);
    if (s.residual()) {
      // The identity as further weights: the same product then also turns the embeddings around.
      for (int i = 0; i < d; i++) {
        weights[(2 * s.attention + i) * d + i] = 1;
      }
    }
  }

  /** Computes keys, values and the attention weights of all kernels. */
  public void forward(float[] dense, int n) {
    forward(dense, n, 0, s.kernels);
  }

  /**
   * Computes keys, values and attention weights from {@link #embeddings()}.
   *
   * @param firstKernel the first kernel whose weights are computed
   * @param endKernel position after the last
   */
  public void forward(float[] dense, int n, int firstKernel, int endKernel) {
    first = firstKernel;
    count = endKernel - firstKernel;
    int d = s.embedding;
    int a = s.attention;
    int m = s.fields * n;
    int bias = s.keyValue + 2 * a * d;
    float sign = s.activation.sign();
    if (s.residual()) {
      Mkl.gemm('T', 'N', m, d, d, 1, e, 0, d, weights, 2 * a * d, d, 0, kv, 2 * a * m, m);
    }
    Mkl.gemm('T', 'N', m, 2 * a, d, sign, e, 0, d, weights, 0, d, 0, kv, 0, m);
    s.activation.forward(kv, 0, 2 * a, m, dense, bias);
    clock.lap(Part.PROJECTIONS);
    float root = (float) (1 / Math.sqrt(a));
    float[] q = queries.values;
    int at = first * m;
    Mkl.gemm('N', 'N', m, count, a, root, kv, 0, m, q, first * a, a, 0, attention, at, m);
    softmax.forward(attention, at, count, s.fields, n);
    if (s.residual()) {
      norm.forward(kv, attention, first, first + count, m);
    } else {
      for (int i = 0; i < a; i++) {
        System.arraycopy(kv, (a + i) * m, values[i], 0, m);
      }
      for (int k = first; k < first + count; k++) {
        System.arraycopy(attention, k * m, byKernel[k], 0, m);
      }
    }
    clock.lap(Part.ATTENTION);
  }

  /** Writes the attended fields of expert k, {@code [A][F][n]}. */
  public void attended(float[] dense, int k, int n, float[] out) {
    int a = s.attention;
    int m = s.fields * n;
    if (s.residual()) {
      norm.attended(dense, k, m, out);
      return;
    }
    for (int i = 0; i < a; i++) {
      Lanes.product(byKernel[k], values[i], piece, m);
      System.arraycopy(piece, 0, out, i * m, m);
    }
  }

  /** Starts the backward pass of a tile. */
  public void beginBackward(int n) {
    int m = s.fields * n;
    if (s.residual()) {
      norm.beginBackward(m);
    } else {
      for (float[] slope : dValues) {
        Arrays.fill(slope, 0, m, 0);
      }
    }
  }

  /**
   * Takes the gradient of the attended fields of expert k.
   *
   * @param dOut {@code [A][F][n]}
   */
  public void attendedBackward(float[] dense, int k, int n, float[] dOut, float[] gradients) {
    int a = s.attention;
    int m = s.fields * n;
    if (s.residual()) {
      norm.attendedBackward(dense, k, m, dOut, ones, dAttention, gradients);
      return;
    }
    Arrays.fill(sum, 0, m, 0);
    for (int i = 0; i < a; i++) {
      System.arraycopy(dOut, i * m, piece, 0, m);
      addBoth(piece, values[i], byKernel[k], sum, dValues[i], m);
    }
    System.arraycopy(sum, 0, dAttention, k * m, m);
  }

  /** Takes no gradient for expert k, which lies among those computed but counts for nothing. */
  public void skipBackward(int k, int n) {
    int m = s.fields * n;
    Arrays.fill(dAttention, k * m, (k + 1) * m, 0);
  }

  private static void addBoth(
      float[] dOut, float[] value, float[] weight, float[] dWeight, float[] dValue, int m) {
    for (int i = 0; i < m; i++) {
      dWeight[i] += dOut[i] * value[i];
      dValue[i] += dOut[i] * weight[i];
    }
  }

  /** Ends the backward pass of a tile: {@link #embeddings()} then holds their gradient. */
  public void backward(float[] dense, int n, float[] gradients) {
    int d = s.embedding;
    int a = s.attention;
    int m = s.fields * n;
    int extended = 2 * a + (s.residual() ? d : 0);
    if (s.residual()) {
      norm.backward(dense, m, dKv, gradients);
    } else {
      for (int i = 0; i < a; i++) {
        System.arraycopy(dValues[i], 0, dKv, (a + i) * m, m);
      }
    }
    float root = (float) (1 / Math.sqrt(a));
    int at = first * m;
    int query = first * a;
    softmax.backward(attention, at, dAttention, at, count, s.fields, n, root);
    float[] dA = dAttention;
    Mkl.gemm('T', 'N', a, count, m, 1, kv, 0, m, dA, at, m, 1, queries.slopes, query, a);
    Mkl.gemm('N', 'T', m, a, count, 1, dA, at, m, queries.values, query, a, 0, dKv, 0, m);
    clock.lap(Part.ATTENTION_BACKWARD);
    s.activation.backward(kv, dKv, 2 * a * m);
    Mkl.gemm('T', 'T', 2 * a, d, m, 1, dKv, 0, m, e, 0, d, 1, dWeights, 0, 2 * a);
    Mkl.addColumnSums(m, 2 * a, dKv, 0, ones, gradients, s.keyValue + 2 * a * d);
    Mkl.gemm('N', 'T', d, m, extended, 1, weights, 0, d, dKv, 0, m, 0, e, 0, d);
    clock.lap(Part.PROJECTIONS_BACKWARD);
  }

  /** Adds the gradients that the tiles of a step have in common. */
  public void finish(float[] dense, float[] gradients) {
    queries.finish(dense, gradients);
    for (int i = 0; i < dWeights.length; i++) {
      int unit = i % (2 * s.attention);
      gradients[s.keyValue + unit * s.embedding + i / (2 * s.attention)] += dWeights[i];
    }
  }
}
