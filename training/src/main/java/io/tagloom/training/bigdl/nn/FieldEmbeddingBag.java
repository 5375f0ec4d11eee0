package io.tagloom.training.bigdl.nn;

import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import io.tagloom.training.layers.FieldBag;
import io.tagloom.training.layers.IdBags;
import io.tagloom.training.layers.Noise;
import java.util.Arrays;

/**
 * Embeddings of multi-valued fields: {@code [n, F, L]} ids (0-based; 0 is padding) and as many
 * weights, as a table of two, or ids alone, become {@code [n, F, d]}: sum_i weight_i *
 * table_f[id_i].
 *
 * <p>Weights: the tables of all fields one after another, {@code [sum of rows, d]}; row 0 of each
 * starts at zero and gets no gradient. Ids ride in float tensors, which are exact to 2^24.
 */
public final class FieldEmbeddingBag extends LayerModule {
  private static final long serialVersionUID = 1L;
  private static final int EXACT = 1 << 24;

  private final int width;
  private final int[] rows;
  private final int[] first;

  /**
   * A module.
   *
   * @param width width of embeddings (d)
   * @param spread standard deviation at the start
   * @param rows vocabulary sizes, padding and unknown included
   * @throws IllegalArgumentException if a vocabulary has more than 2^24 rows
   */
  public FieldEmbeddingBag(int width, double spread, long seed, int... rows) {
    super(0, Arrays.stream(rows).sum() * width);
    this.width = width;
    this.rows = rows.clone();
    this.first = new int[rows.length];
    int row = 0;
    for (int f = 0; f < rows.length; f++) {
      if (rows[f] > EXACT) {
        throw new IllegalArgumentException(
            "Invalid vocabulary: " + rows[f] + " rows; expected at most " + EXACT + ".");
      }
      first[f] = row;
      start((row + 1) * width, (row + rows[f]) * width, spread, seed + f);
      row += rows[f];
    }
  }

  @Override
  public Activity updateOutput(Activity input) {
    readWeights();
    Bag[] bags = bags(input);
    int n = bags[0].offsets.length - 1;
    float[] out = new float[n * rows.length * width];
    for (int f = 0; f < rows.length; f++) {
      new FieldBag(f, width)
          .forward(bags[f], 0, n, dense, Noise.NONE, out, f * width, rows.length * width);
    }
    return result(tensor(out, n, rows.length, width));
  }

  @Override
  public Activity updateGradInput(Activity input, Activity gradOutput) {
    clearSlopes();
    Bag[] bags = bags(input);
    int n = bags[0].offsets.length - 1;
    float[] gradient = values(gradOutput);
    for (int f = 0; f < rows.length; f++) {
      new FieldBag(f, width)
          .backward(bags[f], 0, n, gradient, f * width, rows.length * width, Noise.NONE, slopes);
    }
    // Ids have no gradient; BigDL wants a tensor of their shape.
    Activity ids = input.isTensor() ? input : entry(input, 0);
    int[] size = {size(ids, 0), size(ids, 1), values(ids).length / (n * rows.length)};
    Activity zero = tensor(new float[values(ids).length], size);
    return inputGradient(input.isTensor() ? zero : table(zero, zero));
  }

  private Bag[] bags(Activity input) {
    Activity idTensor = input.isTensor() ? input : entry(input, 0);
    int n = size(idTensor, 0);
    float[] ids = values(idTensor);
    float[] weights = input.isTensor() ? null : values(entry(input, 1));
    int most = ids.length / (n * rows.length);
    expect(
        size(idTensor, 1) == rows.length && most * n * rows.length == ids.length,
        idTensor,
        "[n, " + rows.length + ", values]");
    Bag[] bags = new Bag[rows.length];
    for (int f = 0; f < rows.length; f++) {
      Bag bag = new Bag(n, most);
      for (int r = 0; r < n; r++) {
        for (int i = 0; i < most; i++) {
          int at = (r * rows.length + f) * most + i;
          add(bag, f, ids[at], weights == null ? 1 : weights[at]);
        }
        bag.offsets[r + 1] = bag.count;
      }
      bags[f] = bag;
    }
    return bags;
  }

  private void add(Bag bag, int f, float id, float weight) {
    if (!(id >= 0 && id < rows[f]) || id != (int) id) {
      throw new IllegalArgumentException(
          "Invalid id of field " + f + ": " + id + "; expected 0 to " + (rows[f] - 1) + ".");
    }
    if (id > 0) {
      bag.ids[bag.count] = first[f] + (int) id;
      bag.weights[bag.count++] = weight;
    }
  }

  /** The ids of one field; an id's place is its row, since BigDL's gradients are dense. */
  private static final class Bag implements IdBags {
    private final int[] offsets;
    private final int[] ids;
    private final float[] weights;
    private int count;

    Bag(int n, int most) {
      this.offsets = new int[n + 1];
      this.ids = new int[n * most];
      this.weights = new float[n * most];
    }

    @Override
    public int[] offsets() {
      return offsets;
    }

    @Override
    public int[] ids() {
      return ids;
    }

    @Override
    public float[] weights() {
      return weights;
    }

    @Override
    public int[] places() {
      return ids;
    }

    @Override
    public int unknownPlace() {
      return -1;
    }
  }
}
