package io.tagloom.training;

import static io.tagloom.training.PlantedModel.bestAuc;
import static io.tagloom.training.PlantedModel.mvke;
import static io.tagloom.training.PlantedModel.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.training.models.MvkeParameters;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Several workers learn what one learns. */
class WorkersIT {
  @Test
  void twoWorkersGiveTheSameBitsEveryTime() {
    MvkeParameters first = weights(mvke("").setEpochs(2).setWorkers(2));
    MvkeParameters second = weights(mvke("").setEpochs(2).setWorkers(2));

    assertThat(second.dense()).isEqualTo(first.dense());
    for (int t = 0; t < first.tables(); t++) {
      assertThat(second.table(t)).isEqualTo(first.table(t));
    }
  }

  /** One step over all samples. */
  private static Mvke oneStep(String training, String optimizer, double rate) {
    return mvke(training + ", optimizer { weight-decay = 0, momentum = 0, clip-norm = 0 }")
        .setOptimizer(optimizer)
        .setEpochs(1)
        .setBatchSize(8192)
        .setLearningRate(rate);
  }

  /** The gradient of that step: what plain descent at rate 1 takes off the weights. */
  private static MvkeParameters gradient(String training, int workers) {
    MvkeParameters start = weights(oneStep("exchange = float", "sgd", 1e-30));
    MvkeParameters after = weights(oneStep(training, "sgd", 1).setWorkers(workers));
    subtract(start.dense(), after.dense());
    for (int t = 0; t < start.tables(); t++) {
      subtract(start.table(t), after.table(t));
    }
    return start;
  }

  private static void subtract(float[] from, float[] values) {
    for (int i = 0; i < from.length; i++) {
      from[i] -= values[i];
    }
  }

  @Test
  void gradientsOfAnExchangedStepEqualThoseOfTheJoinedBatch() {
    MvkeParameters joined = gradient("exchange = float", 1);

    assertClose(gradient("exchange = float", 2), joined, 1e-6, 0);
    // Each gradient is rounded to 8 bits on its way, their sum once more: 2^-8 twice at most, of
    // the larger of the two workers' shares, which have the sum's size.
    assertClose(gradient("exchange = fp16", 2), joined, 2e-4, 1.0 / 128);
  }

  @Test
  void anExchangedStepOfEveryOptimizerEqualsThatOfTheJoinedBatch() {
    MvkeParameters slopes = gradient("exchange = float", 1);
    for (String name : Arrays.asList("adamw", "adam", "adagrad", "ftrl", "sgd")) {
      MvkeParameters joined = weights(oneStep("exchange = float", name, 0.01));
      MvkeParameters exchanged = weights(oneStep("exchange = float", name, 0.01).setWorkers(2));
      // The first step of the adaptive rules is the sign of the gradient, and of one that is all
      // rounding the sign is chance.
      keepWhereSteep(slopes.dense(), exchanged.dense(), joined.dense());
      for (int t = 0; t < joined.tables(); t++) {
        keepWhereSteep(slopes.table(t), exchanged.table(t), joined.table(t));
      }
      assertClose(exchanged, joined, 1e-6, 0);
    }
  }

  private static void keepWhereSteep(float[] slopes, float[] values, float[] otherwise) {
    int kept = 0;
    for (int i = 0; i < values.length; i++) {
      if (Math.abs(slopes[i]) < 1e-5) {
        assertThat(values[i]).isCloseTo(otherwise[i], within(0.021f));
        values[i] = otherwise[i];
      } else {
        kept++;
      }
    }
    assertThat(kept).isGreaterThan(values.length / 3);
  }

  @Test
  void twoWorkersAndOneReachTheSameValidationMetric() {
    double one = bestAuc(mvke("").setEpochs(6));
    double two = bestAuc(mvke("").setEpochs(6).setWorkers(2));
    double half = bestAuc(mvke("exchange = fp16").setEpochs(6).setWorkers(2));

    assertThat(two).isCloseTo(one, within(0.03));
    assertThat(half).isCloseTo(one, within(0.03));
  }

  private static void assertClose(
      MvkeParameters actual, MvkeParameters expected, double absolute, double relative) {
    assertClose(actual.dense(), expected.dense(), absolute, relative);
    for (int t = 0; t < expected.tables(); t++) {
      assertClose(actual.table(t), expected.table(t), absolute, relative);
    }
  }

  private static void assertClose(
      float[] actual, float[] expected, double absolute, double relative) {
    assertThat(actual.length).isEqualTo(expected.length);
    for (int i = 0; i < expected.length; i++) {
      float bound = (float) (absolute + relative * Math.abs(expected[i]));
      assertThat(actual[i]).isCloseTo(expected[i], within(bound));
    }
    assertThat(Arrays.equals(actual, new float[actual.length])).isFalse();
  }
}
