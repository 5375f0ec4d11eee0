package io.tagloom.training.models;

import io.tagloom.conf.ModelSettings;
import io.tagloom.conf.ModelSettings.Pooling;
import io.tagloom.conf.ModelSettings.Residual;
import io.tagloom.training.layers.Activation;
import io.tagloom.training.layers.AttentionShape;
import io.tagloom.training.layers.ExpertNetwork;
import io.tagloom.training.layers.ExpertShape;
import io.tagloom.training.layers.FieldAttention;
import io.tagloom.training.layers.FieldBag;
import io.tagloom.training.layers.Noise;
import io.tagloom.training.layers.StepClock;
import io.tagloom.training.layers.StepClock.Part;
import java.util.Arrays;
import java.util.List;

/** The user side for one tile: field embeddings, attention and the K expert networks. */
final class ExpertSide {
  private final MvkeShape shape;
  private final FieldBag[] bags;
  private final FieldAttention attention;
  private final ExpertNetwork[] networks;
  private final float[] attended;
  private final float[] dAttended;
  private final float[] experts;
  private final float[] dExperts;
  private final StepClock clock;

  ExpertSide(MvkeShape shape, int rows, StepClock clock) {
    this.clock = clock;
    this.shape = shape;
    int d = shape.model().embeddingDim();
    int kernels = shape.model().kernels();
    int size = shape.userFields() * shape.model().attentionDim();
    this.bags = new FieldBag[shape.userFields()];
    for (int f = 0; f < bags.length; f++) {
      bags[f] = new FieldBag(f, d, shape.hiding(f));
    }
    this.attention = new FieldAttention(attentionShape(shape), rows, clock);
    this.networks = new ExpertNetwork[kernels];
    ExpertShape first = expertShape(shape, 0);
    ExpertNetwork.Scratch scratch = new ExpertNetwork.Scratch(first, rows);
    int layers = shape.model().expertHidden().size() + 1;
    int site = shape.tables().size();
    for (int k = 0; k < kernels; k++) {
      networks[k] = new ExpertNetwork(site + k * layers, expertShape(shape, k), rows, scratch);
    }
    this.attended = new float[(size + 1) * rows];
    this.dAttended = new float[size * rows];
    this.experts = new float[kernels * shape.model().outputDim() * rows];
    this.dExperts = new float[experts.length];
  }

  private static AttentionShape attentionShape(MvkeShape shape) {
    boolean residual = shape.model().residual() == Residual.ON;
    return new AttentionShape(
        shape.userFields(),
        shape.model().embeddingDim(),
        shape.model().attentionDim(),
        shape.model().kernels(),
        Activation.valueOf(shape.model().projection().name()),
        shape.slot("kernel").offset(),
        shape.slot("expert.query.weight").offset(),
        shape.slot("expert.key.weight").offset(),
        residual ? shape.slot("norm.weight").offset() : -1);
  }

  private static ExpertShape expertShape(MvkeShape shape, int k) {
    List<Integer> hidden = shape.model().expertHidden();
    int[] widths = new int[hidden.size() + 1];
    for (int i = 0; i < hidden.size(); i++) {
      widths[i] = hidden.get(i);
    }
    widths[hidden.size()] = shape.model().outputDim();
    boolean deep = shape.model().expertNetwork() == ModelSettings.ExpertNetwork.DEEPFM;
    int factor = deep ? shape.slot("expert." + k + ".factor.weight").offset() : -1;
    int mlp = shape.slot("expert." + k + ".layer.0.weight").offset();
    int a = shape.model().attentionDim();
    return shape.model().pooling() == Pooling.SUM
        ? ExpertShape.summed(shape.userFields(), a, factor, mlp, widths)
        : ExpertShape.concatenated(shape.userFields(), a, factor, mlp, widths);
  }

  /** Expert outputs of the tile, {@code [K][D][n]}. */
  float[] experts() {
    return experts;
  }

  /** Gradient of the expert outputs, zero after {@link #forward}. */
  float[] dExperts() {
    return dExperts;
  }

  /** Attention weights of the tile, {@code [K][F][n]}. */
  float[] attentionWeights() {
    return attention.attention();
  }

  void begin(float[] dense) {
    attention.begin(dense);
    for (ExpertNetwork network : networks) {
      network.begin();
    }
  }

  /** Computes the active experts. */
  void forward(
      MvkeParameters parameters, Batch batch, int row, int n, ActiveTasks active, Noise noise) {
    int d = shape.model().embeddingDim();
    int out = shape.model().outputDim();
    for (int f = 0; f < bags.length; f++) {
      bags[f].forward(
          batch.column(f),
          row,
          n,
          parameters.table(f),
          noise,
          attention.embeddings(),
          f * n * d,
          d);
    }
    clock.lap(Part.EMBEDDING);
    attention.forward(parameters.dense(), n, active.firstKernel(), active.endKernel());
    for (int k = 0; k < networks.length; k++) {
      if (!active.kernel(k)) {
        continue;
      }
      attention.attended(parameters.dense(), k, n, attended);
      clock.lap(Part.ATTENTION);
      networks[k].forward(parameters.dense(), attended, n, row, noise, experts, k * out * n);
      Arrays.fill(dExperts, k * out * n, (k + 1) * out * n, 0);
      clock.lap(Part.EXPERTS);
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
    int out = shape.model().outputDim();
    float[] dense = parameters.dense();
    attention.beginBackward(n);
    for (int k = active.firstKernel(); k < active.endKernel(); k++) {
      if (!active.kernel(k)) {
        attention.skipBackward(k, n);
        continue;
      }
      attention.attended(dense, k, n, attended);
      clock.lap(Part.ATTENTION_BACKWARD);
      networks[k].backward(
          dense, attended, n, noise, dExperts, k * out * n, dAttended, into.dense());
      clock.countExpertRows(n);
      clock.lap(Part.EXPERTS_BACKWARD);
      attention.attendedBackward(dense, k, n, dAttended, into.dense());
      clock.lap(Part.ATTENTION_BACKWARD);
    }
    attention.backward(dense, n, into.dense());
    for (int f = 0; f < bags.length; f++) {
      bags[f].backward(
          batch.column(f), row, n, attention.embeddings(), f * n * d, d, noise, into.values(f));
    }
    clock.lap(Part.EMBEDDING_BACKWARD);
  }

  void finish(float[] dense, float[] gradients) {
    attention.finish(dense, gradients);
    for (ExpertNetwork network : networks) {
      network.finish(gradients);
    }
  }

  /** Which user field holds a number that is not finite in some row of the tile; -1 for none. */
  int faultyField(MvkeParameters parameters, Batch batch, int row, int n) {
    int d = shape.model().embeddingDim();
    float[] e = attention.embeddings();
    for (int f = 0; f < bags.length; f++) {
      bags[f].forward(batch.column(f), row, n, parameters.table(f), Noise.NONE, e, f * n * d, d);
      for (int i = f * n * d; i < (f + 1) * n * d; i++) {
        if (Float.isNaN(e[i]) || Float.isInfinite(e[i])) {
          return f;
        }
      }
    }
    return -1;
  }
}
