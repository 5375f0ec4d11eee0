package io.tagloom.training.layers;

/**
 * Element-wise passes over the first numbers of arrays.
 *
 * <p>All arrays of a loop run from 0: the JIT compiler vectorises a loop only when every array in
 * it has the same index, and one with {@code x[i]} and {@code y[offset + i]} takes four times as
 * long. Pieces of larger arrays are therefore copied to arrays of their own, which costs little.
 */
final class Lanes {
  private Lanes() {}

  /** out = x * y. */
  static void product(float[] x, float[] y, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = x[i] * y[i];
    }
  }

  /** out += x * y. */
  static void addProduct(float[] x, float[] y, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] += x[i] * y[i];
    }
  }

  /** x *= y. */
  static void multiply(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      x[i] *= y[i];
    }
  }

  /** out += factor * x. */
  static void addScaled(float[] x, float factor, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] += factor * x[i];
    }
  }

  /** out += x. */
  static void add(float[] x, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] += x[i];
    }
  }

  /** out -= x. */
  static void subtract(float[] x, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] -= x[i];
    }
  }
}
