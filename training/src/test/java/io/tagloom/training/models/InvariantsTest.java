package io.tagloom.training.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.ModelSettings;
import io.tagloom.conf.ModelSettings.Score;
import io.tagloom.conf.TaskSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.FieldColumn;
import io.tagloom.training.layers.KernelGate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InvariantsTest {
  private static RandomModel model(ModelSettings settings, int rows) {
    return new RandomModel(settings, 4, 2, 1, rows, 0.4, 21);
  }

  private static ModelSettings settings(Score score) {
    return ModelSettings.builder()
        .dims(4, 4, 6)
        .expertHidden(7)
        .score(score)
        .dropout(0, 0, 0)
        .wholeDropout(0, 0)
        .build();
  }

  @ParameterizedTest
  @EnumSource(Score.class)
  void rowsAreIndependentOfTheirBatch(Score score) {
    RandomModel model = model(settings(score), 37);
    float[][] whole = model.logits(64);
    MvkeNetwork network = new MvkeNetwork(model.shape, 5);
    for (int row = 0; row < 37; row++) {
      float[][] alone = new float[2][1];
      network.logits(model.parameters, model.batch, row, row + 1, alone, 0);
      for (int t = 0; t < 2; t++) {
        assertThat(alone[t][0]).isCloseTo(whole[t][row], within(2e-5f));
      }
    }
  }

  @Test
  void gradientsOfRangesAddUp() {
    ModelSettings noisy =
        settings(Score.DOT).toBuilder().dropout(0.2, 0.3, 0.2).wholeDropout(0.3, 0.3).build();
    RandomModel model = model(noisy, 40);
    MvkeGradients whole = model.step(8, 3);
    MvkeGradients parts = model.step(8, 3, 0, 16);
    parts.add(model.step(8, 3, 16, 40));
    assertClose(parts.dense(), whole.dense());
    for (int t = 0; t < model.shape.tables().size(); t++) {
      assertClose(model.tableGradient(parts, t), model.tableGradient(whole, t));
    }
    assertThat(parts.lossSum(1)).isCloseTo(whole.lossSum(1), within(1e-5));
  }

  @Test
  void noiseDependsOnTheRowAndNotOnTheTile() {
    ModelSettings noisy =
        settings(Score.DOT).toBuilder().dropout(0.2, 0.3, 0.2).wholeDropout(0.3, 0.3).build();
    RandomModel model = model(noisy, 30);
    assertClose(model.step(7, 3).dense(), model.step(30, 3).dense());
    assertThat(RandomModel.largest(difference(model.step(7, 3), model.step(7, 4))))
        .isGreaterThan(1e-3);
  }

  private static float[] difference(MvkeGradients a, MvkeGradients b) {
    float[] difference = a.dense().clone();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= b.dense()[i];
    }
    return difference;
  }

  @Test
  void dropoutKeepsItsShareAndMean() {
    ModelSettings noisy =
        settings(Score.DOT).toBuilder().expertHidden().dropout(0.25, 0, 0).build();
    RandomModel model = model(noisy, 400);
    int kept = 0;
    float[] ones = new float[400 * 4];
    Arrays.fill(ones, 1);
    io.tagloom.training.layers.Noise noise = io.tagloom.training.layers.Noise.of(99, 0, 0.25, 0, 0);
    float[] table = new float[40];
    Arrays.fill(table, 1);
    new io.tagloom.training.layers.FieldBag(0, 4)
        .forward(model.batch.column(0), 0, 400, table, noise, ones, 0, 4);
    for (float value : ones) {
      assertThat(value == 0 || Math.abs(value - 4f / 3) < 1e-5).isTrue();
      kept += value == 0 ? 0 : 1;
    }
    // Rows that hold the padding are zero anyway; all others keep three quarters.
    int rows = model.batch.column(0).offsets()[400];
    assertThat(kept / (4.0 * rows)).isCloseTo(0.75, within(0.03));
  }

  @Test
  void permutingKernelsPermutesExperts() {
    RandomModel model = model(settings(Score.DOT), 9);
    MvkeNetwork network = new MvkeNetwork(model.shape, 9);
    network.logits(model.parameters, model.batch, 0, 9, new float[2][9], 0);
    float[] before = network.users().experts().clone();
    swap(model, "kernel", 4, 3);
    for (String name : Arrays.asList(".layer.0.weight", ".layer.0.bias", ".layer.1.weight")) {
      swapSlots(model, "expert.4" + name, "expert.3" + name);
    }
    swapSlots(model, "expert.4.layer.1.bias", "expert.3.layer.1.bias");
    network.logits(model.parameters, model.batch, 0, 9, new float[2][9], 0);
    float[] after = network.users().experts();
    int size = 6 * 9;
    for (int i = 0; i < size; i++) {
      assertThat(after[3 * size + i]).isCloseTo(before[4 * size + i], within(1e-5f));
      assertThat(after[4 * size + i]).isCloseTo(before[3 * size + i], within(1e-5f));
      assertThat(after[size + i]).isCloseTo(before[size + i], within(1e-5f));
    }
  }

  private static void swap(RandomModel model, String slot, int one, int other) {
    int width = 4;
    int offset = model.shape.slot(slot).offset();
    float[] dense = model.parameters.dense();
    for (int i = 0; i < width; i++) {
      float kept = dense[offset + one * width + i];
      dense[offset + one * width + i] = dense[offset + other * width + i];
      dense[offset + other * width + i] = kept;
    }
  }

  private static void swapSlots(RandomModel model, String one, String other) {
    Slot first = model.shape.slot(one);
    Slot second = model.shape.slot(other);
    float[] dense = model.parameters.dense();
    for (int i = 0; i < first.size(); i++) {
      float kept = dense[first.offset() + i];
      dense[first.offset() + i] = dense[second.offset() + i];
      dense[second.offset() + i] = kept;
    }
  }

  @Test
  void gatesSumToOneAndHardPicksTheLargest() {
    RandomModel model = model(settings(Score.DOT), 20);
    MvkeNetwork network = new MvkeNetwork(model.shape, 20);
    network.logits(model.parameters, model.batch, 0, 20, new float[2][20], 0);
    float[] soft = network.items().gates(1);
    float[] hard = soft.clone();
    KernelGate.harden(hard, 4, 20);
    for (int r = 0; r < 20; r++) {
      double sum = 0;
      int largest = 0;
      for (int k = 0; k < 4; k++) {
        sum += soft[k * 20 + r];
        largest = soft[k * 20 + r] > soft[largest * 20 + r] ? k : largest;
      }
      assertThat(sum).isCloseTo(1, within(1e-6));
      for (int k = 0; k < 4; k++) {
        assertThat(hard[k * 20 + r]).isEqualTo(k == largest ? 1 : 0);
      }
    }
  }

  @Test
  void gradientsReachOnlyTheKernelsOfTheirTask() {
    ModelSettings settings =
        settings(Score.KERNEL_COSINE).toBuilder()
            .tasks(
                TaskSettings.of("ctr", "click", "all", 0, 1).withWeight(0),
                TaskSettings.of("cvr", "conversion", "click", 1, 2, 3, 4))
            .build();
    RandomModel model = model(settings, 30);
    MvkeGradients gradients = model.step(8, 0);
    assertThat(largest(model, gradients, "expert.0.layer.0.weight")).isZero();
    assertThat(largest(model, gradients, "tag.ctr.layer.0.weight")).isZero();
    assertThat(largest(model, gradients, "expert.1.layer.0.weight")).isPositive();
    assertThat(largest(model, gradients, "expert.4.layer.1.weight")).isPositive();
    assertThat(largest(model, gradients, "tag.cvr.layer.0.weight")).isPositive();
  }

  private static double largest(RandomModel model, MvkeGradients gradients, String name) {
    Slot slot = model.shape.slot(name);
    return RandomModel.largest(Arrays.copyOfRange(gradients.dense(), slot.offset(), slot.end()));
  }

  @Test
  void paddingIsZeroAndHasNoGradient() {
    RandomModel model = model(settings(Score.DOT), 30);
    MvkeGradients gradients = model.step(8, 0);
    for (int t = 0; t < model.shape.tables().size(); t++) {
      int width = model.shape.tables().get(t).width();
      assertThat(Arrays.copyOf(model.parameters.table(t), width)).containsOnly(0);
      for (int r = 0; r < gradients.rowCount(t); r++) {
        assertThat(gradients.rows(t)[r]).isPositive();
      }
    }
  }

  @Test
  void extremeLogitsGiveFiniteLossAndRightGradients() {
    for (float bias : new float[] {-100, 100}) {
      RandomModel model = model(settings(Score.KERNEL_COSINE), 12);
      int offset = model.shape.slot("bias").offset();
      int scale = model.shape.slot("scale").offset();
      model.parameters.dense()[offset] = bias;
      model.parameters.dense()[scale] = 0;
      Arrays.fill(model.parameters.table(6), 0);
      MvkeGradients gradients = model.step(8, 0);
      double wrong = 0;
      for (int row = 0; row < 12; row++) {
        float miss = bias > 0 ? 1 - model.batch.targets(0)[row] : model.batch.targets(0)[row];
        wrong += miss * model.batch.rowWeights(0)[row];
      }
      assertThat(gradients.lossSum(0)).isCloseTo(100 * wrong, within(1e-4));
      double slope = Math.signum(bias) * wrong / model.batch.weightSum(0);
      assertThat((double) gradients.dense()[offset]).isCloseTo(slope, within(1e-6));
    }
  }

  @Test
  void numbersThatAreNotFiniteAreReportedWithTheirField() {
    RandomModel model = model(settings(Score.DOT), 12);
    model.parameters.table(2)[model.batch.column(2).ids()[5] * 4 + 1] = Float.NaN;
    assertThatThrownBy(() -> model.step(4, 0))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("field user2 is not a finite number there");
    RandomModel items = model(settings(Score.DOT), 12);
    items.batch.column(5).weights()[0] = Float.POSITIVE_INFINITY;
    assertThatThrownBy(() -> items.logits(4)).hasMessageContaining("field item1 is not a finite");
    RandomModel dense = model(settings(Score.DOT), 12);
    dense.parameters.dense()[0] = Float.NaN;
    assertThatThrownBy(() -> dense.logits(4)).hasMessageContaining("a dense weight");
  }

  @ParameterizedTest
  @EnumSource(Score.class)
  void scorerGivesTheLogitsOfTheNetwork(Score score) {
    RandomModel model = new RandomModel(settings(score), 3, 2, 0, 150, 0.4, 22);
    float[][] logits = model.logits(64);
    MvkeScorer scorer = new MvkeScorer(model.shape, model.parameters);
    float[] experts = new float[150 * 5 * 6];
    scorer.experts(block(model, 0, 3), experts);
    for (int t = 0; t < 2; t++) {
      ScorerTask task = scorer.tasks().get(t);
      int count = task.kernels().length;
      float[] vectors = new float[150 * 6];
      float[] gates = new float[150 * count];
      scorer.tags(block(model, 3, 5), t, vectors, gates);
      for (int row = 0; row < 150; row++) {
        double[] mixed = new double[6];
        for (int k = 0; k < count; k++) {
          for (int i = 0; i < 6; i++) {
            mixed[i] += gates[row * count + k] * experts[(row * 5 + task.kernels()[k]) * 6 + i];
          }
        }
        double[] vector = new double[6];
        for (int i = 0; i < 6; i++) {
          vector[i] = vectors[row * 6 + i];
        }
        double x = dot(mixed, vector);
        if (score == Score.COSINE) {
          x /= Math.sqrt(dot(mixed, mixed) * dot(vector, vector));
        }
        assertThat(task.logit(x)).isCloseTo(logits[t][row], within(2e-5));
      }
    }
  }

  @Test
  void scorerTakesATagAloneAndHardensGates() {
    RandomModel model = new RandomModel(settings(Score.DOT), 3, 2, 0, 10, 0.4, 22);
    MvkeScorer scorer = new MvkeScorer(model.shape, model.parameters).hard();
    assertThat(scorer.itemFields()).containsExactly("item0", "item1");
    Block tags =
        Block.of(Collections.singletonList("item0"), FieldColumn.single(new int[] {1, 2, 3}));
    float[] vectors = new float[3 * 6];
    float[] gates = new float[3 * 3];
    scorer.tags(tags, 0, vectors, gates);
    for (int row = 0; row < 3; row++) {
      float[] gate = Arrays.copyOfRange(gates, 3 * row, 3 * row + 3);
      assertThat(gate).contains(1f).containsOnly(0f, 1f);
    }
    assertThatThrownBy(() -> scorer.experts(tags, new float[90]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  /** The batch's columns as blocks; rows of the tags keep their weights, already divided. */
  private static Block block(RandomModel model, int from, int to) {
    List<String> names =
        model.shape.tables().subList(from, to).stream()
            .map(TableShape::name)
            .collect(Collectors.toList());
    FieldColumn[] columns = new FieldColumn[to - from];
    for (int t = from; t < to; t++) {
      BatchColumn column = model.batch.column(t);
      int rows = model.batch.rows();
      int count = column.offsets()[rows];
      columns[t - from] =
          new FieldColumn(
              rows,
              Arrays.copyOf(column.ids(), count),
              Arrays.copyOf(column.offsets(), rows + 1),
              Arrays.copyOf(column.weights(), count));
    }
    return Block.of(names, columns);
  }

  private static void assertClose(float[] actual, float[] expected) {
    double bound = 1e-5 * Math.max(1e-3, RandomModel.largest(expected));
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).as("[%d]", i).isCloseTo(expected[i], within(bound));
    }
  }
}
