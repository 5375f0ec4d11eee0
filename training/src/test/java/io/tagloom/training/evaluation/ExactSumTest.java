package io.tagloom.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactSumTest {
  @Test
  void orderAndGroupingChangeNoBit() {
    Random random = new Random(11);
    List<Double> numbers = new ArrayList<>();
    double sum = 0;
    for (int i = 0; i < 10_000; i++) {
      numbers.add(Math.exp(12 * random.nextGaussian() - 12));
      sum += numbers.get(i);
    }

    double first = sum(numbers, 1);
    Collections.shuffle(numbers, random);

    assertThat(sum(numbers, 7)).isEqualTo(first);
    assertThat(first / sum).isCloseTo(1.0, within(1e-12));
  }

  @Test
  void partsAreCarriedIntoUnits() {
    ExactSum sum = new ExactSum();
    for (int i = 0; i < 3; i++) {
      sum.add(0x1.fffffffffp-21);
    }
    sum.add(0.1);

    assertThat(sum.value()).isCloseTo(3 * 0x1.fffffffffp-21 + 0.1, within(1e-16));
  }

  @Test
  void whatIsNotFiniteStaysSo() {
    ExactSum infinite = new ExactSum();
    infinite.add(1);
    infinite.add(Double.POSITIVE_INFINITY);
    ExactSum nan = new ExactSum();
    nan.add(Double.NaN);
    nan.add(infinite);

    assertThat(infinite.value()).isInfinite();
    assertThat(nan.value()).isNaN();
  }

  @Test
  void aSumThatNoLongFitsIsAnErrorAndNotAWrongNumber() {
    ExactSum sum = new ExactSum();
    for (int i = 0; i < 2; i++) {
      sum.add(0x1.8p41);
    }

    assertThat(sum.value()).isEqualTo(0x1.8p42);
    assertThatThrownBy(() -> sum.add(0x1.8p41)).isInstanceOf(ArithmeticException.class);
  }

  private static double sum(List<Double> numbers, int groups) {
    ExactSum all = new ExactSum();
    for (int group = 0; group < groups; group++) {
      ExactSum sum = new ExactSum();
      for (int i = group; i < numbers.size(); i += groups) {
        sum.add(numbers.get(i));
      }
      all.add(sum);
    }
    return all.value();
  }
}
