package io.tagloom.export.scoring;

import java.util.Arrays;

/**
 * Order statistics without branches on the values, which a processor would mispredict half the
 * time.
 */
final class Selection {
  private static final int HALVINGS = 6;

  private Selection() {}

  /**
   * A value that at least n of the first {@code count} values reach: the n-th largest or a little
   * less, by halving the range between smallest and largest.
   */
  static float floor(float[] values, int count, int n) {
    float low = values[0];
    float high = values[0];
    for (int i = 1; i < count; i++) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
    for (int i = 0; i < HALVINGS; i++) {
      float middle = low + (high - low) * 0.5f;
      boolean enough = reaching(values, count, middle) >= n;
      low = enough ? middle : low;
      high = enough ? high : middle;
    }
    return low;
  }

  /**
   * 1 if the value is at least the floor, else 0: the sign of the difference, so without a branch.
   */
  private static int reaches(float value, float floor) {
    return 1 + (Float.floatToRawIntBits(value - floor) >> 31);
  }

  private static int reaching(float[] values, int count, float floor) {
    int reaching = 0;
    for (int i = 0; i < count; i++) {
      reaching += reaches(values[i], floor);
    }
    return reaching;
  }

  /** Positions of the values that reach a floor, into {@code found}; returns how many. */
  static int positions(float[] values, int count, float floor, int[] found) {
    int size = 0;
    for (int i = 0; i < count; i++) {
      found[size] = i;
      size += reaches(values[i], floor);
    }
    return size;
  }

  /**
   * Positions, from {@code offset}, of the values of some columns that reach a floor.
   *
   * @param values rows of {@code stride} values from {@code offset}, {@code count} in all
   * @param columns ascending columns that are looked at
   * @param found filled; room for one more than are found
   */
  static int positions(
      float[] values,
      int offset,
      int count,
      int stride,
      int[] columns,
      int columnCount,
      float floor,
      int[] found) {
    int size = 0;
    int full = count / stride * stride;
    for (int row = 0; row < full; row += stride) {
      for (int i = 0; i < columnCount; i++) {
        int position = row + columns[i];
        found[size] = position;
        size += reaches(values[offset + position], floor);
      }
    }
    for (int i = 0; i < columnCount && full + columns[i] < count; i++) {
      found[size] = full + columns[i];
      size += reaches(values[offset + full + columns[i]], floor);
    }
    return size;
  }

  /**
   * Maxima of columns: {@code best[c]} of the values {@code c, c + stride, c + 2 stride, ...}, by
   * halving the length again and again.
   *
   * @param best filled up to {@code stride}; room for as many values as there are, and for stride
   * @param other scratch of the same size
   */
  static void columnMaxima(
      float[] values, int offset, int count, int stride, float[] best, float[] other) {
    int length = stride;
    while (length < count) {
      length *= 2;
    }
    int half = Math.max(stride, length / 2);
    Arrays.fill(best, 0, half, Float.NEGATIVE_INFINITY);
    System.arraycopy(values, offset, best, 0, Math.min(half, count));
    if (count > half) {
      System.arraycopy(values, offset + half, other, 0, count - half);
      larger(best, other, count - half);
    }
    for (half /= 2; half >= stride; half /= 2) {
      System.arraycopy(best, half, other, 0, half);
      larger(best, other, half);
    }
  }

  /** Without offsets: a loop over parts of arrays that may overlap would not be vectorised. */
  private static void larger(float[] best, float[] other, int count) {
    for (int i = 0; i < count; i++) {
      best[i] = Math.max(best[i], other[i]);
    }
  }
}
