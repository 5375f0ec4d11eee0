package io.tagloom.training.bigdl.nn;

import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import io.tagloom.training.layers.Activation;
import io.tagloom.training.layers.AttentionShape;
import io.tagloom.training.layers.FieldAttention;
import io.tagloom.training.layers.StepClock;

/**
 * Attention of the virtual kernels over user fields: a table of embeddings {@code [n, F, d]} and
 * kernels {@code [K, d]} becomes the attended fields {@code [n, K, A, F]}.
 *
 * <p>Weights: query {@code [A, d]} and bias {@code [A]}; key and value {@code [2A, d]} and bias
 * {@code [2A]}; with residual the norm's weight {@code [A]} and bias {@code [A]}.
 */
public final class VirtualKernelExperts extends LayerModule {
  private static final long serialVersionUID = 1L;

  private final AttentionShape shape;
  private final int fields;
  private final int embedding;
  private final int attention;
  private final int kernels;
  private transient FieldAttention layer;

  private VirtualKernelExperts(
      int fields,
      int embedding,
      int attention,
      int kernels,
      Activation activation,
      int norm,
      long seed) {
    super(kernels * embedding, weights(embedding, attention) + (norm < 0 ? 0 : 2 * attention));
    this.fields = fields;
    this.embedding = embedding;
    this.attention = attention;
    this.kernels = kernels;
    int query = kernels * embedding;
    int keyValue = query + attention * (embedding + 1);
    this.shape =
        new AttentionShape(
            fields, embedding, attention, kernels, activation, 0, query, keyValue, norm);
    double spread = 1 / Math.sqrt(embedding);
    int queryWeights = attention * embedding;
    start(0, queryWeights, spread, seed);
    start(queryWeights + attention, 3 * queryWeights + attention, spread, seed + 1);
    if (norm >= 0) {
      float[] values = values(parameters()._1()[0]);
      java.util.Arrays.fill(values, norm - query, norm - query + attention, 1);
      parameters()._1()[0].copy(tensor(values, values.length));
    }
  }

  private static int weights(int embedding, int attention) {
    return 3 * attention * (embedding + 1);
  }

  /** A module without residual. */
  public static VirtualKernelExperts plain(
      int fields, int embedding, int attention, int kernels, Activation activation, long seed) {
    return new VirtualKernelExperts(fields, embedding, attention, kernels, activation, -1, seed);
  }

  /** A module with residual and layer norm; A = d. */
  public static VirtualKernelExperts residual(
      int fields, int embedding, int kernels, Activation activation, long seed) {
    int norm = kernels * embedding + weights(embedding, embedding);
    return new VirtualKernelExperts(fields, embedding, embedding, kernels, activation, norm, seed);
  }

  @Override
  public Activity updateOutput(Activity input) {
    int n = read(input);
    int size = attention * fields;
    float[] attended = new float[size * n];
    float[] out = new float[n * kernels * size];
    for (int k = 0; k < kernels; k++) {
      layer.attended(dense, k, n, attended);
      for (int i = 0; i < attended.length; i++) {
        out[(i % n * kernels + k) * size + i / n] = attended[i];
      }
    }
    return result(tensor(out, n, kernels, attention, fields));
  }

  private int read(Activity input) {
    Activity embeddings = entry(input, 0);
    int n = size(embeddings, 0);
    expect(
        size(embeddings, 1) == fields && size(embeddings, 2) == embedding,
        embeddings,
        "[n, " + fields + ", " + embedding + "]");
    readWeights();
    System.arraycopy(values(entry(input, 1)), 0, dense, 0, kernels * embedding);
    if (grows(n) || layer == null) {
      layer = new FieldAttention(shape, Math.max(n, capacity), new StepClock());
    }
    layer.begin(dense);
    float[] e = values(embeddings);
    for (int r = 0; r < n; r++) {
      for (int f = 0; f < fields; f++) {
        int to = (f * n + r) * embedding;
        System.arraycopy(e, (r * fields + f) * embedding, layer.embeddings(), to, embedding);
      }
    }
    layer.forward(dense, n);
    return n;
  }

  @Override
  public Activity updateGradInput(Activity input, Activity gradOutput) {
    clearSlopes();
    // The layer's embeddings turn into their gradient, so that a second call starts from the input.
    int n = read(input);
    int size = attention * fields;
    float[] gradient = values(gradOutput);
    float[] dAttended = new float[size * n];
    layer.beginBackward(n);
    for (int k = 0; k < kernels; k++) {
      for (int i = 0; i < dAttended.length; i++) {
        dAttended[i] = gradient[(i % n * kernels + k) * size + i / n];
      }
      layer.attendedBackward(dense, k, n, dAttended, slopes);
    }
    layer.backward(dense, n, slopes);
    layer.finish(dense, slopes);
    float[] dE = new float[n * fields * embedding];
    for (int r = 0; r < n; r++) {
      for (int f = 0; f < fields; f++) {
        int from = (f * n + r) * embedding;
        System.arraycopy(layer.embeddings(), from, dE, (r * fields + f) * embedding, embedding);
      }
    }
    float[] dKernels = java.util.Arrays.copyOf(slopes, kernels * embedding);
    return inputGradient(
        table(tensor(dE, n, fields, embedding), tensor(dKernels, kernels, embedding)));
  }
}
