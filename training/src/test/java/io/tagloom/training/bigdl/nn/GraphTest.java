package io.tagloom.training.bigdl.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import io.tagloom.conf.ModelSettings;
import io.tagloom.conf.ModelSettings.ExpertNetwork;
import io.tagloom.conf.ModelSettings.Gate;
import io.tagloom.conf.ModelSettings.Residual;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphTest {
  private static MvkeGraph graph() {
    return new MvkeGraph(
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
    new MvkeGraph(settings(residual, gate, score, network)).compare();
  }

  @Test
  void shapesAndIdsThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> graph().towers[0].forward(LayerModule.tensor(new float[6], 2, 3)))
        .hasStackTraceContaining("[2, 3]; expected [n, 4].");
    float[] ids = {99, 1, 1};
    assertThatThrownBy(() -> graph().users.forward(LayerModule.tensor(ids, 1, 3, 1)))
        .hasStackTraceContaining("Invalid id of field 0: 99.0; expected 0 to");
  }

  @Test
  void modulesSurviveCloning() {
    MvkeGraph graph = graph();
    graph.setWeights();
    Activity input = graph.ids(0, 3);
    float[] before = LayerModule.values(graph.users.forward(input));
    assertThat(LayerModule.values(graph.users.cloneModule().forward(input))).isEqualTo(before);
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
