package io.tagloom.training.bigdl.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.intel.analytics.bigdl.nn.Graph;
import com.intel.analytics.bigdl.nn.Graph$;
import com.intel.analytics.bigdl.nn.Input$;
import com.intel.analytics.bigdl.nn.abstractnn.AbstractModule;
import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import com.intel.analytics.bigdl.tensor.Tensor;
import com.intel.analytics.bigdl.utils.Node;
import io.tagloom.conf.ModelSettings;
import io.tagloom.conf.ModelSettings.ExpertNetwork;
import io.tagloom.conf.ModelSettings.Gate;
import io.tagloom.conf.ModelSettings.Residual;
import io.tagloom.training.bigdl.FloatTensors;
import io.tagloom.training.layers.Activation;
import io.tagloom.training.layers.Score;
import io.tagloom.training.models.BatchColumn;
import io.tagloom.training.models.MvkeGradients;
import io.tagloom.training.models.RandomModel;
import java.util.Arrays;
import scala.Option;

/** MVKE put together as a BigDL graph, against the network of the trainer. */
final class MvkeGraph {
  private static final int ROWS = 12;
  private static final int MOST = 3;

  final FieldEmbeddingBag users;
  private final FieldEmbeddingBag tags;
  private final VirtualKernels kernels = new VirtualKernels(5, 4, 0.5, 1);
  private final VirtualKernelExperts attention;
  private final ExpertNetworks experts;
  final TagTowerModule[] towers = {new TagTowerModule(1, 4, 4), new TagTowerModule(2, 4, 4)};
  private final VirtualKernelGate[] gates;
  private final ScoreModule[] scores;
  private final RandomModel model;

  MvkeGraph(ModelSettings settings) {
    this.model = new RandomModel(settings, 3, 1, 0, ROWS, 0.5, 31);
    int[] rows = new int[4];
    for (int t = 0; t < 4; t++) {
      rows[t] = model.shape.tables().get(t).rows();
    }
    this.users = new FieldEmbeddingBag(4, 0.1, 1, rows[0], rows[1], rows[2]);
    this.tags = new FieldEmbeddingBag(4, 0.1, 2, rows[3]);
    Activation phi = Activation.RELU;
    this.attention =
        settings.residual() == Residual.ON
            ? VirtualKernelExperts.residual(3, 4, 5, phi, 3)
            : VirtualKernelExperts.plain(3, 4, 4, 5, phi, 3);
    ExpertNetworks.Kind kind =
        settings.expertNetwork() == ExpertNetwork.MLP
            ? ExpertNetworks.Kind.CONCAT
            : ExpertNetworks.Kind.CONCAT_FACTOR;
    this.experts = new ExpertNetworks(kind, 5, 3, 4, 4, 6, 4);
    int[][] own = {{0, 1, 2}, {1, 2, 3, 4}};
    this.gates = new VirtualKernelGate[2];
    this.scores = new ScoreModule[2];
    for (int t = 0; t < 2; t++) {
      gates[t] =
          settings.gate() == Gate.PLAIN
              ? VirtualKernelGate.plain(5, 4, own[t])
              : VirtualKernelGate.projected(5, 4, 4, 4, phi, 5, own[t]);
      Score score = Score.valueOf(settings.score().name());
      scores[t] = new ScoreModule(score, 5, 4, 2, own[t]);
    }
  }

  /** Checks logits and all gradients. */
  void compare() {
    setWeights();
    Graph<Object> graph = graph();
    Activity users = ids(0, 3);
    Activity tags = ids(3, 4);
    Activity input =
        LayerModule.table(
            LayerModule.entry(users, 0),
            LayerModule.entry(users, 1),
            LayerModule.entry(tags, 0),
            LayerModule.entry(tags, 1));
    Activity output = graph.forward(input);
    float[][] expected = model.logits(64);
    Activity[] slopes = new Activity[2];
    for (int t = 0; t < 2; t++) {
      Activity logits = LayerModule.entry(output, t);
      assertThat(LayerModule.values(logits)).containsExactly(expected[t], within(1e-5f));
      LogitCriterion criterion = new LogitCriterion();
      Activity target =
          LayerModule.table(
              LayerModule.tensor(Arrays.copyOf(model.batch.targets(t), ROWS), ROWS),
              LayerModule.tensor(Arrays.copyOf(model.batch.rowWeights(t), ROWS), ROWS));
      criterion.forward(logits, target);
      slopes[t] = criterion.backward(logits, target);
    }
    graph.backward(input, LayerModule.table(slopes));
    compareGradients();
  }

