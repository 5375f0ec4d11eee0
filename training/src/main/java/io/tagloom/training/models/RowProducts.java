package io.tagloom.training.models;

import io.tagloom.training.bigdl.Mkl;

/** Products of row-major matrices on MKL, for modules that do not know BigDL. */
public final class RowProducts {
  private RowProducts() {}

  /**
   * C = A * B.
   *
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A, rows of B
   * @param a left factor, element (i, j) at {@code aOffset + i * aStride + j}
   * @param b right factor, element (i, j) at {@code bOffset + i * bStride + j}
   * @param c result, element (i, j) at {@code i * cStride + j}; overwritten
   */
  public static void times(
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
      int cStride) {
    // MKL counts by columns, so that it sees all three transposed: C^T = B^T * A^T.
    Mkl.gemm('N', 'N', n, m, k, 1f, b, bOffset, bStride, a, aOffset, aStride, 0f, c, 0, cStride);
  }
}
