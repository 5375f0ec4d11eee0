package io.tagloom.training.bigdl.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.intel.analytics.bigdl.nn.Graph;
import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import io.tagloom.conf.ModelSettings;
import io.tagloom.training.models.MvkeGradients;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.RandomModel;
import io.tagloom.training.models.Slot;

/** MVKE as a BigDL graph against the network of the trainer, on a random model and batch. */
final class GraphComparison {
  private static final int ROWS = 12;

  final RandomModel model;
  final MvkeGraph mvke;
  final Activity input;

  GraphComparison(ModelSettings settings) {
    this.model = new RandomModel(settings, 3, 1, 0, ROWS, 0.5, 31);
    this.mvke = new MvkeGraph(model.shape);
    this.input = LayerModule.table(MvkeGraph.inputs(model.batch));
    mvke.write(model.parameters);
  }

  /** Checks logits, loss and all gradients. */
  void compare() {
    Graph<Object> graph = mvke.graph();
    Activity output = graph.forward(input);
    float[][] expected = model.logits(64);
    for (int t = 0; t < 2; t++) {
      assertThat(LayerModule.values(LayerModule.entry(output, t)))
          .containsExactly(expected[t], within(1e-5f));
    }
    Activity target = LayerModule.table(MvkeGraph.targets(model.batch));
    TasksCriterion criterion =
        new TasksCriterion(
            model.shape.model().tasks().get(0).weight(),
            model.shape.model().tasks().get(1).weight());
    MvkeGradients gradients = model.step(64, 0);
    double loss = 0;
    for (int t = 0; t < 2; t++) {
      double weight = model.shape.model().tasks().get(t).weight();
      loss += weight * gradients.lossSum(t) / gradients.weightSum(t);
    }
    assertThat((double) (float) criterion.forward(output, target)).isCloseTo(loss, within(1e-5));
    graph.backward(input, criterion.backward(output, target));
    compare(gradients, mvke.gradients());
  }

  private void compare(MvkeGradients expected, MvkeParameters actual) {
    for (Slot slot : model.shape.slots()) {
      float[] all = MvkeParameters.zeros(model.shape).dense();
      System.arraycopy(expected.dense(), 0, all, 0, all.length);
      float[] slopes = new MvkeParameters(all, new float[0][]).slot(model.shape, slot.name());
      assertClose(slot.name(), actual.slot(model.shape, slot.name()), slopes);
    }
    for (int t = 0; t < actual.tables(); t++) {
      assertClose("table " + t, actual.table(t), model.tableGradient(expected, t));
    }
  }

  private static void assertClose(String name, float[] actual, float[] expected) {
    float bound = (float) (1e-5 * Math.max(0.01, RandomModel.largest(expected)));
    assertThat(actual).as(name).containsExactly(expected, within(bound));
  }
}
