package io.tagloom.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.training.bigdl.BigDlOptimizers;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UpdateRuleTest {
  private static final int WEIGHTS = 37;

  @Test
  void adamsFirstStepIsTheRateAgainstTheSign() {
    float[] w = run(new AdamRule(0, 0), 0.01, new float[] {1f, 1f}, new float[] {0.5f, -2f});

    assertThat(w[0]).isCloseTo(0.99f, within(1e-6f));
    assertThat(w[1]).isCloseTo(1.01f, within(1e-6f));
  }

  @Test
  void adamsSecondStepIsThatOfThePaper() {
    // m = .9 * .05 + .1 * -.2 = .025, v = .999 * .00025 + .001 * .04 = .00028975 (g = .5, -.2);
    // step = .1 * sqrt(1 - .999^2) / (1 - .9^2) * m / sqrt(v) = .034563
    float[] w =
        run(new AdamRule(0, 0), 0.1, new float[] {0f}, new float[] {0.5f}, new float[] {-0.2f});

    assertThat(w[0]).isCloseTo(-0.1f - 0.034562f, within(2e-6f));
  }

  @Test
  void decoupledDecayShrinksWeightsWithoutGradientsAndL2DoesNotAddToTheRate() {
    float[] w = run(new AdamRule(0, 0.1), 0.01, new float[] {2f}, new float[] {0f});

    assertThat(w[0]).isCloseTo(2f * (1 - 0.01f * 0.1f), within(1e-6f));
  }

  @Test
  void adagradDividesByTheRootOfTheSum() {
    float[] w = run(new AdagradRule(0), 0.1, new float[] {1f}, new float[] {3f}, new float[] {4f});

    assertThat(w[0]).isCloseTo(1f - 0.1f - 0.1f * 4f / 5f, within(1e-6f));
  }

  @Test
  void momentumAddsUp() {
    float[] w =
        run(new MomentumRule(0.9, 0), 0.1, new float[] {1f}, new float[] {1f}, new float[] {1f});

    assertThat(w[0]).isCloseTo(1f - 0.1f - 0.19f, within(1e-6f));
  }

  @Test
  void ftrlLeavesAWeightWithoutGradientWhereItIs() {
    float[] w = run(new FtrlRule(0), 0.05, new float[] {0.3f}, new float[] {0f}, new float[] {0f});

    assertThat(w[0]).isCloseTo(0.3f, within(1e-6f));
  }

  @Test
  void rulesEqualThoseOfBigDl() {
    float[][] gradients = gradients(20);
    float[] start = gradients(1)[0];

    float[] expected = start.clone();
    BigDlOptimizers.adam(expected, gradients, 0.02);
    assertClose(run(new AdamRule(0, 0), 0.02, start, gradients), expected);

    expected = start.clone();
    BigDlOptimizers.adagrad(expected, gradients, 0.05, 0.01);
    assertClose(run(new AdagradRule(0.01), 0.05, start, gradients), expected);

    expected = start.clone();
    BigDlOptimizers.momentum(expected, gradients, 0.05, 0.9, 0.01);
    assertClose(run(new MomentumRule(0.9, 0.01), 0.05, start, gradients), expected);

    // BigDL's Ftrl forgets the start, so both start at 0.
    expected = new float[WEIGHTS];
    BigDlOptimizers.ftrl(expected, gradients, 0.05, 0.01);
    assertClose(run(new FtrlRule(0.01), 0.05, new float[WEIGHTS], gradients), expected);
  }

  @Test
  void theRateWarmsUpAndThenFallsByEpoch() {
    RateSchedule schedule = new RateSchedule(0.8, 4, 0.5, 1000);

    assertThat(schedule.rate(1, 0)).isEqualTo(0.2);
    assertThat(schedule.rate(4, 0)).isEqualTo(0.8);
    assertThat(schedule.rate(100, 2)).isEqualTo(0.2);
    RateSchedule even = new RateSchedule(0.8, 4, Double.NaN, 1001);
    assertThat(even.rate(501, 0)).isCloseTo(0.8 * Math.sqrt(0.04), within(1e-12));
    assertThat(even.rate(1001, 9)).isCloseTo(0.8 * 0.04, within(1e-12));
    assertThat(even.rate(2, 0) / even.rate(1, 0))
        .isCloseTo(2 * Math.pow(0.04, 0.001), within(1e-9));
  }

  private static float[] run(UpdateRule rule, double rate, float[] start, float[]... gradients) {
    float[] weights = start.clone();
    float[][] state = new float[rule.slots()][weights.length];
    for (int step = 0; step < gradients.length; step++) {
      rule.update(weights, gradients[step], state, 0, weights.length, rate, step + 1);
    }
    return weights;
  }

  private static float[][] gradients(int steps) {
    Random random = new Random(steps);
    float[][] gradients = new float[steps][WEIGHTS];
    for (float[] gradient : gradients) {
      for (int i = 0; i < WEIGHTS; i++) {
        gradient[i] = (float) random.nextGaussian();
      }
    }
    return gradients;
  }

  private static void assertClose(float[] actual, float[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(2e-5f));
    }
  }
}
