package io.tagloom.training.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.ModelSettings;
import io.tagloom.conf.ModelSettings.ExpertNetwork;
import io.tagloom.conf.ModelSettings.Gate;
import io.tagloom.conf.ModelSettings.Learning;
import io.tagloom.conf.ModelSettings.Pooling;
import io.tagloom.conf.ModelSettings.Projection;
import io.tagloom.conf.ModelSettings.Residual;
import io.tagloom.conf.ModelSettings.Score;
import io.tagloom.conf.ModelSettings.TagTower;
import io.tagloom.conf.ModelSettings.TaskWeights;
import io.tagloom.conf.ModelSettingsBuilder;
import io.tagloom.conf.TaskSettings;
import io.tagloom.conf.TaskSettings.Loss;
import io.tagloom.training.doubled.models.MvkeGradients;
import io.tagloom.training.doubled.models.RandomModel;
import io.tagloom.training.doubled.models.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Central differences in double precision against the gradients of the very same sources. */
class GradientCheckTest {
  private static final double STEP = 1e-5;
  private static final double RELATIVE = 1e-6;

  /** Rounding of the loss (about 1e-16) over the step, with room for a few operations. */
  private static final double ABSOLUTE = 1e-9;

  private static ModelSettingsBuilder base() {
    return ModelSettings.builder()
        .dims(3, 3, 4)
        .expertHidden(5)
        .dropout(0, 0, 0)
        .wholeDropout(0, 0)
        .scale(Learning.LEARNED, 2)
        .bias(Learning.LEARNED, 0.1);
  }

  static List<ModelSettings> attentionSwitches() {
    List<ModelSettings> all = new ArrayList<>();
    for (Projection projection : Projection.values()) {
      for (Pooling pooling : Pooling.values()) {
        for (Residual residual : Residual.values()) {
          for (ExpertNetwork network : ExpertNetwork.values()) {
            all.add(
                base()
                    .projection(projection)
                    .pooling(pooling)
                    .residual(residual)
                    .expertNetwork(network)
                    .build());
          }
        }
      }
    }
    return all;
  }

