package io.tagloom.training.layers;

import io.tagloom.training.bigdl.Mkl;
import java.util.Arrays;

/**
 * A multi-layer perceptron: max(x W_i + b_i, 0) between layers, no activation after the last.
 *
 * <p>Input {@code [in + 1][n]} with a last row of ones, output {@code [out][n]}. Weights of a layer
 * are {@code [in, out]} followed by the bias {@code [out]}, layer after layer: the bias is the row
 * that meets the ones.
 */
public final class Mlp {
  /**
   * Width from which weight gradients are summed up as [out][in]. Seen with MKL on AVX2 and tiles
   * of 128 rows: 320 x 128 gives 71 GFLOP/s that way round and 50 the other, 321 x 128 only 60; and
   * 128 x 32 gives 56 and 73.
   */
  private static final int WIDE = 64;

  private final int site;
  private final int[] widths;
  private final int offset;
  private final int[] offsets;
  private final float[] sums;
  private final float[] ones;
  private final float[][] hidden;
  private final float[][] slopes;

  /**
   * A perceptron.
   *
   * @param site key of its dropout, different for each perceptron of a network by at least the
   *     number of layers
   * @param offset position of its weights
   * @param rows most rows of a tile
   * @param widths input, hidden and output widths
   */
  public Mlp(int site, int offset, int rows, int... widths) {
    this.site = site;
    this.widths = widths.clone();
    this.offset = offset;
    this.sums = new float[size(widths)];
    this.ones = new float[rows];
    Arrays.fill(ones, 1);
    int layers = widths.length - 1;
    this.offsets = new int[layers];
    this.hidden = new float[layers - 1][];
    int at = offset;
    int widest = 0;
    for (int i = 0; i < layers; i++) {
      offsets[i] = at;
      at += (widths[i] + 1) * widths[i + 1];
      if (i > 0) {
        hidden[i - 1] = new float[(widths[i] + 1) * rows];
        widest = Math.max(widest, widths[i]);
      }
    }
    // Two: the slope of a layer is read while that of the one before is written.
    this.slopes = new float[2][widest * rows];
  }

  /** Number of weights of a perceptron. */
  public static int size(int... widths) {
    int size = 0;
    for (int i = 1; i < widths.length; i++) {
      size += (widths[i - 1] + 1) * widths[i];
    }
    return size;
  }

  /** Prepares for the tiles of a step. */
  public void begin() {
    Arrays.fill(sums, 0);
  }

  /**
   * Computes the output.
   *
   * @param x {@code [in + 1][n]}, the last row ones
   * @param row number of the first row in the batch, for dropout
   * @param out receives {@code [out][n]} from outOffset
   */
  public void forward(
      float[] weights, float[] x, int n, int row, Noise noise, float[] out, int outOffset) {
    float[] input = x;
    for (int i = 0; i < offsets.length; i++) {
      boolean last = i == offsets.length - 1;
      float[] y = last ? out : hidden[i];
      int to = last ? outOffset : 0;
      int width = widths[i + 1];
      Mkl.gemm(
          'N',
          'T',
          n,
          width,
          widths[i] + 1,
          1,
          input,
          0,
          n,
          weights,
          offsets[i],
          width,
          0,
          y,
          to,
          n);
      if (!last) {
        Activation.positive(y, 0, width * n);
        if (noise.dropsHidden()) {
          noise.hidden(site + i, row, n, width, y, 0);
        }
        Arrays.fill(y, width * n, (width + 1) * n, 1);
      }
      input = y;
    }
  }

  /**
   * Sums up the gradients of the weights for {@link #finish} and computes that of the input, after
   * {@link #forward} of the same tile.
   *
   * @param x the input
   * @param dOut gradient of the output from dOutOffset
   * @param dx receives the gradient {@code [in][n]} of the input
   */
  public void backward(
      float[] weights, float[] x, int n, Noise noise, float[] dOut, int dOutOffset, float[] dx) {
    float[] dy = dOut;
    int from = dOutOffset;
    for (int i = offsets.length - 1; i >= 0; i--) {
      float[] input = i == 0 ? x : hidden[i - 1];
      float[] into = i == 0 ? dx : slopes[i % 2];
      int in = widths[i];
      int width = widths[i + 1];
      int at = offsets[i];
      int sum = at - offset;
      if (width < WIDE) {
        Mkl.gemm('T', 'N', width, in + 1, n, 1, dy, from, n, input, 0, n, 1, sums, sum, width);
      } else {
        Mkl.gemm('T', 'N', in, width, n, 1, input, 0, n, dy, from, n, 1, sums, sum, in);
        Mkl.addColumnSums(n, width, dy, from, ones, sums, sum + in * width);
      }
      Mkl.gemm('N', 'N', n, in, width, 1, dy, from, n, weights, at, width, 0, into, 0, n);
      if (i > 0) {
        // A dropped unit is 0, as one that was not positive: one test serves both.
        float factor = noise.dropsHidden() ? noise.hiddenFactor() : 1;
        Activation.keepWherePositive(input, into, in * n, factor);
      }
      dy = into;
      from = 0;
    }
  }

  /**
   * Adds the gradients of the weights that the tiles since {@link #begin} have in common.
   *
   * @param gradients array like the weights
   */
  public void finish(float[] gradients) {
    for (int i = 0; i < offsets.length; i++) {
      int in = widths[i];
      int width = widths[i + 1];
      int from = offsets[i] - offset;
      boolean turned = width >= WIDE;
      for (int r = 0; r <= in; r++) {
        int to = offsets[i] + r * width;
        // The bias follows the weights in either order.
        int first = turned && r < in ? from + r : from + r * width;
        int next = turned && r < in ? in : 1;
        for (int j = 0; j < width; j++) {
          gradients[to + j] += sums[first + j * next];
        }
      }
    }
  }
}
