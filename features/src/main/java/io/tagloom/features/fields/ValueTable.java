package io.tagloom.features.fields;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.array.ByteArrayMethods;
import org.apache.spark.unsafe.types.UTF8String;

/** Texts by position and back: all bytes in one array, an open hash table of positions beside. */
final class ValueTable implements Serializable {
  private static final long serialVersionUID = 1L;

  private final byte[] bytes;
  private final int[] ends;
  private final boolean[] present;
  private final int[] slots;
  private final int mask;

  /** Texts in order; null leaves a position empty. */
  ValueTable(List<UTF8String> values) {
    long total = 0;
    for (UTF8String value : values) {
      total += value == null ? 0 : value.numBytes();
    }
    if (total > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "Invalid vocabulary: "
              + total
              + " bytes of values; expected less than 2 GiB. Lower max-size.");
    }
    this.bytes = new byte[(int) total];
    this.ends = new int[values.size()];
    this.present = new boolean[values.size()];
    this.mask = Integer.highestOneBit(Math.max(8, values.size()) * 2 - 1) * 2 - 1;
    this.slots = new int[mask + 1];
    int at = 0;
    for (int i = 0; i < ends.length; i++) {
      UTF8String value = values.get(i);
      if (value != null) {
        value.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET + at);
        at += value.numBytes();
        present[i] = true;
      }
      ends[i] = at;
      if (value != null) {
        insert(value, i);
      }
    }
  }

  private void insert(UTF8String value, int position) {
    int slot = slot(value);
    if (slots[slot] != 0) {
      throw new IllegalArgumentException(
          "Invalid vocabulary: " + value + " is in it twice; expected each value once.");
    }
    slots[slot] = position + 1;
  }

  /** The slot that holds the text, or the empty one where it belongs. */
  private int slot(UTF8String value) {
    int slot = value.hashCode() & mask;
    while (slots[slot] != 0 && !same(slots[slot] - 1, value)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private boolean same(int position, UTF8String value) {
    int start = position == 0 ? 0 : ends[position - 1];
    int length = ends[position] - start;
    return length == value.numBytes()
        && ByteArrayMethods.arrayEquals(
            bytes,
            Platform.BYTE_ARRAY_OFFSET + start,
            value.getBaseObject(),
            value.getBaseOffset(),
            length);
  }

  /** Position of a text, -1 when it is not there. */
  int find(UTF8String value) {
    return slots[slot(value)] - 1;
  }

  int size() {
    return ends.length;
  }

  boolean has(int position) {
    return present[position];
  }

  /** A copy of the text at a position. */
  UTF8String at(int position) {
    int start = position == 0 ? 0 : ends[position - 1];
    return UTF8String.fromBytes(Arrays.copyOfRange(bytes, start, ends[position]));
  }
}
