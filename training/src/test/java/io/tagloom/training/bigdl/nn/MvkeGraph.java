package io.tagloom.training.bigdl.nn;

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
import io.tagloom.conf.ModelSettings.Pooling;
import io.tagloom.conf.ModelSettings.Residual;
import io.tagloom.shaded.scala211.Option;
import io.tagloom.training.bigdl.FloatTensors;
import io.tagloom.training.layers.Activation;
import io.tagloom.training.layers.Score;
import io.tagloom.training.models.Batch;
import io.tagloom.training.models.BatchColumn;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.models.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * MVKE as a BigDL graph of this package's modules, for BigDL's own optimisers.
 *
 * <p>Inputs: ids and weights of the user fields, ids and weights of the tags; outputs: the logits
 * of each task. Context and further item fields, fixed scales and learned task weights have no
 * place in it. The tasks of a projected gate have a copy of the projections each, since a module
 * stands once in a graph: trained by BigDL they drift apart, which the trainer's do not.
 */
public final class MvkeGraph {
  private static final int DENSE = -1;

  private final MvkeShape shape;
  private final FieldEmbeddingBag users;
  private final FieldEmbeddingBag tags;
  private final VirtualKernels kernels;
  private final VirtualKernelExperts attention;
  private final ExpertNetworks experts;
  private final TagTowerModule[] towers;
  private final VirtualKernelGate[] gates;
  private final ScoreModule[] scores;
  // By identity: BigDL's modules are equal when their weights are.
  private final Map<LayerModule, List<int[]>> places = new IdentityHashMap<>();

  /**
   * A graph.
   *
   * @throws IllegalArgumentException if the shape has what the graph cannot express
   */
  public MvkeGraph(MvkeShape shape) {
    ModelSettings model = shape.model();
    if (shape.contextFields() > 0
        || shape.itemFields() != 1
        || !shape.hasSlot("scale")
        || !shape.hasSlot("bias")
        || shape.hasSlot("uncertainty")) {
      throw new IllegalArgumentException(
          "Cannot build a graph: expected tags as the only item field, no context field, learned"
              + " scale and bias and fixed task weights.");
    }
    this.shape = shape;
    int fields = shape.userFields();
    int d = model.embeddingDim();
    int a = model.attentionDim();
    int k = model.kernels();
    Activation phi = Activation.valueOf(model.projection().name());
    int[] rows = new int[fields];
    Arrays.setAll(rows, t -> shape.tables().get(t).rows());
    this.users = new FieldEmbeddingBag(d, 0, 0, rows);
    this.tags = new FieldEmbeddingBag(d, 0, 0, shape.tables().get(fields).rows());
    this.kernels = new VirtualKernels(k, d, 0, 0);
    this.attention =
        model.residual() == Residual.ON
            ? VirtualKernelExperts.residual(fields, d, k, phi, 0)
            : VirtualKernelExperts.plain(fields, d, a, k, phi, 0);
    this.experts = new ExpertNetworks(kind(model), k, fields, a, 0, widths(model.expertHidden()));
    this.towers = new TagTowerModule[shape.tagTowers()];
    this.gates = new VirtualKernelGate[shape.tasks()];
    this.scores = new ScoreModule[shape.tasks()];
    addTasks(phi);
    addPlaces();
  }

  private static ExpertNetworks.Kind kind(ModelSettings model) {
    boolean factored = model.expertNetwork() == ExpertNetwork.DEEPFM;
    if (model.pooling() == Pooling.SUM) {
      return factored ? ExpertNetworks.Kind.SUM_FACTOR : ExpertNetworks.Kind.SUM;
    }
    return factored ? ExpertNetworks.Kind.CONCAT_FACTOR : ExpertNetworks.Kind.CONCAT;
  }

  private int[] widths(List<Integer> hidden, int... before) {
    List<Integer> widths = new ArrayList<>();
    Arrays.stream(before).forEach(widths::add);
    widths.addAll(hidden);
    widths.add(shape.model().outputDim());
    return widths.stream().mapToInt(Integer::intValue).toArray();
  }

