package io.tagloom.features.fields;

import java.util.Arrays;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** A growing byte array with small numbers in few bytes: how encoded rows travel to their block. */
final class RowBytes {
  private byte[] bytes = new byte[256];
  private int size;
  private int at;

  /** Empties the array for writing. */
  void clear() {
    size = 0;
  }

  /** A copy of what has been written. */
  byte[] copy() {
    return Arrays.copyOf(bytes, size);
  }

  /** Bytes written so far. */
  int size() {
    return size;
  }

  /** A copy of what has been written since there were {@code start} bytes. */
  byte[] copyFrom(int start) {
    return Arrays.copyOfRange(bytes, start, size);
  }

  /** Writes bytes as they are. */
  void write(byte[] some) {
    room(some.length);
    System.arraycopy(some, 0, bytes, size, some.length);
    size += some.length;
  }

  /** Takes written bytes for reading from their start. */
  void read(byte[] written) {
    bytes = written;
    at = 0;
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  void writeInt(int number) {
    room(5);
    int rest = number;
    while ((rest & ~0x7f) != 0) {
      bytes[size++] = (byte) (rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  int readInt() {
    int number = 0;
    int shift = 0;
    byte b = bytes[at++];
    while (b < 0) {
      number |= (b & 0x7f) << shift;
      shift += 7;
      b = bytes[at++];
    }
    return number | b << shift;
  }

  void writeLong(long number) {
    room(8);
    Platform.putLong(bytes, Platform.BYTE_ARRAY_OFFSET + size, number);
    size += 8;
  }

  long readLong() {
    at += 8;
    return Platform.getLong(bytes, Platform.BYTE_ARRAY_OFFSET + at - 8);
  }

  void writeFloat(float number) {
    room(4);
    Platform.putFloat(bytes, Platform.BYTE_ARRAY_OFFSET + size, number);
    size += 4;
  }

  float readFloat() {
    at += 4;
    return Platform.getFloat(bytes, Platform.BYTE_ARRAY_OFFSET + at - 4);
  }

  /** Writes a text; null comes back as null. */
  void writeText(UTF8String text) {
    if (text == null) {
      writeInt(0);
      return;
    }
    writeInt(text.numBytes() + 1);
    room(text.numBytes());
    text.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET + size);
    size += text.numBytes();
  }

  UTF8String readText() {
    int length = readInt() - 1;
    if (length < 0) {
      return null;
    }
    at += length;
    return UTF8String.fromBytes(bytes, at - length, length);
  }
}
