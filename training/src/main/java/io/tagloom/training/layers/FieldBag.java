package io.tagloom.training.layers;

/**
 * Bags of embeddings: a row's vector is sum_i weight_i * table[id_i].
 *
 * <p>Output and its gradient are {@code [n][width]}, rows {@code stride} apart.
 */
public final class FieldBag {
  private static final int UNKNOWN = 1;

  private final int site;
  private final int width;
  private final Hiding hiding;
  private float touched;

  /**
   * A bag that is not hidden.
   *
   * @param site number of the table, the key of its noise
   * @param width width of the table
   */
  public FieldBag(int site, int width) {
    this(site, width, Hiding.NEVER);
  }

  /**
   * A bag.
   *
   * @param site number of the table, the key of its noise
   * @param width width of the table
   * @param hiding with what its rows are hidden: a hidden row is one unknown id of weight 1, or
   *     empty for a history
   */
  public FieldBag(int site, int width, Hiding hiding) {
    this.site = site;
    this.width = width;
    this.hiding = hiding;
  }

  /**
   * Gathers rows {@code row} to {@code row + n - 1} of the bags; empty rows become zero.
   *
   * @param out receives row r at {@code offset + r * stride}
   */
  public void forward(
      IdBags bags,
      int row,
      int n,
      float[] table,
      Noise noise,
      float[] out,
      int offset,
      int stride) {
    int[] offsets = bags.offsets();
    int[] ids = bags.ids();
    float[] weights = bags.weights();
    touch(table, ids, offsets[row], offsets[row + n]);
    for (int r = 0; r < n; r++) {
      int start = offsets[row + r];
      int end = offsets[row + r + 1];
      int to = offset + r * stride;
      if (noise.hides(hiding, row + r)) {
        hide(table, out, to);
        continue;
      }
      if (end == start) {
        fillZero(out, to, width);
      }
      for (int i = start; i < end; i++) {
        boolean masked = noise.masksIds() && noise.masks(site, row + r, i - start);
        int from = (masked ? UNKNOWN : ids[i]) * width;
        if (i > start) {
          addScaled(table, from, weights[i], out, to, width);
        } else if (weights[i] == 1) {
          System.arraycopy(table, from, out, to, width);
        } else {
          scale(table, from, weights[i], out, to, width);
        }
      }
    }
    if (noise.dropsEmbeddings()) {
      noise.embeddings(site, row, n, width, out, offset, stride);
    }
  }

  private void hide(float[] table, float[] out, int to) {
    if (hiding == Hiding.HISTORY) {
      fillZero(out, to, width);
    } else {
      System.arraycopy(table, UNKNOWN * width, out, to, width);
    }
  }

  /**
   * Adds the gradient of the rows to that of their ids. With dropout the gradient is masked in
   * place.
   *
   * @param gradient gradient of the output, as {@code out} of {@link #forward}
   * @param values receives the gradient of the id with place p at {@code p * width}
   */
  public void backward(
      IdBags bags,
      int row,
      int n,
      float[] gradient,
      int offset,
      int stride,
      Noise noise,
      float[] values) {
    if (noise.dropsEmbeddings()) {
      noise.embeddings(site, row, n, width, gradient, offset, stride);
    }
    int[] offsets = bags.offsets();
    int[] places = bags.places();
    float[] weights = bags.weights();
    touch(values, places, offsets[row], offsets[row + n]);
    for (int r = 0; r < n; r++) {
      int start = offsets[row + r];
      int end = offsets[row + r + 1];
      if (noise.hides(hiding, row + r)) {
        if (hiding != Hiding.HISTORY) {
          int place = bags.unknownPlace();
          addScaled(gradient, offset + r * stride, 1, values, place * width, width);
        }
        continue;
      }
      for (int i = start; i < end; i++) {
        boolean masked = noise.masksIds() && noise.masks(site, row + r, i - start);
        int place = masked ? bags.unknownPlace() : places[i];
        addScaled(gradient, offset + r * stride, weights[i], values, place * width, width);
      }
    }
  }

  /**
   * Reads both ends of the tile's rows. A loop of nothing but loads has many of them on the way at
   * once, which one that also computes has not: rows lie anywhere in a large table.
   */
  private void touch(float[] table, int[] rows, int start, int end) {
    float sum = 0;
    for (int i = start; i < end; i++) {
      int at = rows[i] * width;
      sum += table[at] + table[at + width - 1];
    }
    touched = sum;
  }

  private static void fillZero(float[] out, int to, int width) {
    for (int j = 0; j < width; j++) {
      out[to + j] = 0;
    }
  }

  private static void scale(float[] x, int from, float factor, float[] out, int to, int width) {
    for (int j = 0; j < width; j++) {
      out[to + j] = factor * x[from + j];
    }
  }

  private static void addScaled(float[] x, int from, float factor, float[] out, int to, int width) {
    for (int j = 0; j < width; j++) {
      out[to + j] += factor * x[from + j];
    }
  }
}
