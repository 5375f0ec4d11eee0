package io.tagloom.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PieceTest {
  private static Piece arrived(Piece sent) {
    // As the network gives it: a part of a longer array.
    ByteBuffer bytes = sent.written();
    byte[] longer = new byte[bytes.remaining() + 7];
    int size = bytes.remaining();
    bytes.get(longer, 3, size);
    Piece piece = new Piece();
    piece.read(ByteBuffer.wrap(longer, 3, size));
    return piece;
  }

  @Test
  void numbersArriveAsTheyWereSent() {
    float[] values = {1, -2.5f, Float.NaN, Float.MIN_VALUE, Float.NEGATIVE_INFINITY};
    Piece piece = new Piece();
    piece.clear(100);
    piece.put(3);
    piece.put(new int[] {7, -1, Integer.MAX_VALUE, 99}, 3);
    piece.put(values, 1, 4);

    Piece other = arrived(piece);
    int[] rows = new int[3];
    float[] read = new float[6];
    assertThat(other.take()).isEqualTo(3);
    other.take(rows, 3);
    other.take(read, 2, 4);

    assertThat(rows).containsExactly(7, -1, Integer.MAX_VALUE);
    assertThat(read)
        .containsExactly(0, 0, -2.5f, Float.NaN, Float.MIN_VALUE, Float.NEGATIVE_INFINITY);
  }

  @Test
  void halvesAreTheNearestNumbersOf16BitsAndNaNStays() {
    Random random = new Random(5);
    float[] values = new float[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10));
    }
    values[0] = Float.NaN;
    values[1] = Float.intBitsToFloat(0x7FFFFFFF);
    values[2] = Float.POSITIVE_INFINITY;
    values[3] = -0f;
    values[4] = 1 + 1 / 256f;
    values[5] = 1 + 3 / 256f;
    Piece piece = new Piece();
    piece.clear(2 * values.length);
    piece.putHalves(values, 0, values.length);
    float[] read = new float[values.length];
    arrived(piece).takeHalves(read, 0, values.length);

    assertThat(piece.written().remaining()).isEqualTo(2 * values.length);
    assertThat(read[0]).isNaN();
    assertThat(read[1]).isNaN();
    assertThat(read[2]).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Float.floatToRawIntBits(read[3])).isEqualTo(0x80000000);
    // Halfway between two numbers: to the even one.
    assertThat(read[4]).isEqualTo(1);
    assertThat(read[5]).isEqualTo(1 + 4 / 256f);
    for (int i = 6; i < values.length; i++) {
      assertThat(Math.abs(read[i] - values[i])).isLessThanOrEqualTo(Math.abs(values[i]) / 256);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Piece piece = new Piece();
    piece.clear(4);
    piece.put(1);
    Piece other = arrived(piece);
    other.take();

    assertThatThrownBy(() -> piece.put(new float[9], 0, 9))
        .hasMessage("Cannot write 36 bytes: 1 are left.");
    assertThatThrownBy(other::take).hasMessage("Cannot read 4 bytes: 0 are left.");
  }
}
