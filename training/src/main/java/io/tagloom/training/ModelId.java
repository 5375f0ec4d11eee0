package io.tagloom.training;

import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.models.TableShape;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Names models by their content, so that equal weights have equal names. */
final class ModelId {
  private static final int CHUNK = 1 << 14;
  private static final int DIGITS = 12;

  private ModelId() {}

  /** {@code mvke-} and 12 hexadecimal digits over tables and weights. */
  static String of(MvkeShape shape, MvkeParameters parameters) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (TableShape table : shape.tables()) {
        String text = table.name() + ' ' + table.rows() + ' ' + table.width() + '\n';
        digest.update(text.getBytes(StandardCharsets.UTF_8));
      }
      add(digest, parameters.dense());
      for (int t = 0; t < parameters.tables(); t++) {
        add(digest, parameters.table(t));
      }
      StringBuilder hex = new StringBuilder("mvke-");
      for (byte b : digest.digest()) {
        hex.append(String.format("%02x", b));
      }
      return hex.substring(0, "mvke-".length() + DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * CHUNK);
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      bytes.asFloatBuffer().put(values, from, count);
      digest.update(bytes.array(), 0, 4 * count);
    }
  }
}
