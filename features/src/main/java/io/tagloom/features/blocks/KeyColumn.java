package io.tagloom.features.blocks;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A key of each row of a block: UTF-8 bytes one after another, made into texts only when asked for.
 */
final class KeyColumn implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] lengths;
  private final byte[] bytes;
  private transient volatile String[] texts;

  /**
   * Wraps arrays.
   *
   * @param lengths bytes of each row's text plus 1, 0 for null
   * @param bytes as many as the lengths say
   */
  KeyColumn(int[] lengths, byte[] bytes) {
    this.lengths = lengths;
    this.bytes = bytes;
  }

  int[] lengths() {
    return lengths;
  }

  byte[] bytes() {
    return bytes;
  }

  /** One text per row, null where there is none. */
  String[] texts() {
    if (texts == null) {
      String[] decoded = new String[lengths.length];
      int at = 0;
      for (int row = 0; row < decoded.length; row++) {
        if (lengths[row] > 0) {
          decoded[row] = new String(bytes, at, lengths[row] - 1, StandardCharsets.UTF_8);
          at += lengths[row] - 1;
        }
      }
      texts = decoded;
    }
    return texts;
  }

  /** Growing arrays of a key. */
  static final class Builder {
    private int[] lengths;
    private byte[] bytes = new byte[4096];
    private int size;

    Builder(int rows) {
      lengths = new int[rows];
    }

    /** Sets the text of a row; null leaves it out. Rows come in order. */
    void set(int row, UTF8String text) {
      size -= Math.max(0, lengths[row] - 1);
      lengths[row] = 0;
      if (text != null) {
        int more = text.numBytes();
        if (size + more > bytes.length) {
          bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
        text.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET + size);
        size += more;
        lengths[row] = more + 1;
      }
    }

    void grow(int rows) {
      lengths = Arrays.copyOf(lengths, rows);
    }

    KeyColumn build(int rows) {
      int all = 0;
      for (int row = 0; row < rows; row++) {
        all += Math.max(0, lengths[row] - 1);
      }
      return new KeyColumn(Arrays.copyOf(lengths, rows), Arrays.copyOf(bytes, all));
    }
  }
}