  private void addTasks(Activation phi) {
    ModelSettings model = shape.model();
    int d = model.embeddingDim();
    int k = model.kernels();
    for (int tower = 0; tower < towers.length; tower++) {
      towers[tower] = new TagTowerModule(0, widths(model.tagHidden(), d));
    }
    for (int t = 0; t < gates.length; t++) {
      int[] own = shape.kernels(t);
      int out = model.outputDim();
      gates[t] =
          model.gate() == Gate.PLAIN
              ? VirtualKernelGate.plain(k, d, own)
              : VirtualKernelGate.projected(k, d, model.attentionDim(), out, phi, 0, own);
      scores[t] = new ScoreModule(Score.valueOf(model.score().name()), k, out, 0, own);
    }
  }

  /** Where each module's weights lie among those of the trainer. */
  private void addPlaces() {
    for (int t = 0; t < shape.userFields(); t++) {
      place(users, t, 0, shape.tables().get(t).rows() * shape.tables().get(t).width());
    }
    int t = shape.userFields();
    place(tags, t, 0, shape.tables().get(t).rows() * shape.tables().get(t).width());
    place(kernels, "kernel", "kernel");
    place(
        attention,
        "expert.query.weight",
        shape.hasSlot("norm.bias") ? "norm.bias" : "expert.value.bias");
    String last = "expert." + (shape.model().kernels() - 1);
    int layers = shape.model().expertHidden().size();
    place(
        experts,
        "expert.0.layer.0.weight",
        shape.hasSlot(last + ".factor.weight")
            ? last + ".factor.weight"
            : last + ".layer." + layers + ".bias");
    int tower = 0;
    for (Slot slot : shape.slots()) {
      if (slot.name().matches("tag[.].*[.]layer[.]0[.]weight")) {
        int from = slot.offset();
        place(towers[tower], DENSE, from, from + size(towers[tower]));
        tower++;
      }
    }
    for (int task = 0; task < gates.length; task++) {
      if (shape.hasSlot("gate.query.weight")) {
        place(gates[task], "gate.query.weight", "gate.key.bias");
      }
      for (String name : new String[] {"scale", "bias"}) {
        int at = shape.slot(name).offset() + task;
        place(scores[task], DENSE, at, at + 1);
      }
    }
  }

  private void place(LayerModule module, String first, String last) {
    place(module, DENSE, shape.slot(first).offset(), shape.slot(last).end());
  }

  private void place(LayerModule module, int array, int from, int to) {
    places.computeIfAbsent(module, m -> new ArrayList<>()).add(new int[] {array, from, to});
  }

  private static int size(LayerModule module) {
    return module.parameters()._1()[0].nElement();
  }

  private static float[] array(MvkeParameters parameters, int array) {
    return array == DENSE ? parameters.dense() : parameters.table(array);
  }

  /** Gives the modules the trainer's weights. */
  public void write(MvkeParameters parameters) {
    places.forEach(
        (module, ranges) -> {
          float[] values = new float[size(module)];
          int at = 0;
          for (int[] range : ranges) {
            int count = range[2] - range[1];
            System.arraycopy(array(parameters, range[0]), range[1], values, at, count);
            at += count;
          }
          module.parameters()._1()[0].copy(LayerModule.tensor(values, values.length));
        });
  }

  /** Gives the trainer the modules' weights. */
  public void read(MvkeParameters parameters) {
    places.forEach(
        (module, ranges) -> {
          float[] values = LayerModule.values(module.parameters()._1()[0]);
          int at = 0;
          for (int[] range : ranges) {
            int count = range[2] - range[1];
            System.arraycopy(values, at, array(parameters, range[0]), range[1], count);
            at += count;
          }
        });
  }

