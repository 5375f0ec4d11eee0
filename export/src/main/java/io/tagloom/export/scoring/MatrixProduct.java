package io.tagloom.export.scoring;

import java.io.Serializable;
import java.util.Arrays;

/** c = a * b for row-major parts of float arrays. */
@FunctionalInterface
public interface MatrixProduct extends Serializable {
  /**
   * Writes m x n products.
   *
   * @param m rows of a and c
   * @param n columns of b and c
   * @param k columns of a, rows of b
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
        Arrays.fill(c, i * cStride, i * cStride + n, 0f);
        for (int l = 0; l < k; l++) {
          float factor = a[aOffset + i * aStride + l];
          for (int j = 0; j < n; j++) {
            c[i * cStride + j] += factor * b[bOffset + l * bStride + j];
          }
        }
      }
    };
  }
}
