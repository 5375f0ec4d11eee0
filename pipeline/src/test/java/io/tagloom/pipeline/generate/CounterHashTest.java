package io.tagloom.pipeline.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CounterHashTest {
  @Property(seed = "1")
  void valuesStayInTheirRange(
      @ForAll long seed,
      @ForAll long index,
      @ForAll @IntRange(min = 0, max = 10_000) int draw,
      @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long bound) {
    CounterHash hash = CounterHash.of(seed, "purpose");

    assertThat(hash.uniform(index, draw)).isBetween(0.0, Math.nextDown(1.0));
    assertThat(hash.below(index, draw, 7)).isBetween(0, 6);
    assertThat(hash.skewed(index, draw, bound, 1.5)).isBetween(0L, bound - 1);
    assertThat(hash.normal(index, draw)).isBetween(-9.0, 9.0);
  }

  @Property(seed = "1")
  void valuesAreAFunctionOfSeedPurposeIndexAndDraw(@ForAll long seed, @ForAll long index) {
    long bits = CounterHash.of(seed, "one").bits(index, 3);

    assertThat(CounterHash.of(seed, "one").bits(index, 3)).isEqualTo(bits);
    assertThat(CounterHash.of(seed + 1, "one").bits(index, 3)).isNotEqualTo(bits);
    assertThat(CounterHash.of(seed, "two").bits(index, 3)).isNotEqualTo(bits);
    assertThat(CounterHash.of(seed, "one").bits(index + 1, 3)).isNotEqualTo(bits);
    assertThat(CounterHash.of(seed, "one").bits(index, 4)).isNotEqualTo(bits);
  }

  @Test
  void momentsAreThoseOfTheDistributions() {
    CounterHash hash = CounterHash.of(5, "moments");
    int n = 200_000;
    double uniform = 0;
    double product = 0;
    double normal = 0;
    double square = 0;
    for (int i = 0; i < n; i++) {
      uniform += hash.uniform(i, 0);
      product += (hash.uniform(i, 0) - 0.5) * (hash.uniform(i, 1) - 0.5);
      double z = hash.normal(i, 2);
      normal += z;
      square += z * z;
    }

    assertThat(uniform / n).isCloseTo(0.5, within(0.003));
    assertThat(product / n).isCloseTo(0, within(0.001));
    assertThat(normal / n).isCloseTo(0, within(0.01));
    assertThat(square / n).isCloseTo(1, within(0.02));
  }

  @Test
  void skewedValuesComeOftenFirst() {
    CounterHash hash = CounterHash.of(5, "skewed");
    int first = 0;
    for (int i = 0; i < 100_000; i++) {
      first += hash.skewed(i, 0, 1000, 2) < 250 ? 1 : 0;
    }

    assertThat(first / 100_000.0).isCloseTo(0.5, within(0.01));
  }
}
