package io.tagloom.training.trainer;

/** Rows of one table with one vector each, by ascending row. Buffers grow and are used again. */
final class TouchedRows {
  final int width;
  int count;
  int[] rows = {};
  float[] values = {};

  TouchedRows(int width) {
    this.width = width;
  }

  /** Makes room for some rows. */
  void reserve(int size) {
    if (rows.length < size) {
      rows = new int[size + size / 4];
      values = new float[rows.length * width];
    }
  }

  /** Becomes the sum of two others, which have ascending rows; equal rows are added, left first. */
  void sum(TouchedRows left, TouchedRows right) {
    reserve(left.count + right.count);
    count = 0;
    int l = 0;
    int r = 0;
    while (l < left.count || r < right.count) {
      boolean takeLeft = r == right.count || (l < left.count && left.rows[l] <= right.rows[r]);
      boolean both = takeLeft && r < right.count && left.rows[l] == right.rows[r];
      TouchedRows from = takeLeft ? left : right;
      int at = takeLeft ? l++ : r++;
      rows[count] = from.rows[at];
      System.arraycopy(from.values, at * width, values, count * width, width);
      if (both) {
        for (int i = 0; i < width; i++) {
          values[count * width + i] += right.values[r * width + i];
        }
        r++;
      }
      count++;
    }
  }
}
