package io.tagloom.export.ann;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Vectors in formats that many systems read: {@code fvecs} (Texmex), {@code npy} (NumPy), and their
 * names as lines.
 */
public final class VectorFiles {
  private VectorFiles() {}

  /**
   * Writes fvecs: for each vector its length as a 32-bit integer, then its floats, all
   * little-endian. The stream is not closed.
   */
  public static void writeFvecs(OutputStream out, Iterable<float[]> vectors) throws IOException {
    OutputStream buffered = new BufferedOutputStream(out, 1 << 16);
    for (float[] vector : vectors) {
      ByteBuffer bytes = buffer(4 + 4 * vector.length);
      bytes.putInt(vector.length);
      put(bytes, vector);
      buffered.write(bytes.array());
    }
    buffered.flush();
  }

  /**
   * Writes npy version 1.0: one array of shape (vectors, length), little-endian floats, row by row.
   * The stream is not closed.
   *
   * @param count number of vectors
   * @param dimension length of every vector
   * @throws IllegalArgumentException if a vector has another length, or there are more or fewer
   */
  public static void writeNpy(
      OutputStream out, Iterable<float[]> vectors, long count, int dimension) throws IOException {
    OutputStream buffered = new BufferedOutputStream(out, 1 << 16);
    StringBuilder header = new StringBuilder();
    header.append("{'descr': '<f4', 'fortran_order': False, 'shape': (");
    header.append(count).append(", ").append(dimension).append("), }");
    // Magic and header together fill a multiple of 64 bytes, and the header ends with a line feed.
    while ((10 + header.length() + 1) % 64 != 0) {
      header.append(' ');
    }
    header.append('\n');
    ByteBuffer start = buffer(10);
    start.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    start.put((byte) 1).put((byte) 0).putShort((short) header.length());
    buffered.write(start.array());
    buffered.write(header.toString().getBytes(StandardCharsets.US_ASCII));
    long written = 0;
    for (float[] vector : vectors) {
      written++;
      if (vector.length != dimension) {
        throw new IllegalArgumentException(
            "Invalid vector length: " + vector.length + "; expected " + dimension + ".");
      }
      ByteBuffer bytes = buffer(4 * dimension);
      put(bytes, vector);
      buffered.write(bytes.array());
    }
    buffered.flush();
  }

  /**
   * Writes one name a line, UTF-8; line feeds and backslashes in names are written {@code \n} and
   * {@code \\}.
   */
  public static void writeNames(OutputStream out, Iterable<String> names) throws IOException {
    OutputStream buffered = new BufferedOutputStream(out, 1 << 16);
    for (String name : names) {
      String line = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r") + "\n";
      buffered.write(line.getBytes(StandardCharsets.UTF_8));
    }
    buffered.flush();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void put(ByteBuffer bytes, float[] vector) {
    for (float value : vector) {
      bytes.putFloat(value);
    }
  }
}