  private void compareGradients() {
    MvkeGradients gradients = model.step(64, 0);
    float[] dense = gradients.dense();
    assertSlopes(kernels, dense, "kernel", "kernel");
    String last = model.shape.hasSlot("norm.bias") ? "norm.bias" : "expert.value.bias";
    assertSlopes(attention, dense, "expert.query.weight", last);
    String factor = "expert.4.factor.weight";
    String end = model.shape.hasSlot(factor) ? factor : "expert.4.layer.1.bias";
    assertSlopes(experts, dense, "expert.0.layer.0.weight", end);
    assertSlopes(towers[1], dense, "tag.cvr.layer.0.weight", "tag.cvr.layer.0.bias");
    for (int t = 0; t < 2; t++) {
      float[] expected = {
        dense[model.shape.slot("scale").offset() + t], dense[model.shape.slot("bias").offset() + t]
      };
      assertClose(slopes(scores[t]), expected);
    }
    if (model.shape.hasSlot("gate.query.weight")) {
      // The tasks share the gate's projections; as modules they are copies, whose gradients add up.
      float[] sum = slopes(gates[0]);
      float[] other = slopes(gates[1]);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += other[i];
      }
      assertClose(sum, range(dense, "gate.query.weight", "gate.key.bias"));
    }
    int from = 0;
    float[] tables = slopes(users);
    for (int t = 0; t < 3; t++) {
      float[] expected = model.tableGradient(gradients, t);
      assertClose(Arrays.copyOfRange(tables, from, from + expected.length), expected);
      from += expected.length;
    }
    assertClose(slopes(tags), model.tableGradient(gradients, 3));
  }

  private void assertSlopes(LayerModule module, float[] dense, String first, String last) {
    assertClose(slopes(module), range(dense, first, last));
  }

  private float[] range(float[] dense, String first, String last) {
    return Arrays.copyOfRange(
        dense, model.shape.slot(first).offset(), model.shape.slot(last).end());
  }

  private static float[] slopes(LayerModule module) {
    return module.parameters() == null
        ? new float[0]
        : LayerModule.values(module.parameters()._2()[0]);
  }

  private static void assertClose(float[] actual, float[] expected) {
    float bound = (float) (1e-5 * Math.max(0.01, RandomModel.largest(expected)));
    assertThat(actual).containsExactly(expected, within(bound));
  }

  /** Takes the weights of the model. */
  void setWeights() {
    float[] dense = model.parameters.dense();
    float[] all = new float[0];
    for (int t = 0; t < 3; t++) {
      int size = all.length;
      all = Arrays.copyOf(all, size + model.parameters.table(t).length);
      System.arraycopy(model.parameters.table(t), 0, all, size, all.length - size);
    }
    set(users, all);
    set(tags, model.parameters.table(3));
    set(kernels, range(dense, "kernel", "kernel"));
    String norm = model.shape.hasSlot("norm.bias") ? "norm.bias" : "expert.value.bias";
    set(attention, range(dense, "expert.query.weight", norm));
    String factor = "expert.4.factor.weight";
    String end = model.shape.hasSlot(factor) ? factor : "expert.4.layer.1.bias";
    set(experts, range(dense, "expert.0.layer.0.weight", end));
    String[] names = {"ctr", "cvr"};
    for (int t = 0; t < 2; t++) {
      String tag = "tag." + names[t] + ".layer.0.";
      set(towers[t], range(dense, tag + "weight", tag + "bias"));
      if (model.shape.hasSlot("gate.query.weight")) {
        set(gates[t], range(dense, "gate.query.weight", "gate.key.bias"));
      }
      float scale = dense[model.shape.slot("scale").offset() + t];
      float bias = dense[model.shape.slot("bias").offset() + t];
      set(scores[t], new float[] {scale, bias});
    }
  }

  private static void set(LayerModule module, float[] values) {
    Tensor<Object> weight = module.parameters()._1()[0];
    assertThat(weight.nElement()).isEqualTo(values.length);
    weight.copy(LayerModule.tensor(values.clone(), values.length));
  }

  /** Ids and weights of some tables. */
  Activity ids(int from, int to) {
    int fields = to - from;
    float[] ids = new float[ROWS * fields * MOST];
    float[] weights = new float[ids.length];
    for (int t = from; t < to; t++) {
      BatchColumn column = model.batch.column(t);
      for (int row = 0; row < ROWS; row++) {
        int start = column.offsets()[row];
        for (int i = start; i < column.offsets()[row + 1]; i++) {
          int at = (row * fields + t - from) * MOST + i - start;
          ids[at] = column.ids()[i];
          weights[at] = column.weights()[i];
        }
      }
    }
    return LayerModule.table(
        LayerModule.tensor(ids, ROWS, fields, MOST),
        LayerModule.tensor(weights, ROWS, fields, MOST));
  }

  private Graph<Object> graph() {
    Node<AbstractModule<Activity, Activity, Object>>[] inputs = nodes(4);
    for (int i = 0; i < 4; i++) {
      inputs[i] = input("input" + i);
    }
    Node<AbstractModule<Activity, Activity, Object>> e = after(users, inputs[0], inputs[1]);
    Node<AbstractModule<Activity, Activity, Object>> item = after(tags, inputs[2], inputs[3]);
    Node<AbstractModule<Activity, Activity, Object>> vk = after(kernels, e);
    Node<AbstractModule<Activity, Activity, Object>> vectors =
        after(experts, after(attention, e, vk));
    Node<AbstractModule<Activity, Activity, Object>>[] outputs = nodes(2);
    for (int t = 0; t < 2; t++) {
      Node<AbstractModule<Activity, Activity, Object>> tag = after(towers[t], item);
      outputs[t] = after(scores[t], vectors, tag, after(gates[t], tag, vk));
    }
    return Graph$.MODULE$.apply(
        inputs, outputs, Option.empty(), FloatTensors.TAG, FloatTensors.NUMERIC);
  }

  private static Node<AbstractModule<Activity, Activity, Object>> input(String name) {
    return Input$.MODULE$.apply(name, FloatTensors.TAG, FloatTensors.NUMERIC);
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // the array goes on to BigDL, which only reads it
  private static Node<AbstractModule<Activity, Activity, Object>> after(
      LayerModule module, Node<AbstractModule<Activity, Activity, Object>>... nodes) {
    return module.inputs(nodes);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of a generic class
  private static Node<AbstractModule<Activity, Activity, Object>>[] nodes(int count) {
    return new Node[count];
  }
}
