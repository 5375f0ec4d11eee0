package io.tagloom.training.layers;

import java.util.Arrays;

/**
 * A tag tower: E_T = MLP of the item's fields side by side; the first is the weighted mean of the
 * tag embeddings.
 *
 * <p>Input {@code [n][in]} (in = I * d, width innermost, as gathered), output {@code [D][n]}.
 */
public final class TagTower {
  private final int in;
  private final Mlp mlp;
  private final float[] x;
  private final float[] dx;

  /**
   * A tower for tiles of up to {@code rows} rows.
   *
   * @param site key of its dropout
   * @param offset position of its weights
   * @param widths input, hidden and output widths
   */
  public TagTower(int site, int offset, int rows, int... widths) {
    this.in = widths[0];
    this.mlp = new Mlp(site, offset, rows, widths);
    this.x = new float[(in + 1) * rows];
    this.dx = new float[in * rows];
  }

  /** Prepares for the tiles of a step. */
  public void begin() {
    mlp.begin();
  }

  /** Computes the tag vectors of a tile. */
  public void forward(float[] dense, float[] items, int n, int row, Noise noise, float[] out) {
    for (int r = 0; r < n; r++) {
      for (int i = 0; i < in; i++) {
        x[i * n + r] = items[r * in + i];
      }
    }
    Arrays.fill(x, in * n, (in + 1) * n, 1);
    mlp.forward(dense, x, n, row, noise, out, 0);
  }

  /** Sums up the gradients of the weights for {@link #finish}, adds that of the input to dItems. */
  public void backward(float[] dense, int n, Noise noise, float[] dOut, float[] dItems) {
    mlp.backward(dense, x, n, noise, dOut, 0, dx);
    for (int r = 0; r < n; r++) {
      for (int i = 0; i < in; i++) {
        dItems[r * in + i] += dx[i * n + r];
      }
    }
  }

  /** Adds the gradients that the tiles of a step have in common. */
  public void finish(float[] gradients) {
    mlp.finish(gradients);
  }
}
