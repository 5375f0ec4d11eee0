package io.tagloom.training.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers of the PyTorch reference; the script that makes them is in src/test/python. */
class GoldenTest {
  @ParameterizedTest
  @CsvSource({
    "paper, 6", "released, 6", "kernel-cosine, 6", "sum, 6", "sum-residual, 6",
    "paper, 4", "released, 4", "kernel-cosine, 1", "sum, 5", "sum-residual, 64"
  })
  void doubleAgreesWithTheReference(String variant, int tileRows) {
    io.tagloom.training.doubled.models.GoldenRun run =
        new io.tagloom.training.doubled.models.GoldenRun(variant, tileRows);
    assertAgrees(run.results, run::expected, run.gradientNames(), 1e-9, 1e-6);
  }

  @ParameterizedTest
  @CsvSource({
    "paper, 6", "released, 6", "kernel-cosine, 6", "sum, 6", "sum-residual, 6",
    "paper, 4", "released, 4", "kernel-cosine, 1", "sum, 5", "sum-residual, 64"
  })
  void floatAgreesWithTheReference(String variant, int tileRows) {
    GoldenRun run = new GoldenRun(variant, tileRows);
    assertAgrees(run.results, run::expected, run.gradientNames(), 1e-5, 1e-2);
  }

  /**
   * Relative to the largest number of each result, which is what rounding follows. A gradient that
   * is next to nothing beside the others is compared to a share of the largest of all: the keys'
   * bias under identity has none in theory (softmax ignores a shift), and the gradient of a scale
   * is one sum in which rows cancel.
   */
  private static void assertAgrees(
      Map<String, double[]> results,
      Function<String, double[]> expected,
      Set<String> gradients,
      double tolerance,
      double share) {
    Set<String> compared = new TreeSet<>();
    double worst = 0;
    double floor = 0;
    for (String name : gradients) {
      floor = Math.max(floor, share * largest(expected.apply("gradient." + name)));
    }
    for (Map.Entry<String, double[]> result : results.entrySet()) {
      double[] golden = expected.apply(result.getKey());
      assertThat(result.getValue()).as(result.getKey()).hasSameSizeAs(golden);
      boolean gradient = result.getKey().startsWith("gradient.");
      double largest = Math.max(largest(golden), gradient ? floor : 0);
      for (int i = 0; i < golden.length; i++) {
        double off = Math.abs(result.getValue()[i] - golden[i]) / largest;
        worst = Math.max(worst, off);
        assertThat(off).as("%s[%d]", result.getKey(), i).isLessThanOrEqualTo(tolerance);
      }
      compared.add(result.getKey().replaceFirst("^gradient\\.", ""));
    }
    assertThat(compared).containsAll(gradients);
    assertThat(compared).contains("experts", "attention", "loss.ctr", "loss.cvr", "logit.cvr");
    System.out.printf("largest relative difference %.2e%n", worst);
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
