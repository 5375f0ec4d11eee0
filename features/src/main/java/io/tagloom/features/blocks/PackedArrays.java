package io.tagloom.features.blocks;

/**
 * A field of a block as bytes: what Parquet would take a call per number for, in one.
 *
 * <p>Layout, all numbers little-endian: number of ids (int), kind of offsets and of weights (a byte
 * each: 0 none, 1 there), then packed ids, packed row lengths if there are offsets, packed weights
 * if there are any. A packed array is its width in bytes (0 to 4), then the lowest byte of every
 * number, the next byte of every number, and so on: high bytes are mostly equal, so the file's
 * compression takes them away. Weights are float bits, xor those of 1 / row length, which most rows
 * of a mean have.
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
