package io.tagloom.training.bigdl.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.intel.analytics.bigdl.nn.Graph;
import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import io.tagloom.conf.ModelSettings;
import io.tagloom.conf.ModelSettings.ExpertNetwork;
import io.tagloom.conf.ModelSettings.Gate;
import io.tagloom.conf.ModelSettings.Residual;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.RandomModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphTest {
  private static GraphComparison comparison() {
    return new GraphComparison(
        settings(Residual.ON, Gate.PROJECTED, ModelSettings.Score.COSINE, ExpertNetwork.MLP));
  }

  private static ModelSettings settings(
      Residual residual, Gate gate, ModelSettings.Score score, ExpertNetwork network) {
    return ModelSettings.builder()
        .dims(4, 4, 4)
        .expertHidden(6)
        .residual(residual)
        .gate(gate)
        .score(score)
        .expertNetwork(network)
        .dropout(0, 0, 0)
        .wholeDropout(0, 0)
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "ON, PROJECTED, COSINE, MLP",
    "OFF, PROJECTED, KERNEL_COSINE, DEEPFM",
    "ON, PLAIN, DOT, DEEPFM"
  })
  void graphGivesTheLogitsAndGradientsOfTheNetwork(
      Residual residual, Gate gate, ModelSettings.Score score, ExpertNetwork network) {
    new GraphComparison(settings(residual, gate, score, network)).compare();
  }

  @Test
  void weightsComeBackAsTheyWentIn() {
    GraphComparison comparison = comparison();
    MvkeParameters back = MvkeParameters.zeros(comparison.model.shape);

    comparison.mvke.read(back);

    assertThat(back.dense()).isEqualTo(comparison.model.parameters.dense());
    for (int t = 0; t < back.tables(); t++) {
      assertThat(back.table(t)).isEqualTo(comparison.model.parameters.table(t));
    }
  }

  @Test
  void shapesAndIdsThatDoNotFitAreRefused() {
    TagTowerModule tower = new TagTowerModule(1, 4, 4);
    assertThatThrownBy(() -> tower.forward(LayerModule.tensor(new float[6], 2, 3)))
        .hasStackTraceContaining("[2, 3]; expected [n, 4].");
    FieldEmbeddingBag bag = new FieldEmbeddingBag(4, 0.1, 1, 9, 9, 9);
    float[] ids = {99, 1, 1};
    assertThatThrownBy(() -> bag.forward(LayerModule.tensor(ids, 1, 3, 1)))
        .hasStackTraceContaining("Invalid id of field 0: 99.0; expected 0 to");
    RandomModel context =
        new RandomModel(
            settings(Residual.ON, Gate.PLAIN, ModelSettings.Score.DOT, ExpertNetwork.MLP),
            2,
            1,
            1,
            4,
            0.5,
            1);
    assertThatThrownBy(() -> new MvkeGraph(context.shape))
        .hasMessageContaining("Cannot build a graph: expected tags as the only item field");
  }

  @Test
  void graphsSurviveCloning() {
    GraphComparison comparison = comparison();
    Graph<Object> graph = comparison.mvke.graph();
    Activity logits = LayerModule.entry(graph.forward(comparison.input), 1);
    float[] before = LayerModule.values(logits);

    Activity after = LayerModule.entry(graph.cloneModule().forward(comparison.input), 1);

    assertThat(LayerModule.values(after)).containsExactly(before, within(1e-5f));
  }

  @Test
  void criterionIsFiniteAtExtremeLogits() {
    LogitCriterion criterion = new LogitCriterion();
    Activity logits = LayerModule.tensor(new float[] {100, -100, 17}, 3);
    Activity target = LayerModule.tensor(new float[] {0, 1, 0}, 3);
    assertThat((float) criterion.forward(logits, target)).isCloseTo(217f / 3, within(1e-4f));
    assertThat(LayerModule.values(criterion.backward(logits, target)))
        .containsExactly(new float[] {1f / 3, -1f / 3, 1f / 3}, within(1e-6f));
  }
}
