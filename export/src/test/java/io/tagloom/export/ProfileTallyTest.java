package io.tagloom.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.export.scoring.ScoreKind;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.export.scoring.TagMatrix;
import java.util.Collections;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class ProfileTallyTest {
  /** Three tags whose scores are 3, 2 and 1 times the user's only number. */
  private static final TagMatrix TAGS =
      new TagMatrix(
          new ScoredTask("ctr", new int[] {0}, 1, 0, ScoreKind.DOT),
          1,
          new String[] {"a", "b", "c"},
          new float[] {3, 2, 1},
          new float[] {1, 1, 1});

  private static void rows(ProfileTally tally, boolean held, int tag, int rows, int positives) {
    for (int row = 0; row < rows; row++) {
      tally.add(held, new int[] {tag}, new double[] {1, row < positives ? 1 : 0});
    }
  }

  private static ProfileTally tally() {
    ProfileRates rates = new ProfileRates(1, 3);
    for (int row = 0; row < 100; row++) {
      // In training b and c are clicked every second time, a never.
      rates.add(new int[] {0}, new double[] {1, 0});
      rates.add(new int[] {1, 2}, new double[] {1, row % 2});
    }
    return new ProfileTally(new TagMatrix[] {TAGS}, rates);
  }

  @Test
  void pairsOfDifferentRatesCountHalfForTies() {
    ProfileTally tally = tally();
    // Known: clicked a in training, and held out a most, b least, c with too few rows.
    rows(tally, false, 0, 30, 30);
    rows(tally, true, 0, 5, 4);
    rows(tally, true, 1, 5, 1);
    rows(tally, true, 2, 4, 4);
    tally.experts(new float[] {1});
    tally.endUser();
    // New: c most, then a, b, whose rates are equal.
    rows(tally, true, 0, 5, 1);
    rows(tally, true, 1, 5, 1);
    rows(tally, true, 2, 5, 3);
    tally.experts(new float[] {1});
    tally.endUser();
    // Nothing held out.
    rows(tally, false, 0, 5, 1);
    tally.endUser();

    SortedMap<String, Double> numbers = tally.numbers(Collections.singletonList("interests"));
    assertThat(numbers)
        .containsEntry("interests.history.users", 1.0)
        .containsEntry("interests.history.pairs", 1.0)
        .containsEntry("interests.history.pair_order", 1.0)
        .containsEntry("interests.history.pair_order_global", 0.0)
        .containsEntry("interests.history.pair_order_own", 1.0)
        .containsEntry("interests.cold.pairs", 2.0)
        .containsEntry("interests.cold.pair_order", 0.0)
        .containsEntry("interests.cold.pair_order_global", 0.75)
        .containsEntry("interests.all.pairs", 3.0)
        .doesNotContainKey("interests.all.rate_worst");
  }

  @Test
  void ratesAreMeansOverHeldOutRowsOfATag() {
    ProfileTally first = tally();
    rows(first, true, 0, 800, 400);
    first.experts(new float[] {0});
    first.endUser();
    ProfileTally second = tally();
    rows(second, true, 0, 400, 80);
    rows(second, true, 1, 400, 400);
    second.experts(new float[] {0});
    second.endUser();
    first.add(second);

    SortedMap<String, Double> numbers = first.numbers(Collections.singletonList("interests"));
    // Probabilities are .5; the rate of a is .4 on 1200 rows, that of b 1 on 400.
    assertThat(numbers.get("interests.all.rate_error"))
        .isCloseTo((1200 * 0.1 + 400 * 0.5) / 1600, within(1e-6));
    assertThat(numbers.get("interests.all.rate_error_global"))
        .isCloseTo((1200 * 0.4 + 400 * 0.5) / 1600, within(1e-6));
    assertThat(numbers.get("interests.all.rate_worst")).isCloseTo(0.25, within(1e-6));
    assertThat(numbers).containsEntry("interests.all.rate_tags", 1.0);
  }
}
