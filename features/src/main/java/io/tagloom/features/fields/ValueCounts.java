package io.tagloom.features.fields;

import java.util.Arrays;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.array.ByteArrayMethods;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Counts of texts in flat arrays: for each the rows it is in and the last day. Entries are numbered
 * in the order they came until {@link #clear()}.
 */
final class ValueCounts {
  private static final int FIRST_SIZE = 64;

  private byte[] bytes;
  private int[] ends;
  private int[] hashes;
  private long[] rows;
  private long[] lastRows;
  private int[] days;
  private int[] slots;
  private int size;

  ValueCounts() {
    clear();
  }

  /** Forgets all entries. */
  void clear() {
    bytes = new byte[16 * FIRST_SIZE];
    ends = new int[FIRST_SIZE + 1];
    hashes = new int[FIRST_SIZE];
    rows = new long[FIRST_SIZE];
    lastRows = new long[FIRST_SIZE];
    days = new int[FIRST_SIZE];
    slots = new int[2 * FIRST_SIZE];
    size = 0;
  }

  int size() {
    return size;
  }

  /** Bytes of all texts. */
  int textBytes() {
    return ends[size];
  }

  /** The entry of a text, a new one without rows if there is none. */
  int entry(UTF8String value) {
    int hash = value.hashCode();
    int slot = hash & slots.length - 1;
    while (slots[slot] != 0) {
      int entry = slots[slot] - 1;
      if (hashes[entry] == hash && same(entry, value)) {
        return entry;
      }
      slot = slot + 1 & slots.length - 1;
    }
    slots[slot] = size + 1;
    append(value, hash);
    if (2 * size > slots.length) {
      widen();
    }
    return size - 1;
  }

  private boolean same(int entry, UTF8String value) {
    int length = ends[entry + 1] - ends[entry];
    return length == value.numBytes()
        && ByteArrayMethods.arrayEquals(
            bytes,
            Platform.BYTE_ARRAY_OFFSET + ends[entry],
            value.getBaseObject(),
            value.getBaseOffset(),
            length);
  }

  private void append(UTF8String value, int hash) {
    if (size == hashes.length) {
      ends = Arrays.copyOf(ends, 2 * size + 1);
      hashes = Arrays.copyOf(hashes, 2 * size);
      rows = Arrays.copyOf(rows, 2 * size);
      lastRows = Arrays.copyOf(lastRows, 2 * size);
      days = Arrays.copyOf(days, 2 * size);
    }
    int end = Math.addExact(ends[size], value.numBytes());
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16L, 2L * end));
    }
    value.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET + ends[size]);
    hashes[size] = hash;
    lastRows[size] = -1;
    days[size] = Integer.MIN_VALUE;
    ends[++size] = end;
  }

  private void widen() {
    int[] wider = new int[2 * slots.length];
    for (int entry = 0; entry < size; entry++) {
      int slot = hashes[entry] & wider.length - 1;
      while (wider[slot] != 0) {
        slot = slot + 1 & wider.length - 1;
      }
      wider[slot] = entry + 1;
    }
    slots = wider;
  }

  /** Counts a row of an entry, once however often it is called with the row's number. */
  void count(int entry, long row, int day) {
    if (lastRows[entry] != row) {
      lastRows[entry] = row;
      rows[entry]++;
    }
    days[entry] = Math.max(days[entry], day);
  }

  /** A copy of the text of an entry. */
  UTF8String value(int entry) {
    return UTF8String.fromBytes(Arrays.copyOfRange(bytes, ends[entry], ends[entry + 1]));
  }

  long rows(int entry) {
    return rows[entry];
  }

  int day(int entry) {
    return days[entry];
  }
}
