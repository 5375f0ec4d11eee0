package io.tagloom.export.scoring;

import java.io.Serializable;

/** c = a * b^T for row-major parts of float arrays. */
@FunctionalInterface
public interface MatrixProduct extends Serializable {
  /**
   * Writes m x n products.
   *
   * @param m rows of a and c
   * @param n rows of b, columns of c
   * @param k columns of a and b
   * @param a left factor, element (i, j) at {@code aOffset + i * aStride + j}
   * @param b right factor, element (i, j) at {@code bOffset + i * bStride + j}
   * @param c result, element (i, j) at {@code i * cStride + j}; overwritten
   */
  void multiply(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bOffset,
      int bStride,
      float[] c,
      int cStride);

  /** The product in plain loops. */
  static MatrixProduct plain() {
    return (m, n, k, a, aOffset, aStride, b, bOffset, bStride, c, cStride) -> {
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          c[i * cStride + j] = Dot.of(a, aOffset + i * aStride, b, bOffset + j * bStride, k);
        }
      }
    };
  }
}
