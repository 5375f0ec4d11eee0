package io.tagloom.training.bigdl;

import com.intel.analytics.bigdl.mkl.MKL;

/**
 * The products and vector functions of Intel MKL that the layers use, as BigDL ships them.
 *
 * <p>Matrices are column-major, as in BLAS: element (i, j) of a matrix with leading dimension ld
 * lies at {@code offset + j * ld + i}. Each call computes on the calling thread.
 */
public final class Mkl {
  /**
   * Columns that MKL multiplies without packing the left factor first. Seen on AVX2: 128 x 32 x 129
   * gives 71 GFLOP/s in two halves and 30 in one piece; 128 x 128 x 321 gives 71 in eight, and in
   * one piece 55 to 70, by where its buffer happens to lie.
   */
  private static final int NARROW = 16;

  /** Rows from which, and numbers of a left factor up to which, that is worth it. */
  private static final int TALL = 64;

  private static final int CACHED = 1 << 16;

  static {
    if (!MKL.isMKLLoaded()) {
      throw new UnsatisfiedLinkError(
          "Cannot load MKL: BigDL's native library does not start here. It needs 64-bit Linux on"
              + " x86, macOS or Windows, and a temporary folder that allows execution.");
    }
  }

  private Mkl() {}

  /**
   * C = alpha * op(A) * op(B) + beta * C with C of m x n and k inner terms.
   *
   * @param transA 'N' to take A as it is, 'T' to take its transpose
   * @param transB the same for B
   */
  public static void gemm(
      char transA,
      char transB,
      int m,
      int n,
      int k,
      float alpha,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      int ldb,
      float beta,
      float[] c,
      int cOffset,
      int ldc) {
    boolean narrow = transA == 'N' && m >= TALL && m * (long) k <= CACHED;
    int step = narrow ? NARROW : n;
    int next = transB == 'N' ? ldb : 1;
    for (int j = 0; j < n; j += step) {
      int columns = Math.min(step, n - j);
      int from = bOffset + j * next;
      int to = cOffset + j * ldc;
      MKL.vsgemm(
          transA, transB, m, columns, k, alpha, a, aOffset, lda, b, from, ldb, beta, c, to, ldc);
    }
  }

  /** The same in double precision. */
  public static void gemm(
      char transA,
      char transB,
      int m,
      int n,
      int k,
      double alpha,
      double[] a,
      int aOffset,
      int lda,
      double[] b,
      int bOffset,
      int ldb,
      double beta,
      double[] c,
      int cOffset,
      int ldc) {
    MKL.vdgemm(
        transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
  }

  /** y[j] += sum_i A[i, j] for the columns of an m x n matrix without gaps. */
  public static void addColumnSums(
      int m, int n, float[] a, int aOffset, float[] ones, float[] y, int yOffset) {
    MKL.vsgemv('T', m, n, 1, a, aOffset, m, ones, 0, 1, 1, y, yOffset, 1);
  }

  /** The same in double precision. */
  public static void addColumnSums(
      int m, int n, double[] a, int aOffset, double[] ones, double[] y, int yOffset) {
    MKL.vdgemv('T', m, n, 1, a, aOffset, m, ones, 0, 1, 1, y, yOffset, 1);
  }

  /** Inner product of the first n numbers of two arrays. */
  public static float dot(int n, float[] x, float[] y) {
    return MKL.vsdot(n, x, 0, 1, y, 0, 1);
  }

  /** The same in double precision. */
  public static double dot(int n, double[] x, double[] y) {
    return MKL.vddot(n, x, 0, 1, y, 0, 1);
  }

  /** x = 1 / sqrt(x) for the first n numbers. */
  public static void inverseRoot(int n, float[] x) {
    MKL.vsPowx(n, x, 0, -0.5f, x, 0);
  }

  /** The same in double precision. */
  public static void inverseRoot(int n, double[] x) {
    MKL.vdPowx(n, x, 0, -0.5, x, 0);
  }

  /** x = exp(x). */
  public static void exp(int n, float[] x, int offset) {
    MKL.vsExp(n, x, offset, x, offset);
  }

  /** The same in double precision. */
  public static void exp(int n, double[] x, int offset) {
    MKL.vdExp(n, x, offset, x, offset);
  }
}
