package io.tagloom.training.bigdl.nn;

import com.intel.analytics.bigdl.nn.abstractnn.AbstractModule;
import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import com.intel.analytics.bigdl.tensor.Tensor;
import com.intel.analytics.bigdl.tensor.Tensor$;
import com.intel.analytics.bigdl.utils.T;
import com.intel.analytics.bigdl.utils.Table;
import io.tagloom.shaded.scala211.Tuple2;
import io.tagloom.shaded.scala211.reflect.ClassTag;
import io.tagloom.shaded.scala211.reflect.ClassTag$;
import io.tagloom.training.bigdl.FloatTensors;
import io.tagloom.training.layers.Stable;
import java.util.Arrays;

/**
 * What the modules have in common: one flat tensor of weights, one of gradients, and the same
 * numbers as arrays behind a prefix of {@code borrowed} numbers that come as input (the virtual
 * kernels).
 */
abstract class LayerModule extends AbstractModule<Activity, Activity, Object> {
  private static final long serialVersionUID = 1L;

  private final int borrowed;
  private final Tensor<Object> weight;
  private final Tensor<Object> gradient;

  /** The borrowed numbers and the weights, as the layers read them. */
  final float[] dense;

  /** Gradients like {@link #dense}, of the last backward pass. */
  final float[] slopes;

  /** Rows that the transient layer was made for. */
  transient int capacity;

  LayerModule(int borrowed, int weights) {
    super(activity(), activity(), FloatTensors.TAG, FloatTensors.NUMERIC);
    this.borrowed = borrowed;
    this.weight = FloatTensors.over(new float[weights]);
    this.gradient = FloatTensors.over(new float[weights]);
    this.dense = new float[borrowed + weights];
    this.slopes = new float[borrowed + weights];
  }

  static ClassTag<Activity> activity() {
    return ClassTag$.MODULE$.apply(Activity.class);
  }

  /** Weights of a normal distribution with a spread, from a seed. */
  final void start(int from, int to, double spread, long seed) {
    float[] values = FloatTensors.array(weight);
    for (int i = from; i < to; i++) {
      values[i] = (float) (spread * Stable.gaussian(Stable.mix(Stable.mix(seed) + i)));
    }
  }

  /** Copies the weights for the layer to read. */
  final void readWeights() {
    System.arraycopy(
        FloatTensors.array(weight),
        weight.storageOffset() - 1,
        dense,
        borrowed,
        dense.length - borrowed);
  }

  final void clearSlopes() {
    Arrays.fill(slopes, 0);
  }

  /** Whether the layer has to be made anew for a batch of some rows. */
  final boolean grows(int rows) {
    if (rows <= capacity) {
      return false;
    }
    capacity = rows;
    return true;
  }

  @Override
  public final void accGradParameters(Activity input, Activity gradOutput) {
    float[] to = FloatTensors.array(gradient);
    int from = gradient.storageOffset() - 1;
    float scale = (float) getScaleW();
    for (int i = borrowed; i < slopes.length; i++) {
      to[from + i - borrowed] += scale * slopes[i];
    }
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic class
  public final Tuple2<Tensor<Object>[], Tensor<Object>[]> parameters() {
    // Not by the tensor's size: BigDL empties it while a model travels to the executors.
    return dense.length == borrowed
        ? null
        : new Tuple2(new Tensor[] {weight}, new Tensor[] {gradient});
  }

  /** Gives the result to BigDL. */
  final Activity result(Activity output) {
    output_$eq(output);
    return output;
  }

  /** Gives the gradient of the input to BigDL. */
  final Activity inputGradient(Activity gradient) {
    gradInput_$eq(gradient);
    return gradient;
  }

  /** A tensor over an array. */
  static Tensor<Object> tensor(float[] values, int... sizes) {
    return Tensor$.MODULE$.apply(values, sizes, FloatTensors.TAG, FloatTensors.NUMERIC);
  }

  /** The numbers of a tensor, copied in order. */
  @SuppressWarnings("unchecked") // all modules are float
  static float[] values(Activity activity) {
    Tensor<Object> tensor = ((Tensor<Object>) activity).contiguous();
    int from = tensor.storageOffset() - 1;
    return Arrays.copyOfRange(FloatTensors.array(tensor), from, from + tensor.nElement());
  }

  /** Size of a tensor's dimension, from 0. */
  @SuppressWarnings("unchecked") // all modules are float
  static int size(Activity activity, int dimension) {
    return ((Tensor<Object>) activity).size(dimension + 1);
  }

  /** An entry of a table, from 0. */
  static Activity entry(Activity table, int i) {
    return ((Table) table).<Activity>apply(i + 1);
  }

  static Table table(Activity... entries) {
    Table table = T.array(new Object[0]);
    for (Activity entry : entries) {
      table.insert(entry);
    }
    return table;
  }

  /** {@code [n][width]} to {@code [width][n]}, or back with n and width exchanged. */
  static void turn(float[] x, int from, float[] out, int to, int n, int width) {
    for (int r = 0; r < n; r++) {
      for (int j = 0; j < width; j++) {
        out[to + j * n + r] = x[from + r * width + j];
      }
    }
  }

  static float[] turned(float[] x, int n, int width) {
    float[] out = new float[n * width];
    turn(x, 0, out, 0, n, width);
    return out;
  }

  /** Refuses a shape. */
  final void expect(boolean right, Activity input, String rule) {
    if (!right) {
      throw new IllegalArgumentException(
          "Invalid input of " + getName() + ": " + shape(input) + "; expected " + rule + ".");
    }
  }

  private static String shape(Activity input) {
    if (input.isTensor()) {
      return Arrays.toString(((Tensor<?>) input).size());
    }
    return "a table of " + ((Table) input).length();
  }
}
