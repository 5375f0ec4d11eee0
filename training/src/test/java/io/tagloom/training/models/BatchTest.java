package io.tagloom.training.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.conf.ModelSettings;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static RandomModel model(int rows) {
    return new RandomModel(
        ModelSettings.builder().dims(4, 4, 6).expertHidden(7).build(), 3, 1, 1, rows, 0.2, 5);
  }

  @Test
  void arrangedRowsAreThoseThatWereAdded() {
    RandomModel plain = model(101);
    RandomModel model = model(101);
    model.batch.arrange(8);
    model.batch.group();

    int[] numbers = IntStream.range(0, 101).map(model.batch::number).toArray();
    assertThat(Arrays.stream(numbers).sorted().toArray())
        .isEqualTo(IntStream.range(0, 101).toArray());
    for (int row = 0; row < 101; row++) {
      for (int t = 0; t < 2; t++) {
        assertThat(model.batch.targets(t)[row]).isEqualTo(plain.batch.targets(t)[numbers[row]]);
        assertThat(model.batch.rowWeights(t)[row])
            .isEqualTo(plain.batch.rowWeights(t)[numbers[row]]);
      }
      for (int t = 0; t < model.shape.tables().size(); t++) {
        assertThat(ids(model.batch.column(t), row))
            .isEqualTo(ids(plain.batch.column(t), numbers[row]));
      }
    }
    assertThat(model.batch.number(3)).isNotEqualTo(3);
    assertThat(plain.batch.number(3)).isEqualTo(3);
  }

  private static String ids(BatchColumn column, int row) {
    int from = column.offsets()[row];
    int to = column.offsets()[row + 1];
    return Arrays.toString(Arrays.copyOfRange(column.ids(), from, to))
        + Arrays.toString(Arrays.copyOfRange(column.weights(), from, to));
  }

  @Test
  void tilesWithClicksAreFewAndEvenlySpread() {
    RandomModel model = model(2000);
    Batch batch = model.batch;
    batch.arrange(10);
    int[] clicked = new int[200];
    for (int row = 0; row < 2000; row++) {
      clicked[row / 10] += batch.rowWeights(1)[row] != 0 ? 1 : 0;
    }
    long mixed = Arrays.stream(clicked).filter(count -> count > 0 && count < 10).count();
    assertThat(mixed).isLessThanOrEqualTo(2);
    for (int half = 0; half < 4; half++) {
      int some = Arrays.stream(clicked, 50 * half, 50 * half + 50).sum();
      assertThat(some)
          .isBetween(Arrays.stream(clicked).sum() / 4 - 25, Arrays.stream(clicked).sum() / 4 + 25);
    }
  }

  @Test
  void expertsSeeOnlyTheRowsOfTheirTasks() {
    RandomModel model = model(2000);
    model.batch.arrange(10);
    model.batch.group();
    MvkeGradients gradients = new MvkeGradients(model.shape);
    gradients.begin(model.batch);
    MvkeNetwork network = new MvkeNetwork(model.shape, 10);
    network.step(
        model.parameters, model.batch, 0, 2000, TrainStep.of(model.batch, 1, 1), gradients);

    long clicked = 0;
    for (int row = 0; row < 2000; row++) {
      clicked += model.batch.rowWeights(1)[row] != 0 ? 1 : 0;
    }
    // Kernels 0 to 2 belong to clicks, on every row; 3 and 4 to conversions alone.
    assertThat(network.clock().expertRows() - 3 * 2000).isBetween(2 * clicked, 2 * (clicked + 20));
  }
}
