package io.tagloom.features.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

class PackedArraysTest {
  private static void comesBack(FieldColumn column) {
    FieldColumn back = PackedArrays.read(column.rows(), PackedArrays.write(column));

    assertThat(back.ids()).isEqualTo(column.ids());
    assertThat(back.offsets()).isEqualTo(column.offsets());
    assertThat(back.weights()).isEqualTo(column.weights());
  }

  @Test
  void everyShapeComesBackUnchanged() {
    comesBack(
        FieldColumn.single(new int[] {0, 1, 255, 256, 65_535, 65_536, 1 << 24, Integer.MAX_VALUE}));
    comesBack(FieldColumn.single(new int[0]));
    comesBack(FieldColumn.single(new int[3]));
    comesBack(new FieldColumn(3, new int[] {7, 8}, new int[] {0, 0, 2, 2}, new float[0]));
    comesBack(
        new FieldColumn(
            2,
            new int[] {7, 8, 9},
            new int[] {0, 1, 3},
            new float[] {-0.25f, 1f / 2, Float.MIN_VALUE}));
    comesBack(new FieldColumn(2, new int[] {7, 8}, new int[0], new float[] {3f, 1f}));
    comesBack(new FieldColumn(2, new int[0], new int[3], new float[0]));
  }

  @Test
  void smallIdsTakeOneByte() {
    assertThat(PackedArrays.write(FieldColumn.single(new int[1000]))).hasSize(7);
    int[] ids = new int[1000];
    ids[5] = 255;
    assertThat(PackedArrays.write(FieldColumn.single(ids))).hasSize(1007);
    ids[5] = 256;
    assertThat(PackedArrays.write(FieldColumn.single(ids))).hasSize(2007);
  }

  @Test
  void numbersComeBackUnchanged() {
    long[][] longs = {
      {},
      {-5},
      {7, 7},
      {1_700_000_000_000L, 1_700_000_000_300L, 1_699_999_999_999L},
      {Long.MIN_VALUE, 0, Long.MAX_VALUE}
    };
    for (long[] numbers : longs) {
      assertThat(PackedArrays.readLongs(PackedArrays.write(numbers))).isEqualTo(numbers);
    }
    float[][] floats = {{}, {0f, 1f, 1f}, {-0f, Float.NaN, 1e-30f, Float.NEGATIVE_INFINITY}};
    for (float[] numbers : floats) {
      assertThat(PackedArrays.readFloats(PackedArrays.write(numbers))).isEqualTo(numbers);
    }
  }

  @Test
  void timesOfADayTakeFourBytes() {
    long[] ts = new long[1000];
    ts[5] = 86_399_999L;

    assertThat(PackedArrays.write(ts)).hasSize(4013);
  }

  @Test
  void keysComeBackUnchanged() {
    String[][] columns = {
      {}, {null}, {"", null, "ünï", "日本"}, {"a", String.join("", Collections.nCopies(300, "b")), ""}
    };
    for (String[] texts : columns) {
      KeyColumn.Builder builder = new KeyColumn.Builder(texts.length + 1);
      for (int row = 0; row < texts.length; row++) {
        builder.set(row, UTF8String.fromString("first"));
        builder.set(row, UTF8String.fromString(texts[row]));
      }
      byte[] packed = PackedArrays.write(builder.build(texts.length));

      assertThat(PackedArrays.readKeys(texts.length, packed).texts()).isEqualTo(texts);
    }
  }
}
