package io.tagloom.training.layers;

import io.tagloom.training.bigdl.Mkl;
import java.util.Arrays;

/**
 * The virtual-kernel gates of the tasks: how much each of a task's experts counts for a tag. It
 * never looks at the user.
 *
 * <p>Input: tag vectors {@code [D][n]} of a task. Output: weights {@code [K_t][n]} that sum to 1
 * over the task's kernels.
 */
public final class KernelGate {
  private final GateShape s;
  private final int[][] kernels;
  private final Projection keys;
  private final Softmax softmax;
  private final float[] ones;
  private final float[][] taskKeys;
  private final float[][] dTaskKeys;
  private final float[][] queries;
  private final float[] dQuery;

  /**
   * Gates for tiles of up to {@code rows} rows.
   *
   * @param kernels the kernels of each task
   */
  public KernelGate(GateShape shape, int rows, int[]... kernels) {
    this.s = shape;
    this.kernels = kernels.clone();
    int a = shape.attention;
    int key = shape.query + a * shape.out + a;
    this.keys =
        new Projection(
            shape.activation,
            shape.kernels,
            shape.embedding,
            a,
            shape.kernel,
            key,
            key + a * shape.embedding);
    this.softmax = new Softmax(rows);
    this.ones = new float[rows];
    Arrays.fill(ones, 1);
    this.taskKeys = new float[kernels.length][];
    this.dTaskKeys = new float[kernels.length][];
    this.queries = new float[kernels.length][];
    for (int t = 0; t < kernels.length; t++) {
      taskKeys[t] = new float[kernels[t].length * a];
      dTaskKeys[t] = new float[kernels[t].length * a];
      queries[t] = new float[a * rows];
    }
    this.dQuery = new float[a * rows];
  }

  /** Prepares for the tiles of a step. */
  public void begin(float[] dense) {
    int a = s.attention;
    if (s.projected()) {
      keys.begin(dense);
    }
    for (int t = 0; t < kernels.length; t++) {
      for (int i = 0; i < kernels[t].length; i++) {
        float[] from = s.projected() ? keys.values : dense;
        int offset = s.projected() ? 0 : s.kernel;
        System.arraycopy(from, offset + kernels[t][i] * a, taskKeys[t], i * a, a);
      }
      Arrays.fill(dTaskKeys[t], 0);
    }
  }

  /** Computes the gate weights of a task. */
  public void forward(float[] dense, int task, float[] tags, int n, float[] out) {
    int a = s.attention;
    int count = kernels[task].length;
    float[] query = query(task, tags);
    if (s.projected()) {
      float sign = s.activation.sign();
      Mkl.gemm('N', 'N', n, a, s.out, sign, tags, 0, n, dense, s.query, s.out, 0, query, 0, n);
      s.activation.forward(query, 0, a, n, dense, s.query + a * s.out);
    }
    Mkl.gemm('N', 'N', n, count, a, root(), query, 0, n, taskKeys[task], 0, a, 0, out, 0, n);
    softmax.forward(out, 0, 1, count, n);
  }

  /**
   * Adds the gradients of the weights and that of the tag vectors.
   *
   * @param gate the gate weights
   * @param dGate their gradient; overwritten
   * @param dTags the gradient is added here
   */
  public void backward(
      float[] dense,
      int task,
      float[] tags,
      int n,
      float[] gate,
      float[] dGate,
      float[] dTags,
      float[] gradients) {
    int a = s.attention;
    int count = kernels[task].length;
    float[] query = query(task, tags);
    float[] key = taskKeys[task];
    softmax.backward(gate, 0, dGate, 0, 1, count, n, root());
    Mkl.gemm('T', 'N', a, count, n, 1, query, 0, n, dGate, 0, n, 1, dTaskKeys[task], 0, a);
    if (!s.projected()) {
      Mkl.gemm('N', 'T', n, a, count, 1, dGate, 0, n, key, 0, a, 1, dTags, 0, n);
      return;
    }
    int d = s.out;
    Mkl.gemm('N', 'T', n, a, count, 1, dGate, 0, n, key, 0, a, 0, dQuery, 0, n);
    s.activation.backward(query, dQuery, a * n);
    Mkl.gemm('T', 'N', d, a, n, 1, tags, 0, n, dQuery, 0, n, 1, gradients, s.query, d);
    Mkl.addColumnSums(n, a, dQuery, 0, ones, gradients, s.query + a * d);
    Mkl.gemm('N', 'T', n, d, a, 1, dQuery, 0, n, dense, s.query, d, 1, dTags, 0, n);
  }

  /** Adds the gradients that the tiles of a step have in common. */
  public void finish(float[] dense, float[] gradients) {
    int a = s.attention;
    for (int t = 0; t < kernels.length; t++) {
      for (int i = 0; i < kernels[t].length; i++) {
        float[] to = s.projected() ? keys.slopes : gradients;
        int offset = (s.projected() ? 0 : s.kernel) + kernels[t][i] * a;
        for (int j = 0; j < a; j++) {
          to[offset + j] += dTaskKeys[t][i * a + j];
        }
      }
    }
    if (s.projected()) {
      keys.finish(dense, gradients);
    }
  }

  /** Leaves the whole weight to the kernel that has most of it; the first of equals. */
  public static void harden(float[] gate, int count, int n) {
    for (int r = 0; r < n; r++) {
      int best = 0;
      for (int k = 1; k < count; k++) {
        best = gate[k * n + r] > gate[best * n + r] ? k : best;
      }
      for (int k = 0; k < count; k++) {
        gate[k * n + r] = k == best ? 1 : 0;
      }
    }
  }

  private float[] query(int task, float[] tags) {
    return s.projected() ? queries[task] : tags;
  }

  private float root() {
    return s.projected() ? (float) (1 / Math.sqrt(s.attention)) : 1;
  }
}
