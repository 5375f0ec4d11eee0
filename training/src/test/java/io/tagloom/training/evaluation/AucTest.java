package io.tagloom.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AucTest {
  @Test
  void equalsTheShareOfOrderedPairsWithTiesAndWeights() {
    Random random = new Random(5);
    int n = 300;
    float[] scores = new float[n];
    float[] targets = new float[n];
    float[] weights = new float[n];
    for (int i = 0; i < n; i++) {
      scores[i] = Math.round(random.nextGaussian() * 5) / 4f;
      targets[i] = random.nextInt(3) == 0 ? 1 : 0;
      weights[i] = random.nextInt(4);
    }

    assertThat(Auc.of(scores, targets, weights, n))
        .isCloseTo(byPairs(scores, targets, weights), within(1e-12));
  }

  @Test
  void zeroAndMinusZeroAreTied() {
    assertThat(Auc.of(new float[] {-0f, 0f}, new float[] {0, 1}, new float[] {1, 1}, 2))
        .isEqualTo(0.5);
  }

  @Test
  void isNotANumberWithoutPositives() {
    assertThat(Auc.of(new float[] {1, 2}, new float[] {0, 0}, new float[] {1, 1}, 2)).isNaN();
  }

  @Test
  void aHistogramFromTwoHalvesIsCloseToTheExactArea() {
    Random random = new Random(6);
    int n = 5000;
    float[] scores = new float[n];
    float[] targets = new float[n];
    float[] weights = new float[n];
    LogitHistogram all = new LogitHistogram();
    LogitHistogram half = new LogitHistogram();
    double loss = 0;
    for (int i = 0; i < n; i++) {
      targets[i] = random.nextInt(10) == 0 ? 1 : 0;
      scores[i] = (float) (random.nextGaussian() + targets[i] - 2);
      weights[i] = 1f;
      (i % 2 == 0 ? all : half).add(scores[i], targets[i], weights[i]);
      loss += Logistic.loss(scores[i], targets[i]) / n;
    }
    all.add(LogitHistogram.fromBytes(ByteBuffer.wrap(half.toBytes())));

    assertThat(all.rows()).isEqualTo(n);
    assertThat(all.auc()).isCloseTo(Auc.of(scores, targets, weights, n), within(2e-5));
    assertThat(all.logLoss()).isCloseTo(loss, within(1e-9));
  }

  @Test
  void theLossOfAHugeLogitIsNotInfinite() {
    assertThat(Logistic.loss(800, 0)).isEqualTo(800.0);
    assertThat(Logistic.loss(-800, 0)).isEqualTo(0.0);
    assertThat(Logistic.probability(-800)).isEqualTo(0.0);
  }

  private static double byPairs(float[] scores, float[] targets, float[] weights) {
    double area = 0;
    double pairs = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (targets[i] > 0 && targets[j] == 0) {
          double pair = (double) weights[i] * weights[j];
          pairs += pair;
          area += pair * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0);
        }
      }
    }
    return area / pairs;
  }
}
