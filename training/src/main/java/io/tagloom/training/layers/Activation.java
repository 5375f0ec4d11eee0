package io.tagloom.training.layers;

import io.tagloom.training.bigdl.Mkl;

/** Activation of queries, keys and values. */
public enum Activation {
  /** 1 / (1 + exp(-x)). */
  SIGMOID,
  /** max(x, 0). */
  RELU,
  /** x. */
  IDENTITY;

  private static final double LARGE = 1e38;

  /**
   * Factor that the product before {@link #forward} is to carry: the sigmoid wants -x, which the
   * product gives for nothing.
   */
  float sign() {
    return this == SIGMOID ? -1 : 1;
  }

  /**
   * y = phi(sign * x + bias) in place.
   *
   * @param x {@code [units][n]} from offset: products times {@link #sign()}
   * @param bias one number per unit from biasOffset
   */
  void forward(float[] x, int offset, int units, int n, float[] bias, int biasOffset) {
    for (int j = 0; j < units; j++) {
      if (this == RELU) {
        addPositive(x, offset + j * n, n, bias[biasOffset + j]);
      } else {
        add(x, offset + j * n, n, sign() * bias[biasOffset + j]);
      }
    }
    if (this == SIGMOID) {
      Mkl.exp(units * n, x, offset);
      oneOverOnePlus(x, offset, units * n);
    }
  }

  /** dx = dy * phi'(x) in place of dy, from y = phi(x). */
  void backward(float[] y, float[] dy, int count) {
    if (this == SIGMOID) {
      for (int i = 0; i < count; i++) {
        dy[i] *= y[i] - y[i] * y[i];
      }
    } else if (this == RELU) {
      keepWherePositive(y, dy, count, 1);
    }
  }

  /** phi of one number. */
  double apply(double x) {
    return this == SIGMOID ? 1 / (1 + Math.exp(-x)) : this == RELU ? Math.max(x, 0) : x;
  }

  /** phi' of one number, from y = phi(x). */
  double slope(double y) {
    return this == SIGMOID ? y - y * y : this == RELU && y <= 0 ? 0 : 1;
  }

  /** x = max(x, 0) in place. */
  static void positive(float[] x, int offset, int count) {
    // x + |x| is exact and vectorises on every JVM.
    for (int i = 0; i < count; i++) {
      x[offset + i] = (x[offset + i] + Math.abs(x[offset + i])) * (float) 0.5;
    }
  }

  /** dy = dy * factor where y is above 0, else 0; for y of 0 or more. */
  static void keepWherePositive(float[] y, float[] dy, int count, float factor) {
    // A comparison would be a branch that is guessed wrong half the time; min vectorises.
    for (int i = 0; i < count; i++) {
      dy[i] *= Math.min(y[i] * (float) LARGE, factor);
    }
  }

  private static void addPositive(float[] x, int offset, int count, float bias) {
    for (int i = 0; i < count; i++) {
      float v = x[offset + i] + bias;
      x[offset + i] = (v + Math.abs(v)) * (float) 0.5;
    }
  }

  private static void add(float[] x, int offset, int count, float bias) {
    for (int i = 0; i < count; i++) {
      x[offset + i] += bias;
    }
  }

  private static void oneOverOnePlus(float[] x, int offset, int count) {
    for (int i = 0; i < count; i++) {
      x[offset + i] = 1 / (1 + x[offset + i]);
    }
  }
}
