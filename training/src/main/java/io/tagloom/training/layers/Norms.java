package io.tagloom.training.layers;

/**
 * Lengths of vectors laid out as {@code [width][n]}: one over the length of each, taken as at least
 * 1e-8, and the square of that where the length is above 1e-8, else 0 (a clamped length does not
 * change with the vector).
 */
final class Norms {
  private static final double LEAST = 1e-8;

  /** One over the length, {@code [vectors][n]}. */
  final float[] inverse;

  /** Its square, or 0. */
  final float[] curve;

  private final Rows rows;
  private final float[] copy;

  Norms(int vectors, int width, int rows) {
    this.inverse = new float[vectors * rows];
    this.curve = new float[vectors * rows];
    this.rows = new Rows(width, rows);
    this.copy = new float[width * rows];
  }

  /** Computes the lengths of one set of vectors {@code [width][n]}. */
  void forward(float[] x, int offset, int vector, int width, int n) {
    System.arraycopy(x, offset, copy, 0, width * n);
    rows.dot(copy, 0, copy, inverse, vector * n, n);
    for (int i = vector * n; i < (vector + 1) * n; i++) {
      double length = Math.sqrt(inverse[i]);
      double one = 1 / Math.max(length, LEAST);
      inverse[i] = (float) one;
      curve[i] = length > LEAST ? (float) (one * one) : 0;
    }
  }
}
