package io.tagloom.training.bigdl.nn;

import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import io.tagloom.training.layers.Activation;
import io.tagloom.training.layers.GateShape;
import io.tagloom.training.layers.KernelGate;
import java.util.Arrays;

/**
 * The gate of one task: a table of tag vectors {@code [n, D]} and kernels {@code [K, d]} becomes
 * gate weights {@code [n, K_t]} that sum to 1.
 *
 * <p>Weights of a projected gate: query {@code [A, D]} and bias {@code [A]}, key {@code [A, d]} and
 * bias {@code [A]}. A plain gate has none.
 */
public final class VirtualKernelGate extends LayerModule {
  private static final long serialVersionUID = 1L;

  private final GateShape shape;
  private final int all;
  private final int embedding;
  private final int out;
  private final int[] kernels;
  private transient KernelGate gate;

  private VirtualKernelGate(
      GateShape shape, int all, int embedding, int out, int weights, int... kernels) {
    super(all * embedding, weights);
    this.shape = shape;
    this.all = all;
    this.embedding = embedding;
    this.out = out;
    this.kernels = kernels.clone();
  }

  /**
   * A gate with projections of width A.
   *
   * @param all number of virtual kernels (K)
   * @param embedding their width (d)
   * @param out width of tag vectors (D)
   * @param kernels 0-based kernels of the task
   */
  public static VirtualKernelGate projected(
      int all,
      int embedding,
      int attention,
      int out,
      Activation activation,
      long seed,
      int... kernels) {
    GateShape shape =
        GateShape.projected(embedding, attention, out, all, activation, 0, all * embedding);
    int query = attention * out;
    int key = query + attention;
    int weights = key + attention * (embedding + 1);
    VirtualKernelGate gate = new VirtualKernelGate(shape, all, embedding, out, weights, kernels);
    gate.start(0, query, 1 / Math.sqrt(out), seed);
    gate.start(key, key + attention * embedding, 1 / Math.sqrt(embedding), seed);
    return gate;
  }

  /** A gate of inner products of tag vectors and kernels, both d wide. */
  public static VirtualKernelGate plain(int all, int embedding, int... kernels) {
    GateShape shape = GateShape.plain(embedding, embedding, all, 0);
    return new VirtualKernelGate(shape, all, embedding, embedding, 0, kernels);
  }

  @Override
  public Activity updateOutput(Activity input) {
    Activity tags = entry(input, 0);
    int n = size(tags, 0);
    expect(size(tags, 1) == out, tags, "[n, " + out + "]");
    readWeights();
    System.arraycopy(values(entry(input, 1)), 0, dense, 0, all * embedding);
    if (grows(n) || gate == null) {
      gate = new KernelGate(shape, Math.max(n, capacity), kernels);
    }
    gate.begin(dense);
    float[] weights = new float[kernels.length * n];
    gate.forward(dense, 0, turned(values(tags), n, out), n, weights);
    return result(tensor(turned(weights, kernels.length, n), n, kernels.length));
  }

  @Override
  public Activity updateGradInput(Activity input, Activity gradOutput) {
    clearSlopes();
    Activity tags = entry(input, 0);
    int n = size(tags, 0);
    float[] weights = turned(values(output()), n, kernels.length);
    float[] dWeights = turned(values(gradOutput), n, kernels.length);
    float[] dTags = new float[out * n];
    gate.begin(dense);
    gate.backward(dense, 0, turned(values(tags), n, out), n, weights, dWeights, dTags, slopes);
    gate.finish(dense, slopes);
    float[] dKernels = Arrays.copyOf(slopes, all * embedding);
    return inputGradient(
        table(tensor(turned(dTags, out, n), n, out), tensor(dKernels, all, embedding)));
  }
}
