package io.tagloom.training.layers;

import io.tagloom.training.bigdl.Mkl;
import java.util.Arrays;

/**
 * Passes over {@code [width][n]} arrays, row innermost, with one number per row.
 *
 * <p>A number per row is first spread over the width by a product with ones, and a sum over the
 * width is a product with ones too, so that what remains are long flat loops (see {@link Lanes}).
 */
final class Rows {
  private final int width;
  private final float[] ones;
  private final float[] left;
  private final float[] right;

  Rows(int width, int rows) {
    this.width = width;
    this.ones = new float[width];
    Arrays.fill(ones, 1);
    this.left = new float[width * rows];
    this.right = new float[width * rows];
  }

  /** out[r] = sum over the width of x * y, with y from 0. */
  void dot(float[] x, int xOffset, float[] y, float[] out, int offset, int n) {
    System.arraycopy(x, xOffset, left, 0, width * n);
    Lanes.multiply(left, y, width * n);
    Mkl.gemm('N', 'N', n, 1, width, 1, left, 0, n, ones, 0, width, 0, out, offset, n);
  }

  /** to += factor[r] * x for each of the width, with to from 0. */
  void addScaled(float[] factor, int at, float[] x, int from, float[] to, int n) {
    System.arraycopy(x, from, left, 0, width * n);
    spread(factor, at, right, n);
    Lanes.addProduct(left, right, to, width * n);
  }

  /** to += factor[r] * x for each of the width, with x from 0. */
  void addScaledInto(float[] factor, int at, float[] x, float[] to, int offset, int n) {
    System.arraycopy(to, offset, left, 0, width * n);
    spread(factor, at, right, n);
    Lanes.addProduct(x, right, left, width * n);
    System.arraycopy(left, 0, to, offset, width * n);
  }

  /** to += factor[r] * x for each of the width, both from the same offset. */
  void addOwn(float[] factor, float[] x, float[] to, int offset, int n) {
    System.arraycopy(x, offset, left, 0, width * n);
    scale(factor, left, n);
    System.arraycopy(to, offset, right, 0, width * n);
    Lanes.add(left, right, width * n);
    System.arraycopy(right, 0, to, offset, width * n);
  }

  /** out[j][r] = factor[r] for each of the width. */
  private void spread(float[] factor, int at, float[] out, int n) {
    Mkl.gemm('N', 'N', n, width, 1, 1, factor, at, n, ones, 0, 1, 0, out, 0, n);
  }

  /** x *= factor[r] for each of the width. */
  void scale(float[] factor, float[] x, int n) {
    spread(factor, 0, right, n);
    Lanes.multiply(x, right, width * n);
  }

  /** out = x * y for one number per row. */
  static void product(float[] x, int from, float[] y, int at, float[] out, int to, int n) {
    for (int r = 0; r < n; r++) {
      out[to + r] = x[from + r] * y[at + r];
    }
  }

  /** out += x * y for one number per row. */
  static void addProduct(float[] x, int from, float[] y, int at, float[] out, int to, int n) {
    for (int r = 0; r < n; r++) {
      out[to + r] += x[from + r] * y[at + r];
    }
  }

  /** x *= factor for one number per row. */
  static void multiply(float[] factor, int at, float[] x, int to, int n) {
    for (int r = 0; r < n; r++) {
      x[to + r] *= factor[at + r];
    }
  }
}
