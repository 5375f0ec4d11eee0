package io.tagloom.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TouchedRowsTest {
  private static final int WIDTH = 3;
  private static final int ROWS = 200;

  private static TouchedRows random(Random random, int divisor, int rest) {
    TouchedRows touched = new TouchedRows(WIDTH);
    touched.reserve(ROWS);
    for (int row = rest; row < ROWS; row += divisor) {
      if (random.nextBoolean()) {
        for (int i = 0; i < WIDTH; i++) {
          touched.values[touched.count * WIDTH + i] = random.nextFloat();
        }
        touched.rows[touched.count++] = row;
      }
    }
    return touched;
  }

  private static Map<Integer, float[]> map(TouchedRows... all) {
    Map<Integer, float[]> map = new TreeMap<>();
    for (TouchedRows touched : all) {
      for (int i = 0; i < touched.count; i++) {
        float[] sum = map.computeIfAbsent(touched.rows[i], row -> new float[WIDTH]);
        for (int j = 0; j < WIDTH; j++) {
          sum[j] += touched.values[i * WIDTH + j];
        }
      }
    }
    return map;
  }

  private static void assertSame(TouchedRows actual, Map<Integer, float[]> expected) {
    assertThat(actual.count).isEqualTo(expected.size());
    int i = 0;
    for (Map.Entry<Integer, float[]> row : expected.entrySet()) {
      assertThat(actual.rows[i]).isEqualTo(row.getKey());
      for (int j = 0; j < WIDTH; j++) {
        assertThat(actual.values[i * WIDTH + j]).isEqualTo(row.getValue()[j]);
      }
      i++;
    }
  }

  @Test
  void sumsHoldTheRowsOfBothInOrder() {
    Random random = new Random(3);
    for (int i = 0; i < 50; i++) {
      TouchedRows left = random(random, 1 + i % 4, 0);
      TouchedRows right = random(random, 1 + i % 3, i % 2);
      TouchedRows sum = new TouchedRows(WIDTH);
      sum.sum(left, right);
      assertSame(sum, map(left, right));
    }
  }

  @Test
  void everyRowIsDealtToItsOwnerAndWrittenBackToItsPlace() {
    TouchedRows all = random(new Random(4), 1, 0);
    TouchedRows[] owners = {new TouchedRows(WIDTH), new TouchedRows(WIDTH), new TouchedRows(WIDTH)};
    // What was there before does not count.
    owners[1].reserve(1);
    owners[1].count = 1;

    TouchedRows.deal(all.count, all.rows, all.values, owners);

    float[] table = new float[ROWS * WIDTH];
    for (int owner = 0; owner < owners.length; owner++) {
      for (int i = 0; i < owners[owner].count; i++) {
        assertThat(owners[owner].rows[i] % owners.length).isEqualTo(owner);
      }
      owners[owner].copyTo(table);
    }
    assertThat(map(owners)).hasSize(all.count);
    TouchedRows back = new TouchedRows(WIDTH);
    back.reserve(all.count);
    back.count = all.count;
    System.arraycopy(all.rows, 0, back.rows, 0, all.count);
    back.copyFrom(table);
    assertSame(back, map(all));
  }
}