  /**
   * Gradients of the last backward pass of the graph, where the trainer has them; those of modules
   * that share their place are added up.
   */
  MvkeParameters gradients() {
    MvkeParameters sums = MvkeParameters.zeros(shape);
    places.forEach(
        (module, ranges) -> {
          float[] values = LayerModule.values(module.parameters()._2()[0]);
          int at = 0;
          for (int[] range : ranges) {
            float[] into = array(sums, range[0]);
            for (int i = range[1]; i < range[2]; i++) {
              into[i] += values[at++];
            }
          }
        });
    return sums;
  }

  /** The graph; to be called once. */
  public Graph<Object> graph() {
    Node<AbstractModule<Activity, Activity, Object>>[] inputs = nodes(4);
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = Input$.MODULE$.apply("input" + i, FloatTensors.TAG, FloatTensors.NUMERIC);
    }
    Node<AbstractModule<Activity, Activity, Object>> e = after(users, inputs[0], inputs[1]);
    Node<AbstractModule<Activity, Activity, Object>> item = after(tags, inputs[2], inputs[3]);
    Node<AbstractModule<Activity, Activity, Object>> vk = after(kernels, e);
    Node<AbstractModule<Activity, Activity, Object>> vectors =
        after(experts, after(attention, e, vk));
    Node<AbstractModule<Activity, Activity, Object>>[] tag = nodes(towers.length);
    for (int tower = 0; tower < tag.length; tower++) {
      tag[tower] = after(towers[tower], item);
    }
    Node<AbstractModule<Activity, Activity, Object>>[] outputs = nodes(gates.length);
    for (int t = 0; t < outputs.length; t++) {
      Node<AbstractModule<Activity, Activity, Object>> own = tag[shape.tagTower(t)];
      outputs[t] = after(scores[t], vectors, own, after(gates[t], own, vk));
    }
    return Graph$.MODULE$.apply(
        inputs, outputs, Option.empty(), FloatTensors.TAG, FloatTensors.NUMERIC);
  }

  /** A batch as the graph takes it: four tensors. */
  public static Tensor<Object>[] inputs(Batch batch) {
    int users = batch.shape().userFields();
    Tensor<Object>[] all = tensors(4);
    fill(batch, 0, users, all, 0);
    fill(batch, users, users + 1, all, 2);
    return all;
  }

  /** Targets and row weights of each task in turn. */
  public static Tensor<Object>[] targets(Batch batch) {
    int n = batch.rows();
    Tensor<Object>[] all = tensors(2 * batch.shape().tasks());
    for (int t = 0; t < batch.shape().tasks(); t++) {
      all[2 * t] = LayerModule.tensor(Arrays.copyOf(batch.targets(t), n), n);
      all[2 * t + 1] = LayerModule.tensor(Arrays.copyOf(batch.rowWeights(t), n), n);
    }
    return all;
  }

  private static void fill(Batch batch, int from, int to, Tensor<Object>[] into, int place) {
    int n = batch.rows();
    int most = 1;
    for (int t = from; t < to; t++) {
      int[] offsets = batch.column(t).offsets();
      for (int row = 0; row < n; row++) {
        most = Math.max(most, offsets[row + 1] - offsets[row]);
      }
    }
    int fields = to - from;
    float[] ids = new float[n * fields * most];
    float[] weights = new float[ids.length];
    for (int t = from; t < to; t++) {
      BatchColumn column = batch.column(t);
      for (int row = 0; row < n; row++) {
        int start = column.offsets()[row];
        for (int i = start; i < column.offsets()[row + 1]; i++) {
          int at = (row * fields + t - from) * most + i - start;
          ids[at] = column.ids()[i];
          weights[at] = column.weights()[i];
        }
      }
    }
    into[place] = LayerModule.tensor(ids, n, fields, most);
    into[place + 1] = LayerModule.tensor(weights, n, fields, most);
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

  @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of a generic class
  private static Tensor<Object>[] tensors(int count) {
    return new Tensor[count];
  }
}
