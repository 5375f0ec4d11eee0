package io.tagloom.training.layers;

import io.tagloom.training.bigdl.Mkl;

/** Softmax over the middle dimension of {@code [groups][terms][n]}, row innermost. */
final class Softmax {
  private final float[] scratch;

  Softmax(int rows) {
    this.scratch = new float[rows];
  }

  /** x = exp(x) / sum over the terms of exp(x), in place. */
  void forward(float[] x, int offset, int groups, int terms, int n) {
    int size = terms * n;
    for (int g = 0; g < groups; g++) {
      int from = offset + g * size;
      System.arraycopy(x, from, scratch, 0, n);
      for (int i = 1; i < terms; i++) {
        max(x, from + i * n, scratch, n);
      }
      for (int i = 0; i < terms; i++) {
        subtract(scratch, x, from + i * n, n);
      }
    }
    Mkl.exp(groups * size, x, offset);
    for (int g = 0; g < groups; g++) {
      int from = offset + g * size;
      System.arraycopy(x, from, scratch, 0, n);
      for (int i = 1; i < terms; i++) {
        add(x, from + i * n, scratch, n);
      }
      invert(scratch, n);
      for (int i = 0; i < terms; i++) {
        multiply(scratch, x, from + i * n, n);
      }
    }
  }

  /** dx = factor * y * (dy - sum over the terms of y * dy), in place of dy. */
  void backward(
      float[] y, int yOffset, float[] dy, int offset, int groups, int terms, int n, float factor) {
    int size = terms * n;
    for (int g = 0; g < groups; g++) {
      int from = offset + g * size;
      int at = yOffset + g * size;
      product(y, at, dy, from, scratch, n);
      for (int i = 1; i < terms; i++) {
        addProduct(y, at + i * n, dy, from + i * n, scratch, n);
      }
      for (int i = 0; i < terms; i++) {
        slope(y, at + i * n, dy, from + i * n, scratch, n, factor);
      }
    }
  }

  private static void max(float[] x, int from, float[] top, int n) {
    // max(a, b) = b + max(a - b, 0) would round; the comparison does not.
    for (int r = 0; r < n; r++) {
      top[r] = Math.max(top[r], x[from + r]);
    }
  }

  private static void subtract(float[] top, float[] x, int from, int n) {
    for (int r = 0; r < n; r++) {
      x[from + r] -= top[r];
    }
  }

  private static void add(float[] x, int from, float[] sum, int n) {
    for (int r = 0; r < n; r++) {
      sum[r] += x[from + r];
    }
  }

  private static void invert(float[] x, int n) {
    for (int r = 0; r < n; r++) {
      x[r] = 1 / x[r];
    }
  }

  private static void multiply(float[] factor, float[] x, int from, int n) {
    for (int r = 0; r < n; r++) {
      x[from + r] *= factor[r];
    }
  }

  private static void product(float[] x, int from, float[] y, int at, float[] out, int n) {
    for (int r = 0; r < n; r++) {
      out[r] = x[from + r] * y[at + r];
    }
  }

  private static void addProduct(float[] x, int from, float[] y, int at, float[] out, int n) {
    for (int r = 0; r < n; r++) {
      out[r] += x[from + r] * y[at + r];
    }
  }

  private static void slope(
      float[] y, int at, float[] dy, int from, float[] sum, int n, float factor) {
    for (int r = 0; r < n; r++) {
      dy[from + r] = factor * y[at + r] * (dy[from + r] - sum[r]);
    }
  }
}
