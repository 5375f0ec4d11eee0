package io.tagloom.training.bigdl.nn;

import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import io.tagloom.training.layers.ExpertNetwork;
import io.tagloom.training.layers.ExpertShape;
import io.tagloom.training.layers.Mlp;
import io.tagloom.training.layers.Noise;
import java.util.Arrays;

/**
 * One network per expert: attended fields {@code [n, K, A, F]} become expert vectors {@code [n, K,
 * D]}.
 *
 * <p>Weights, expert after expert: per layer {@code [in, out]} and bias {@code [out]}, the first
 * input ordered {@code [A, F]}; with a factorization-machine term {@code [A, D]} more.
 */
public final class ExpertNetworks extends LayerModule {
  private static final long serialVersionUID = 1L;

  /** What an expert makes of its attended fields. */
  public enum Kind {
    /** A perceptron over the fields side by side. */
    CONCAT,
    /** A perceptron over their sum. */
    SUM,
    /** As concat, with a factorization-machine term. */
    CONCAT_FACTOR,
    /** As sum, with a factorization-machine term. */
    SUM_FACTOR
  }

  private final int fields;
  private final int attention;
  private final int out;
  private final ExpertShape[] shapes;
  private transient ExpertNetwork[] networks;

  /**
   * A module.
   *
   * @param widths hidden widths and D
   */
  public ExpertNetworks(
      Kind kind, int kernels, int fields, int attention, long seed, int... widths) {
    super(0, kernels * size(kind, fields, attention, widths));
    this.fields = fields;
    this.attention = attention;
    this.out = widths[widths.length - 1];
    this.shapes = new ExpertShape[kernels];
    int size = size(kind, fields, attention, widths);
    boolean summed = kind == Kind.SUM || kind == Kind.SUM_FACTOR;
    boolean factored = kind == Kind.CONCAT_FACTOR || kind == Kind.SUM_FACTOR;
    for (int k = 0; k < kernels; k++) {
      int mlp = k * size;
      int factor = factored ? mlp + size - attention * out : -1;
      shapes[k] =
          summed
              ? ExpertShape.summed(fields, attention, factor, mlp, widths)
              : ExpertShape.concatenated(fields, attention, factor, mlp, widths);
      int at = mlp;
      int in = summed ? attention : fields * attention;
      for (int width : widths) {
        start(at, at + in * width, 1 / Math.sqrt(in), seed);
        at += (in + 1) * width;
        in = width;
      }
      start(at, mlp + size, 1 / Math.sqrt(attention), seed);
    }
  }

  private static int size(Kind kind, int fields, int attention, int[] widths) {
    boolean summed = kind == Kind.SUM || kind == Kind.SUM_FACTOR;
    boolean factored = kind == Kind.CONCAT_FACTOR || kind == Kind.SUM_FACTOR;
    int[] all = new int[widths.length + 1];
    all[0] = summed ? attention : fields * attention;
    System.arraycopy(widths, 0, all, 1, widths.length);
    return Mlp.size(all) + (factored ? attention * widths[widths.length - 1] : 0);
  }

  @Override
  public Activity updateOutput(Activity input) {
    int n = read(input);
    float[] in = values(input);
    float[] result = new float[n * shapes.length * out];
    float[] y = new float[out * n];
    for (int k = 0; k < shapes.length; k++) {
      networks[k].forward(dense, expertInput(in, k, n), n, 0, Noise.NONE, y, 0);
      for (int i = 0; i < y.length; i++) {
        result[(i % n * shapes.length + k) * out + i / n] = y[i];
      }
    }
    return result(tensor(result, n, shapes.length, out));
  }

  private int read(Activity input) {
    int n = size(input, 0);
    expect(
        size(input, 1) == shapes.length && size(input, 2) == attention && size(input, 3) == fields,
        input,
        "[n, " + shapes.length + ", " + attention + ", " + fields + "]");
    readWeights();
    if (grows(n) || networks == null) {
      networks = new ExpertNetwork[shapes.length];
      ExpertNetwork.Scratch scratch = new ExpertNetwork.Scratch(shapes[0], Math.max(n, capacity));
      for (int k = 0; k < shapes.length; k++) {
        networks[k] = new ExpertNetwork(k, shapes[k], Math.max(n, capacity), scratch);
      }
    }
    return n;
  }

  private float[] expertInput(float[] in, int k, int n) {
    int size = attention * fields;
    float[] c = new float[(size + 1) * n];
    for (int i = 0; i < size * n; i++) {
      c[i] = in[(i % n * shapes.length + k) * size + i / n];
    }
    return c;
  }

  @Override
  public Activity updateGradInput(Activity input, Activity gradOutput) {
    clearSlopes();
    int n = size(input, 0);
    int size = attention * fields;
    float[] in = values(input);
    float[] gradient = values(gradOutput);
    float[] dIn = new float[in.length];
    float[] dY = new float[out * n];
    float[] dC = new float[size * n];
    for (int k = 0; k < shapes.length; k++) {
      for (int i = 0; i < dY.length; i++) {
        dY[i] = gradient[(i % n * shapes.length + k) * out + i / n];
      }
      Arrays.fill(dC, 0);
      networks[k].begin();
      networks[k].backward(dense, expertInput(in, k, n), n, Noise.NONE, dY, 0, dC, slopes);
      networks[k].finish(slopes);
      for (int i = 0; i < dC.length; i++) {
        dIn[(i % n * shapes.length + k) * size + i / n] = dC[i];
      }
    }
    return inputGradient(tensor(dIn, n, shapes.length, attention, fields));
  }
}
