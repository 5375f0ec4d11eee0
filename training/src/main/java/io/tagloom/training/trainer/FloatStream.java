package io.tagloom.training.trainer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Arrays of floats as little-endian bytes, in chunks. */
final class FloatStream {
  private static final int CHUNK = 1 << 16;

  private FloatStream() {}

  static void write(DataOutputStream out, float[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      bytes.asFloatBuffer().put(values, from, count);
      out.write(bytes.array(), 0, 4 * count);
    }
  }

  static void read(DataInputStream in, float[] into) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < into.length; from += CHUNK) {
      int count = Math.min(CHUNK, into.length - from);
      in.readFully(bytes.array(), 0, 4 * count);
      bytes.asFloatBuffer().get(into, from, count);
    }
  }

  /** The rows {@code first, first + every, ...} of a table. */
  static void writeRows(DataOutputStream out, float[] table, int width, int first, int every)
      throws IOException {
    float[] rows = new float[Math.max(width, CHUNK / width * width)];
    int filled = 0;
    for (long at = (long) first * width; at < table.length; at += (long) every * width) {
      System.arraycopy(table, (int) at, rows, filled, width);
      filled += width;
      if (filled == rows.length) {
        write(out, rows);
        filled = 0;
      }
    }
    write(out, Arrays.copyOf(rows, filled));
  }

  /** Reads what {@link #writeRows} has written. */
  static void readRows(DataInputStream in, float[] table, int width, int first, int every)
      throws IOException {
    int left = count(table.length / width, first, every);
    int most = Math.max(1, CHUNK / width);
    for (int row = first; left > 0; ) {
      float[] rows = new float[Math.min(left, most) * width];
      read(in, rows);
      for (int at = 0; at < rows.length; at += width, row += every) {
        System.arraycopy(rows, at, table, row * width, width);
      }
      left -= rows.length / width;
    }
  }

  /** How many of {@code rows} rows are among {@code first, first + every, ...}. */
  static int count(int rows, int first, int every) {
    return first >= rows ? 0 : (rows - first - 1) / every + 1;
  }
}
