package io.tagloom.training;

import static io.tagloom.training.PlantedModel.blocks;
import static io.tagloom.training.PlantedModel.mvke;
import static io.tagloom.training.PlantedModel.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.InputException;
import io.tagloom.training.models.FieldShape;
import io.tagloom.training.models.MvkeParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Training that starts from an earlier model. */
class WarmStartIT {
  @Test
  void aWarmStartContinuesTheEarlierModel() {
    MvkeModel earlier = mvke("").setEpochs(3).fit(blocks());
    String still = "optimizer { name = sgd, weight-decay = 0 }";
    Mvke next = mvke(still).setEpochs(1).setLearningRate(1e-30);
    MvkeParameters cold = weights(next);
    MvkeParameters dense = weights(next.setStart(earlier));
    Map<String, int[]> reset = Collections.singletonMap("user", new int[] {5});
    MvkeParameters all = weights(next.setStart(earlier, reset));

    MvkeParameters before = earlier.bundle().parameters();
    assertThat(dense.dense()).isEqualTo(before.dense());
    assertThat(dense.table(0)).isEqualTo(cold.table(0));
    assertThat(all.table(1)).isEqualTo(before.table(1));
    assertThat(Arrays.copyOfRange(all.table(0), 40, 48))
        .isEqualTo(Arrays.copyOfRange(cold.table(0), 40, 48));
    assertThat(Arrays.copyOfRange(all.table(0), 48, 56))
        .isEqualTo(Arrays.copyOfRange(before.table(0), 48, 56));
  }

  @Test
  void aWarmStartFromAnotherShapeIsRefused() {
    MvkeModel earlier = mvke("").setEpochs(1).fit(blocks());

    assertThatThrownBy(
            () ->
                mvke("")
                    .setModel(PlantedModel.SMALL + ", tag-hidden = [4]")
                    .setStart(earlier)
                    .fit(blocks()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Cannot start from model mvke-")
        .hasMessageContaining("tag.ctr.layer.0.weight");
  }

  @Test
  void aWarmStartFromAModelThatMeansSomethingElseIsRefused() {
    MvkeModel earlier = mvke("").setEpochs(1).fit(blocks());

    assertThatThrownBy(
            () ->
                mvke("")
                    .setModel(PlantedModel.SMALL + ", score = dot")
                    .setStart(earlier)
                    .fit(blocks()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Cannot start from model mvke-")
        .hasMessageContaining(
            "its model.score is \"kernel-cosine\" where the settings ask for \"dot\"");
    List<FieldShape> swapped = new ArrayList<>(PlantedBlocks.fields());
    Collections.swap(swapped, 0, 1);
    assertThatThrownBy(() -> mvke("").setFields(swapped).setStart(earlier).fit(blocks()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("its fields are user (user), age (user), tags (item) where ");
  }

  @Test
  void aGrownVocabularyKeepsItsRowsAndNewOnesStartFresh() {
    MvkeModel earlier = mvke("").setEpochs(2).fit(blocks());
    List<FieldShape> grown = new ArrayList<>(PlantedBlocks.fields());
    grown.set(0, new FieldShape("user", FieldShape.Side.USER, PlantedBlocks.USERS + 5));
    Mvke next =
        mvke("optimizer { name = sgd, weight-decay = 0 }")
            .setFields(grown)
            .setEpochs(1)
            .setLearningRate(1e-30);
    float[] cold = weights(next).table(0);

    float[] warm = weights(next.setStart(earlier, Collections.emptyMap())).table(0);

    int known = earlier.bundle().parameters().table(0).length;
    assertThat(warm.length - known).isEqualTo(3 * 8);
    assertThat(Arrays.copyOf(warm, known)).isEqualTo(earlier.bundle().parameters().table(0));
    assertThat(Arrays.copyOfRange(warm, known, warm.length))
        .isEqualTo(Arrays.copyOfRange(cold, known, warm.length));
  }

  @Test
  void aTrustRegionHoldsWhatTheEarlierModelKnewAndNothingElse() {
    MvkeModel earlier = mvke("").setEpochs(2).fit(blocks());
    MvkeParameters before = earlier.bundle().parameters();
    Map<String, int[]> reset = Collections.singletonMap("user", new int[] {5});
    for (String name : Arrays.asList("adamw 0.02 10", "ftrl 0.1 10", "sgd 0.1 5")) {
      String[] parts = name.split(" ");
      MvkeParameters[] moved = new MvkeParameters[2];
      for (int held = 0; held < 2; held++) {
        String pull = held == 1 ? parts[2] : "0";
        Mvke next =
            mvke("early-stopping-epochs = 0, trust-region = " + pull)
                .setOptimizer(parts[0])
                .setLearningRate(Double.parseDouble(parts[1]))
                .setSeed(9)
                .setEpochs(2)
                .setWorkers(2);
        moved[held] = weights(next.setStart(earlier, reset));
      }

      assertThat(distance(moved[1].dense(), before.dense(), 0, before.dense().length))
          .as(name)
          .isLessThan(0.5 * distance(moved[0].dense(), before.dense(), 0, before.dense().length));
      assertThat(distance(moved[1].table(0), before.table(0), 48, 480))
          .as(name)
          .isLessThan(0.5 * distance(moved[0].table(0), before.table(0), 48, 480));
      // Row 5 is another user now: it may go wherever it wants.
      float[] first = weights(mvke("").setSeed(9).setEpochs(1).setLearningRate(1e-30)).table(0);
      assertThat(distance(moved[1].table(0), first, 40, 48))
          .as(name)
          .isGreaterThan(0.5 * distance(moved[0].table(0), first, 40, 48));
    }
  }

  private static double distance(float[] left, float[] right, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Math.pow(left[i] - right[i], 2);
    }
    return Math.sqrt(sum);
  }
}
