package io.tagloom.export;

/** Looks for NaN and infinity. */
final class Finite {
  private Finite() {}

  static boolean all(float[] values, int offset, int length) {
    float zero = 0;
    for (int i = offset; i < offset + length; i++) {
      // 0 times a number is 0, 0 times NaN or infinity is NaN.
      zero += 0f * values[i];
    }
    return zero == 0f;
  }

  static boolean all(float[] values) {
    return all(values, 0, values.length);
  }
}
