package io.tagloom.features.fields;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.array.ByteArrayMethods;

/**
 * The columns a field was read from in the row before, byte by byte. Rows of a user come one after
 * another, so that what was made of his columns can be used again.
 */
final class LastInput {
  private static final int NULL = -1;
  private static final int NEVER = -2;

  private final int ordinal;
  private final boolean number;
  private final int[] lengths;
  private final byte[][] bytes;
  private final long[] words;

  /**
   * Watches columns that lie side by side.
   *
   * @param ordinal the first
   * @param columns their number
   * @param number whether they are doubles; otherwise texts or arrays
   */
  LastInput(int ordinal, int columns, boolean number) {
    this.ordinal = ordinal;
    this.number = number;
    this.lengths = new int[columns];
    this.bytes = new byte[columns][32];
    this.words = new long[columns];
    forget();
  }

  /** Makes the next row a new one. */
  void forget() {
    Arrays.fill(lengths, NEVER);
  }

  /** Whether the row has what the row before had; if not, it is what the next is compared with. */
  boolean repeats(InternalRow row) {
    if (!(row instanceof UnsafeRow)) {
      return false;
    }
    boolean same = true;
    for (int i = 0; i < lengths.length; i++) {
      same &= repeats((UnsafeRow) row, i);
    }
    return same;
  }

  private boolean repeats(UnsafeRow row, int i) {
    if (row.isNullAt(ordinal + i)) {
      boolean same = lengths[i] == NULL;
      lengths[i] = NULL;
      return same;
    }
    long word = row.getLong(ordinal + i);
    if (number) {
      boolean same = lengths[i] == Long.BYTES && words[i] == word;
      lengths[i] = Long.BYTES;
      words[i] = word;
      return same;
    }
    // A word holds where the bytes are in the row, and how many.
    int length = (int) word;
    long offset = row.getBaseOffset() + (word >>> 32);
    if (lengths[i] == length
        && ByteArrayMethods.arrayEquals(
            row.getBaseObject(), offset, bytes[i], Platform.BYTE_ARRAY_OFFSET, length)) {
      return true;
    }
    if (bytes[i].length < length) {
      bytes[i] = new byte[2 * length];
    }
    Platform.copyMemory(row.getBaseObject(), offset, bytes[i], Platform.BYTE_ARRAY_OFFSET, length);
    lengths[i] = length;
    return false;
  }
}
