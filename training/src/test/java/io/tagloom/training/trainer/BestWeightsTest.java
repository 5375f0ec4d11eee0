package io.tagloom.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.ModelSettings;
import io.tagloom.training.evaluation.LogitHistogram;
import io.tagloom.training.models.FieldShape;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which epoch counts as the best, and when training stops. */
class BestWeightsTest {
  /** 1000 positives and 1000 negatives with an AUC of one half. */
  private final LogitHistogram valid = new LogitHistogram();

  BestWeightsTest() {
    for (int i = 0; i < 1000; i++) {
      valid.add(i, 1, 1);
      valid.add(i, 0, 1);
    }
  }

  @Test
  void theStandardErrorIsThatOfHanleyAndMcNeil() {
    double expected = Math.sqrt((0.25 + 2 * 999 * (1.0 / 3 - 0.25)) / 1e6);
    assertThat(valid.aucError()).isCloseTo(expected, within(1e-12));
    assertThat(new LogitHistogram().aucError()).isNaN();
  }

  @Test
  void anEpochThatChanceCanExplainIsKeptAndOneThatItCannotIsNot() {
    BestWeights best = new BestWeights(2);
    assertThat(see(best, 0.52)).isFalse();
    assertThat(best.improves(0.516, valid)).isTrue();
    assertThat(best.improves(0.515, valid)).isFalse();
    assertThat(best.improves(0.519)).isFalse();
    assertThat(best.improves(Double.NaN)).isTrue();
    // Small steps down do not add up: the best of all is what counts.
    assertThat(see(best, 0.517)).isFalse();
    assertThat(best.improves(0.515, valid)).isFalse();
    assertThat(see(best, 0.5)).isFalse();
    assertThat(see(best, 0.5)).isTrue();
  }

  private boolean see(BestWeights best, double auc) {
    boolean improves = best.improves(auc, valid);
    List<EpochReport.Task> tasks =
        Collections.singletonList(new EpochReport.Task("ctr", 0.5, 2000, auc, 0.6));
    EpochReport report = new EpochReport(1, 1, 1, 1, 1, 1, 0.1, improves, tasks, null);
    MvkeShape shape =
        MvkeShape.of(
            ModelSettings.builder().dims(4, 4, 4).kernels(5).build(),
            Arrays.asList(
                new FieldShape("user", FieldShape.Side.USER, 3),
                new FieldShape("tags", FieldShape.Side.ITEM, 3)));
    return best.see(report, MvkeParameters.zeros(shape));
  }
}
