package io.tagloom.training.models;

import io.tagloom.conf.ModelSettings.Gate;
import io.tagloom.training.layers.Activation;
import io.tagloom.training.layers.FieldBag;
import io.tagloom.training.layers.GateShape;
import io.tagloom.training.layers.KernelGate;
import io.tagloom.training.layers.Noise;
import io.tagloom.training.layers.TagTower;
import java.util.Arrays;
import java.util.List;

/** The item side for one tile: tag and item embeddings, tag towers and the gates of all tasks. */
final class TagSide {
  private final MvkeShape shape;
  private final FieldBag[] bags;
  private final TagTower[] towers;
  private final KernelGate gate;
  private final float[] items;
  private final float[] dItems;
  private final float[][] tags;
  private final float[][] dTags;
  private final float[][] gates;
  private final float[][] dGates;

  TagSide(MvkeShape shape, int rows) {
    this.shape = shape;
    int d = shape.model().embeddingDim();
    int in = shape.itemFields() * d;
    int out = shape.model().outputDim();
    this.bags = new FieldBag[shape.itemFields()];
    for (int i = 0; i < bags.length; i++) {
      int t = shape.userFields() + i;
      bags[i] = new FieldBag(t, d, shape.hiding(t));
    }
    this.towers = new TagTower[shape.tagTowers()];
    int layers = shape.model().tagHidden().size() + 1;
    int site =
        shape.tables().size() + shape.model().kernels() * (shape.model().expertHidden().size() + 1);
    for (int t = 0; t < towers.length; t++) {
      towers[t] = new TagTower(site + t * layers, shape.tagOffset(t), rows, widths(shape, in));
    }
    int tasks = shape.tasks();
    int[][] kernels = new int[tasks][];
    this.gates = new float[tasks][];
    this.dGates = new float[tasks][];
    for (int t = 0; t < tasks; t++) {
      kernels[t] = shape.kernels(t);
      gates[t] = new float[kernels[t].length * rows];
      dGates[t] = new float[kernels[t].length * rows];
    }
    this.gate = new KernelGate(gateShape(shape), rows, kernels);
    this.items = new float[in * rows];
    this.dItems = new float[in * rows];
    this.tags = new float[towers.length][out * rows];
    this.dTags = new float[towers.length][out * rows];
  }

  private static int[] widths(MvkeShape shape, int in) {
    List<Integer> hidden = shape.model().tagHidden();
    int[] widths = new int[hidden.size() + 2];
    widths[0] = in;
    for (int i = 0; i < hidden.size(); i++) {
      widths[i + 1] = hidden.get(i);
    }
    widths[widths.length - 1] = shape.model().outputDim();
    return widths;
  }

  private static GateShape gateShape(MvkeShape shape) {
    int d = shape.model().embeddingDim();
    int out = shape.model().outputDim();
    int kernel = shape.slot("kernel").offset();
    if (shape.model().gate() == Gate.PLAIN) {
      return GateShape.plain(d, out, shape.model().kernels(), kernel);
    }
    return GateShape.projected(
        d,
        shape.model().attentionDim(),
        out,
        shape.model().kernels(),
        Activation.valueOf(shape.model().projection().name()),
        kernel,
        shape.slot("gate.query.weight").offset());
  }

  /** Tag vectors of a task, {@code [D][n]}. */
  float[] tags(int task) {
    return tags[shape.tagTower(task)];
  }

  /** Their gradient, zero after {@link #forward}; tasks that share a tower share it. */
  float[] dTags(int task) {
    return dTags[shape.tagTower(task)];
  }

  /** Gate weights of a task, {@code [K_t][n]}. */
  float[] gates(int task) {
    return gates[task];
  }

  /** Their gradient. */
  float[] dGates(int task) {
    return dGates[task];
  }

  void begin(float[] dense) {
    gate.begin(dense);
    for (TagTower tower : towers) {
      tower.begin();
    }
  }

  /** Computes the towers and gates of the active tasks. */
  void forward(
      MvkeParameters parameters, Batch batch, int row, int n, ActiveTasks active, Noise noise) {
    gather(parameters, batch, row, n, noise);
    int size = shape.model().outputDim() * n;
    for (int t = 0; t < towers.length; t++) {
      if (active.tower(t)) {
        towers[t].forward(parameters.dense(), items, n, row, noise, tags[t]);
        Arrays.fill(dTags[t], 0, size, 0);
      }
    }
    for (int task = 0; task < gates.length; task++) {
      if (active.task(task)) {
        gate.forward(parameters.dense(), task, tags(task), n, gates[task]);
      }
    }
  }

  private void gather(MvkeParameters parameters, Batch batch, int row, int n, Noise noise) {
    int d = shape.model().embeddingDim();
    for (int i = 0; i < bags.length; i++) {
      int t = shape.userFields() + i;
      bags[i].forward(
          batch.column(t), row, n, parameters.table(t), noise, items, i * d, bags.length * d);
    }
  }

  void backward(
      MvkeParameters parameters,
      Batch batch,
      int row,
      int n,
      ActiveTasks active,
      Noise noise,
      MvkeGradients into) {
    int d = shape.model().embeddingDim();
    float[] dense = parameters.dense();
    for (int task = 0; task < gates.length; task++) {
      if (active.task(task)) {
        gate.backward(
            dense, task, tags(task), n, gates[task], dGates[task], dTags(task), into.dense());
      }
    }
    Arrays.fill(dItems, 0, bags.length * d * n, 0);
    for (int t = 0; t < towers.length; t++) {
      if (active.tower(t)) {
        towers[t].backward(dense, n, noise, dTags[t], dItems);
      }
    }
    for (int i = 0; i < bags.length; i++) {
      int t = shape.userFields() + i;
      bags[i].backward(
          batch.column(t), row, n, dItems, i * d, bags.length * d, noise, into.values(t));
    }
  }

  void finish(float[] dense, float[] gradients) {
    gate.finish(dense, gradients);
    for (TagTower tower : towers) {
      tower.finish(gradients);
    }
  }

  /** Which item field holds a number that is not finite in some row of the tile; -1 for none. */
  int faultyField(MvkeParameters parameters, Batch batch, int row, int n) {
    gather(parameters, batch, row, n, Noise.NONE);
    int width = shape.model().embeddingDim();
    for (int i = 0; i < n * bags.length * width; i++) {
      if (Float.isNaN(items[i]) || Float.isInfinite(items[i])) {
        return i / width % bags.length;
      }
    }
    return -1;
  }
}
