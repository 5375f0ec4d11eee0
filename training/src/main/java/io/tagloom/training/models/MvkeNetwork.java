package io.tagloom.training.models;

/**
 * One replica of the network: buffers of its own, weights shared and only read. Used by one thread
 * at a time.
 *
 * <p>A range of rows is worked through in tiles, each through the whole forward and backward pass,
 * so that activations stay in the cache. loss = sum over tasks t of lambda_t * (sum over the task's
 * rows of weight * cross-entropy) / (sum of row weights of the whole step), so that the gradients
 * of replicas and workers add up to that of the step.
 */
public final class MvkeNetwork {
  /** Rows of a tile unless another number is asked for. */
  public static final int TILE_ROWS = 64;

  private final MvkeShape shape;
  private final int tileRows;

  /** A replica with tiles of {@link #TILE_ROWS} rows. */
  public MvkeNetwork(MvkeShape shape) {
    this(shape, TILE_ROWS);
  }

  /** A replica with tiles of some rows, 1 to 65536. */
  public MvkeNetwork(MvkeShape shape, int tileRows) {
    this.shape = shape;
    this.tileRows = tileRows;
  }

  /** Rows of a tile. Ranges given to replicas should start at multiples of it. */
  public int tileRows() {
    return tileRows;
  }

  /**
   * Forward and backward pass over rows {@code fromRow} to {@code toRow - 1} of a grouped batch;
   * adds to the gradients.
   *
   * @param gradients begun with this batch
   * @throws ArithmeticException if an input or a result is not a finite number
   */
  public void step(
      MvkeParameters parameters,
      Batch batch,
      int fromRow,
      int toRow,
      TrainStep step,
      MvkeGradients gradients) {
    throw new UnsupportedOperationException("step of " + shape);
  }

  /**
   * Logits of rows {@code fromRow} to {@code toRow - 1}, without dropout.
   *
   * @param out receives the logit of task t and row r at {@code [t][r - fromRow + offset]}
   */
  public void logits(
      MvkeParameters parameters, Batch batch, int fromRow, int toRow, float[][] out, int offset) {
    throw new UnsupportedOperationException("logits of " + shape);
  }
}
