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

  /** Bytes of its rows and vectors, each number with 4, and of their count. */
  int bytes() {
    return Math.addExact(4, Math.multiplyExact(4 * count, 1 + width));
  }

  /** Deals rows to their owners, by the row's number divided by how many there are. */
  static void deal(int count, int[] rows, float[] values, TouchedRows[] owners) {
    int[] counts = new int[owners.length];
    for (int i = 0; i < count; i++) {
      counts[rows[i] % owners.length]++;
    }
    for (int i = 0; i < owners.length; i++) {
      owners[i].reserve(counts[i]);
      owners[i].count = 0;
    }
    for (int i = 0; i < count; i++) {
      TouchedRows owner = owners[rows[i] % owners.length];
      owner.rows[owner.count] = rows[i];
      System.arraycopy(
          values, i * owner.width, owner.values, owner.count * owner.width, owner.width);
      owner.count++;
    }
  }

  /** Takes the vectors of its rows from a table. */
  void copyFrom(float[] table) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(table, rows[i] * width, values, i * width, width);
    }
  }

  /** Writes the vectors of its rows into a table. */
  void copyTo(float[] table) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(values, i * width, table, rows[i] * width, width);
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