  static List<ModelSettings> headSwitches() {
    List<ModelSettings> all = new ArrayList<>();
    for (Score score : Score.values()) {
      for (Gate gate : Gate.values()) {
        for (TagTower tower : TagTower.values()) {
          all.add(base().dims(3, 3, 3).score(score).gate(gate).tagTower(tower).build());
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("attentionSwitches")
  void attentionAndExpertsAreRight(ModelSettings settings) {
    check(new RandomModel(settings, 3, 2, 1, 11, 0.6, 7), 4);
  }

  @ParameterizedTest
  @MethodSource("headSwitches")
  void gatesAndScoresAreRight(ModelSettings settings) {
    check(new RandomModel(settings, 2, 1, 2, 9, 0.6, 8), 5);
  }

  @ParameterizedTest
  @EnumSource(Residual.class)
  void oneFieldAndOneKernel(Residual residual) {
    ModelSettings settings =
        base()
            .kernels(1)
            .residual(residual)
            .tasks(TaskSettings.of("ctr", "click", "all", 0))
            .build();
    check(new RandomModel(settings, 1, 1, 0, 7, 0.5, 9), 3);
  }

  @Test
  void taskWithOneKernelAndThreeTasks() {
    ModelSettings settings =
        base()
            .kernels(4)
            .tasks(
                TaskSettings.of("ctr", "click", "all", 2, 0),
                TaskSettings.of("cart", "cart", "click", 3),
                TaskSettings.of("cvr", "conversion", "click", 1, 2).withWeight(0.4))
            .build();
    check(new RandomModel(settings, 2, 2, 1, 13, 0.6, 10), 4);
  }

  @Test
  void batchWithoutClicks() {
    RandomModel model = new RandomModel(base().build(), 2, 1, 1, 6, 0, 11);
    check(model, 4);
    MvkeGradients gradients = model.step(4, 0);
    assertThat(gradients.weightSum(1)).isZero();
    assertThat(slot(model, gradients, "tag.cvr.layer.0.weight")).containsOnly(0);
    assertThat(slot(model, gradients, "expert.4.layer.0.weight")).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource(Score.class)
  void entireSpaceWithUncertaintyAndBalance(Score score) {
    ModelSettings settings =
        base()
            .score(score)
            .tasks(
                TaskSettings.of("ctr", "click", "all", 0, 1, 2).withWeight(0.7),
                TaskSettings.of("cvr", "conversion", "all", 1, 2, 3, 4)
                    .with(Loss.ENTIRE_SPACE, "ctr"))
            .taskWeights(TaskWeights.UNCERTAINTY)
            .loadBalance(0.3)
            .build();
    check(new RandomModel(settings, 2, 1, 1, 10, 0.5, 12), 4);
  }

  @ParameterizedTest
  @EnumSource(Score.class)
  void leavingOutTasksAndExpertsOfATileChangesNothing(Score score) {
    ModelSettings settings = base().score(score).dropout(.2, .3, .2).wholeDropout(.3, .3).build();
    leavesOutAndChangesNothing(settings);
    leavesOutAndChangesNothing(
        settings.toBuilder().residual(Residual.OFF).pooling(Pooling.SUM).build());
    // Kernels in an order of their own, with a gap between those of a task.
    leavesOutAndChangesNothing(
        settings.toBuilder()
            .tasks(
                TaskSettings.of("ctr", "click", "all", 4, 0),
                TaskSettings.of("cart", "cart", "click", 1, 3),
                TaskSettings.of("cvr", "conversion", "all", 2, 4).with(Loss.ENTIRE_SPACE, "ctr"))
            .build());
  }

  private static void leavesOutAndChangesNothing(ModelSettings settings) {
    // One tile: everything is computed for every row.
    RandomModel model = new RandomModel(settings, 3, 2, 1, 43, 0.3, 15);
    MvkeGradients whole = model.step(64, 5);
    model.batch.arrange(4);
    model.batch.group();
    MvkeGradients parts = model.step(4, 5);
    same(parts.dense(), whole.dense());
    for (int t = 0; t < model.parameters.tables(); t++) {
      same(model.tableGradient(parts, t), model.tableGradient(whole, t));
    }
    for (int t = 0; t < model.shape.tasks(); t++) {
      assertThat(parts.lossSum(t)).isCloseTo(whole.lossSum(t), within(1e-11));
      assertThat(parts.weightSum(t)).isCloseTo(whole.weightSum(t), within(1e-11));
    }
  }

  private static void same(double[] actual, double[] expected) {
    double bound = 1e-12 * Math.max(1, RandomModel.largest(expected));
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("[%d]", i).isCloseTo(expected[i], within(bound));
    }
  }

  @Test
  void fixedScaleAndBiasAreNoWeights() {
    ModelSettings settings =
        base().scale(Learning.FIXED, 3).bias(Learning.FIXED, -1).score(Score.COSINE).build();
    RandomModel model = new RandomModel(settings, 2, 1, 0, 5, 0.5, 13);
    assertThat(model.shape.hasSlot("scale")).isFalse();
    assertThat(model.shape.hasSlot("bias")).isFalse();
    check(model, 5);
  }

  @Test
  void dropoutAndMaskedIds() {
    ModelSettings settings =
        base().tagHidden(6, 5).expertHidden(7, 6).dropout(.3, .4, .3).wholeDropout(.4, .3).build();
    check(new RandomModel(settings, 3, 2, 1, 10, 0.5, 14), 4);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void randomShapes(int seed) {
    Random random = new Random(seed);
    int d = 1 + random.nextInt(5);
    boolean residual = random.nextBoolean();
    boolean plain = random.nextInt(4) == 0;
    int kernels = 2 + random.nextInt(4);
    Integer[] own = new Integer[kernels - 1];
    for (int k = 1; k < kernels; k++) {
      own[k - 1] = k;
    }
    ModelSettings settings =
        base()
            .dims(d, residual ? d : 1 + random.nextInt(5), plain ? d : 1 + random.nextInt(6))
            .kernels(kernels)
            .expertHidden(random.nextBoolean() ? new Integer[] {1 + random.nextInt(7)} : own)
            .tagHidden(random.nextBoolean() ? new Integer[0] : new Integer[] {4})
            .projection(Projection.values()[random.nextInt(3)])
            .pooling(Pooling.values()[random.nextInt(2)])
            .residual(residual ? Residual.ON : Residual.OFF)
            .expertNetwork(ExpertNetwork.values()[random.nextInt(2)])
            .gate(plain ? Gate.PLAIN : Gate.PROJECTED)
            .score(Score.values()[random.nextInt(3)])
            .tasks(
                TaskSettings.of("ctr", "click", "all", 0),
                TaskSettings.of("cvr", "conversion", "click", own))
            .build();
    int rows = 1 + random.nextInt(14);
    RandomModel model =
        new RandomModel(
            settings, 1 + random.nextInt(4), 1 + random.nextInt(2), seed % 3, rows, 0.5, seed);
    check(model, 1 + random.nextInt(6));
  }

  private static void check(RandomModel model, int tileRows) {
    MvkeGradients gradients = model.step(tileRows, 5);
    Random random = new Random(1);
    double worst = 0;
    for (Slot slot : model.shape.slots()) {
      for (int i : some(slot.size(), random)) {
        double actual = gradients.dense()[slot.offset() + i];
        String name = slot.name() + "[" + i + "]";
        worst =
            Math.max(
                worst,
                compare(
                    model, tileRows, model.parameters.dense(), slot.offset() + i, actual, name));
      }
    }
    for (int t = 0; t < model.parameters.tables(); t++) {
      double[] table = model.tableGradient(gradients, t);
      int width = model.shape.tables().get(t).width();
      assertThat(java.util.Arrays.copyOf(table, width)).as("padding").containsOnly(0);
      for (int i : some(table.length - width, random)) {
        String name = model.shape.tables().get(t).name() + "[" + (width + i) + "]";
        double[] weights = model.parameters.table(t);
        worst =
            Math.max(worst, compare(model, tileRows, weights, width + i, table[width + i], name));
      }
    }
    System.out.printf("largest difference over its bound %.3f%n", worst);
  }

  private static int[] some(int size, Random random) {
    return size <= 12 ? random.ints(size, 0, size).toArray() : random.ints(12, 0, size).toArray();
  }

  private static double compare(
      RandomModel model, int tileRows, double[] weights, int at, double actual, String name) {
    double weight = weights[at];
    double near = difference(model, tileRows, weights, at, STEP);
    double far = difference(model, tileRows, weights, at, 2 * STEP);
    weights[at] = weight;
    // Richardson: the error of second order cancels.
    double expected = (4 * near - far) / 3;
    double bound = RELATIVE * Math.max(Math.abs(expected), Math.abs(actual)) + ABSOLUTE;
    assertThat(Math.abs(actual - expected))
        .as("%s: %s by backward, %s by differences", name, actual, expected)
        .isLessThanOrEqualTo(bound);
    return Math.abs(actual - expected) / bound;
  }

  private static double difference(
      RandomModel model, int tileRows, double[] weights, int at, double step) {
    double weight = weights[at];
    weights[at] = weight + step;
    double up = model.loss(tileRows, 5);
    weights[at] = weight - step;
    double down = model.loss(tileRows, 5);
    weights[at] = weight;
    return (up - down) / (2 * step);
  }

  private static double[] slot(RandomModel model, MvkeGradients gradients, String name) {
    Slot slot = model.shape.slot(name);
    return java.util.Arrays.copyOfRange(gradients.dense(), slot.offset(), slot.end());
  }
}
