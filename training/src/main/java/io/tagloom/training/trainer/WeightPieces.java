package io.tagloom.training.trainer;

import io.tagloom.training.bigdl.BlockExchange;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Sends trained weights from the first worker to the driver, in pieces of at most 64 MB. */
final class WeightPieces {
  private static final int PIECE = 1 << 24;

  private WeightPieces() {}

  /** Offers all weights; returns the number of pieces. */
  static int offer(String run, MvkeParameters parameters) {
    int pieces = 0;
    for (int t = -1; t < parameters.tables(); t++) {
      float[] values = t < 0 ? parameters.dense() : parameters.table(t);
      for (int from = 0; from < values.length; from += PIECE) {
        int count = Math.min(PIECE, values.length - from);
        ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values, from, count);
        BlockExchange.offer(name(run, pieces++), bytes);
      }
    }
    return pieces;
  }

  /**
   * Takes the weights on the driver.
   *
   * @throws IllegalStateException if a piece is no longer there
   */
  static MvkeParameters take(String run, MvkeShape shape) {
    MvkeParameters parameters = MvkeParameters.zeros(shape);
    int pieces = 0;
    for (int t = -1; t < parameters.tables(); t++) {
      float[] values = t < 0 ? parameters.dense() : parameters.table(t);
      for (int from = 0; from < values.length; from += PIECE) {
        int count = Math.min(PIECE, values.length - from);
        String name = name(run, pieces++);
        byte[] bytes =
            BlockExchange.read(name)
                .orElseThrow(
                    () ->
                        new IllegalStateException(
                            "Cannot fetch the trained weights: the executor that held them is "
                                + "gone. Run again."));
        ByteBuffer.wrap(bytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .get(values, from, count);
        BlockExchange.removeEverywhere(name);
      }
    }
    return parameters;
  }

  private static String name(String run, int piece) {
    return run + "_weights-" + piece;
  }
}
