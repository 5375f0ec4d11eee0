package io.tagloom.features.blocks;

import java.util.Arrays;

/**
 * A column of a block as bytes: what Parquet would take a call per number for, in one.
 *
 * <p>Layout of a field, all numbers little-endian: number of ids (int), kind of offsets and of
 * weights (a byte each: 0 none, 1 there), then packed ids, packed row lengths if there are offsets,
 * packed weights if there are any. A packed array is its width in bytes (0 to 4, of bigints to 8),
 * then the lowest byte of every number, the next byte of every number, and so on: high bytes are
 * mostly equal, so the file's compression takes them away. Weights are float bits, xor those of 1 /
 * row length, which most rows of a mean have.
 *
 * <p>Floats are a number of them (int) and packed bits; bigints the same with the smallest (8
 * bytes) before what the others are above it; keys packed lengths (plus 1, 0 for null) and UTF-8
 * bytes.
 */
final class PackedArrays {
  private static final int HEAD = 6;

  private final byte[] bytes;
  private int at;

  private PackedArrays(byte[] bytes) {
    this.bytes = bytes;
  }

  static byte[] write(FieldColumn column) {
    int[] ids = column.ids();
    int[] lengths = lengths(column);
    int[] weights = new int[column.weights().length];
    for (int row = 0; row < column.rows() && weights.length > 0; row++) {
      int guess = guess(column.end(row) - column.start(row));
      for (int i = column.start(row); i < column.end(row); i++) {
        weights[i] = Float.floatToRawIntBits(column.weights()[i]) ^ guess;
      }
    }
    int size = HEAD + packedSize(ids);
    size += column.isSingle() ? 0 : packedSize(lengths);
    size += weights.length == 0 ? 0 : packedSize(weights);
    PackedArrays to = new PackedArrays(new byte[size]);
    to.number(ids.length);
    to.bytes[to.at++] = (byte) (column.isSingle() ? 0 : 1);
    to.bytes[to.at++] = (byte) (weights.length == 0 ? 0 : 1);
    to.pack(ids);
    if (!column.isSingle()) {
      to.pack(lengths);
    }
    if (weights.length > 0) {
      to.pack(weights);
    }
    return to.bytes;
  }

  static FieldColumn read(int rows, byte[] bytes) {
    PackedArrays from = new PackedArrays(bytes);
    int size = from.number();
    boolean single = bytes[from.at++] == 0;
    boolean weighted = bytes[from.at++] != 0;
    int[] ids = from.unpack(size);
    int[] offsets = new int[0];
    if (!single) {
      int[] lengths = from.unpack(rows);
      offsets = new int[rows + 1];
      for (int row = 0; row < rows; row++) {
        offsets[row + 1] = offsets[row] + lengths[row];
      }
    }
    float[] weights = new float[weighted ? size : 0];
    if (weighted) {
      int[] bits = from.unpack(size);
      for (int row = 0; row < rows; row++) {
        int start = single ? row : offsets[row];
        int end = single ? row + 1 : offsets[row + 1];
        int guess = guess(end - start);
        for (int i = start; i < end; i++) {
          weights[i] = Float.intBitsToFloat(bits[i] ^ guess);
        }
      }
    }
    return new FieldColumn(rows, ids, offsets, weights);
  }

  static byte[] write(KeyColumn column) {
    int size = packedSize(column.lengths());
    PackedArrays to = new PackedArrays(new byte[size + column.bytes().length]);
    to.pack(column.lengths());
    System.arraycopy(column.bytes(), 0, to.bytes, size, column.bytes().length);
    return to.bytes;
  }

  static KeyColumn readKeys(int rows, byte[] bytes) {
    PackedArrays from = new PackedArrays(bytes);
    int[] lengths = from.unpack(rows);
    return new KeyColumn(lengths, Arrays.copyOfRange(bytes, from.at, bytes.length));
  }

  static byte[] write(float[] numbers) {
    int[] bits = new int[numbers.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(numbers[i]);
    }
    PackedArrays to = new PackedArrays(new byte[4 + packedSize(bits)]);
    to.number(bits.length);
    to.pack(bits);
    return to.bytes;
  }

  static float[] readFloats(byte[] bytes) {
    PackedArrays from = new PackedArrays(bytes);
    int[] bits = from.unpack(from.number());
    float[] numbers = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      numbers[i] = Float.intBitsToFloat(bits[i]);
    }
    return numbers;
  }

  static byte[] write(long[] numbers) {
    long least = Long.MAX_VALUE;
    for (long number : numbers) {
      least = Math.min(least, number);
    }
    long all = 0;
    for (long number : numbers) {
      all |= number - least;
    }
    int width = (71 - Long.numberOfLeadingZeros(all)) / 8;
    PackedArrays to = new PackedArrays(new byte[13 + width * numbers.length]);
    to.number(numbers.length);
    to.number((int) least);
    to.number((int) (least >>> 32));
    to.bytes[to.at++] = (byte) width;
    for (int shift = 0; shift < 8 * width; shift += 8) {
      for (long number : numbers) {
        to.bytes[to.at++] = (byte) ((number - least) >>> shift);
      }
    }
    return to.bytes;
  }

  static long[] readLongs(byte[] bytes) {
    PackedArrays from = new PackedArrays(bytes);
    long[] numbers = new long[from.number()];
    Arrays.fill(numbers, from.number() & 0xffffffffL | (long) from.number() << 32);
    int width = bytes[from.at++];
    for (int shift = 0; shift < 8 * width; shift += 8) {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] += (bytes[from.at++] & 0xffL) << shift;
      }
    }
    return numbers;
  }

  private static int[] lengths(FieldColumn column) {
    int[] lengths = new int[column.isSingle() ? 0 : column.rows()];
    for (int row = 0; row < lengths.length; row++) {
      lengths[row] = column.end(row) - column.start(row);
    }
    return lengths;
  }

  private static int guess(int length) {
    return Float.floatToRawIntBits((float) (1.0 / Math.max(1, length)));
  }

  private static int width(int[] numbers) {
    int all = 0;
    for (int number : numbers) {
      all |= number;
    }
    return (39 - Integer.numberOfLeadingZeros(all)) / 8;
  }

  private static int packedSize(int[] numbers) {
    return 1 + width(numbers) * numbers.length;
  }

  private void number(int number) {
    for (int shift = 0; shift < 32; shift += 8) {
      bytes[at++] = (byte) (number >>> shift);
    }
  }

  private int number() {
    int number = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      number |= (bytes[at++] & 0xff) << shift;
    }
    return number;
  }

  private void pack(int[] numbers) {
    int width = width(numbers);
    bytes[at++] = (byte) width;
    for (int plane = 0; plane < width; plane++) {
      int shift = 8 * plane;
      for (int i = 0; i < numbers.length; i++) {
        bytes[at + i] = (byte) (numbers[i] >>> shift);
      }
      at += numbers.length;
    }
  }

  private int[] unpack(int size) {
    int[] numbers = new int[size];
    int width = bytes[at++];
    for (int plane = 0; plane < width; plane++) {
      int shift = 8 * plane;
      for (int i = 0; i < size; i++) {
        numbers[i] |= (bytes[at + i] & 0xff) << shift;
      }
      at += size;
    }
    return numbers;
  }
}
