package io.tagloom.features.blocks;

import static org.assertj.core.api.Assertions.assertThat;

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
}
