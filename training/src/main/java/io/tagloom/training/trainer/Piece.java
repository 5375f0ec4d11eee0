package io.tagloom.training.trainer;

import java.nio.ByteBuffer;
import org.apache.spark.unsafe.Platform;

/**
 * Numbers on their way between workers: written one after another, read in the same order. The
 * buffer grows and is used again. Whole arrays are copied at once, in the processor's byte order:
 * MKL binds all workers to one kind of processor anyway.
 */
final class Piece {
  private byte[] bytes = {};
  private int at;
  private int end;

  /** Empties it, and makes room. */
  void clear(int size) {
    at = 0;
    end = 0;
    if (bytes.length < size) {
      bytes = new byte[size + size / 4];
    }
  }

  /** Takes what has arrived instead of its own buffer. */
  void read(ByteBuffer arrived) {
    bytes = arrived.array();
    at = arrived.arrayOffset() + arrived.position();
    end = arrived.arrayOffset() + arrived.limit();
  }

  /** What has been written; not a copy. */
  ByteBuffer written() {
    return ByteBuffer.wrap(bytes, 0, end);
  }

  /** Writes a number. */
  void put(int value) {
    Platform.putInt(bytes, room(4), value);
  }

  /** Writes the first numbers of an array. */
  void put(int[] values, int count) {
    Platform.copyMemory(values, Platform.INT_ARRAY_OFFSET, bytes, room(4 * count), 4L * count);
  }

  /** Writes numbers of an array as they are. */
  void put(float[] values, int from, int count) {
    long start = Platform.FLOAT_ARRAY_OFFSET + 4L * from;
    Platform.copyMemory(values, start, bytes, room(4 * count), 4L * count);
  }

  /** Writes numbers of an array, each rounded to its upper 16 bits. */
  void putHalves(float[] values, int from, int count) {
    long place = room(2 * count);
    for (int i = 0; i < count; i++) {
      Platform.putShort(bytes, place + 2L * i, half(values[from + i]));
    }
  }

  /** The place of the next numbers, with a check that they fit. */
  private long room(int size) {
    if (size > bytes.length - end) {
      throw new IllegalStateException(
          "Cannot write " + size + " bytes: " + (bytes.length - end) + " are left.");
    }
    end += size;
    return Platform.BYTE_ARRAY_OFFSET + (long) (end - size);
  }

  /** Reads a number. */
  int take() {
    return Platform.getInt(bytes, next(4));
  }

  /** Reads numbers into the beginning of an array. */
  void take(int[] into, int count) {
    Platform.copyMemory(bytes, next(4 * count), into, Platform.INT_ARRAY_OFFSET, 4L * count);
  }

  /** Reads numbers into an array. */
  void take(float[] into, int from, int count) {
    long start = Platform.FLOAT_ARRAY_OFFSET + 4L * from;
    Platform.copyMemory(bytes, next(4 * count), into, start, 4L * count);
  }

  /** Reads what {@link #putHalves} has written. */
  void takeHalves(float[] into, int from, int count) {
    long place = next(2 * count);
    for (int i = 0; i < count; i++) {
      int upper = Platform.getShort(bytes, place + 2L * i);
      into[from + i] = Float.intBitsToFloat(upper << 16);
    }
  }

  private long next(int size) {
    if (size < 0 || size > end - at) {
      throw new IllegalStateException(
          "Cannot read " + size + " bytes: " + (end - at) + " are left.");
    }
    at += size;
    return Platform.BYTE_ARRAY_OFFSET + (long) (at - size);
  }

  /** The nearest number of 8 bits of exponent and 7 of fraction; NaN stays NaN. */
  private static short half(float value) {
    int bits = Float.floatToIntBits(value);
    if (value == value) {
      bits += 0x7FFF + (bits >>> 16 & 1);
    }
    return (short) (bits >>> 16);
  }
}
