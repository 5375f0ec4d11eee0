package io.tagloom.training.layers;

/** Passes over {@code [width][n]} arrays, row innermost, with one number per row. */
final class Rows {
  private Rows() {}

  /** out[r] = sum over the width of x * y. */
  static void dot(
      float[] x, int xOffset, float[] y, int yOffset, float[] out, int offset, int width, int n) {
    for (int r = 0; r < n; r++) {
      out[offset + r] = x[xOffset + r] * y[yOffset + r];
    }
    for (int j = 1; j < width; j++) {
      addProduct(x, xOffset + j * n, y, yOffset + j * n, out, offset, n);
    }
  }

  /** to += factor[r] * x for each of the width. */
  static void addScaled(
      float[] factor, int at, float[] x, int from, float[] to, int offset, int width, int n) {
    for (int j = 0; j < width; j++) {
      addProduct(factor, at, x, from + j * n, to, offset + j * n, n);
    }
  }

  /** to -= factor[r] * x for each of the width. */
  static void subtractScaled(
      float[] factor, int at, float[] x, int from, float[] to, int offset, int width, int n) {
    for (int j = 0; j < width; j++) {
      subtractProduct(factor, at, x, from + j * n, to, offset + j * n, n);
    }
  }

  /** x *= factor[r] for each of the width. */
  static void scale(float[] factor, int at, float[] x, int offset, int width, int n) {
    for (int j = 0; j < width; j++) {
      multiply(factor, at, x, offset + j * n, n);
    }
  }

  /** out = x * y. */
  static void product(float[] x, int from, float[] y, int at, float[] out, int to, int n) {
    for (int r = 0; r < n; r++) {
      out[to + r] = x[from + r] * y[at + r];
    }
  }

  /** out += x * y. */
  static void addProduct(float[] x, int from, float[] y, int at, float[] out, int to, int n) {
    for (int r = 0; r < n; r++) {
      out[to + r] += x[from + r] * y[at + r];
    }
  }

  private static void subtractProduct(
      float[] x, int from, float[] y, int at, float[] out, int to, int n) {
    for (int r = 0; r < n; r++) {
      out[to + r] -= x[from + r] * y[at + r];
    }
  }

  private static void multiply(float[] factor, int at, float[] x, int to, int n) {
    for (int r = 0; r < n; r++) {
      x[to + r] *= factor[at + r];
    }
  }
}
