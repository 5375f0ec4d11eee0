package io.tagloom.training.models;

import java.util.Arrays;

/**
 * Gradients of one step: dense, and for each table the touched rows with the summed gradient of
 * each. Buffers are used again.
 *
 * <p>The rows of a table are the batch's distinct ids, ascending; replicas that share a batch share
 * these rows and add up place by place.
 */
public final class MvkeGradients {
  private final MvkeShape shape;
  private final float[] dense;
  private final float[][] values;
  private final int[][] rows;
  private final int[] counts;
  private final double[] lossSums;
  private final double[] weightSums;
  private double balance;

  /** Gradients of a shape, with no rows. */
  public MvkeGradients(MvkeShape shape) {
    this.shape = shape;
    int tables = shape.tables().size();
    this.dense = new float[shape.denseSize()];
    this.values = new float[tables][0];
    this.rows = new int[tables][0];
    this.counts = new int[tables];
    this.lossSums = new double[shape.tasks()];
    this.weightSums = new double[shape.tasks()];
  }

  /**
   * Takes the rows of a batch and sets everything to zero.
   *
   * @throws IllegalStateException if the batch is not grouped
   */
  public void begin(Batch batch) {
    for (int t = 0; t < rows.length; t++) {
      BatchColumn column = batch.column(t);
      counts[t] = column.distinctCount();
      rows[t] = column.distinct();
      int size = counts[t] * shape.tables().get(t).width();
      if (values[t].length < size) {
        values[t] = new float[size + size / 8];
      }
    }
    clear();
  }

  /** Sets everything to zero; the rows stay. */
  public void clear() {
    Arrays.fill(dense, 0);
    for (int t = 0; t < values.length; t++) {
      Arrays.fill(values[t], 0, counts[t] * shape.tables().get(t).width(), 0);
    }
    Arrays.fill(lossSums, 0);
    Arrays.fill(weightSums, 0);
    balance = 0;
  }

  /**
   * Adds the gradients of another replica of the same batch.
   *
   * @throws IllegalArgumentException if the other has other rows
   */
  public void add(MvkeGradients other) {
    addFlat(other.dense, dense, dense.length);
    for (int t = 0; t < values.length; t++) {
      if (counts[t] != other.counts[t] || rows[t] != other.rows[t]) {
        throw new IllegalArgumentException(
            "Cannot add gradients of "
                + shape.tables().get(t).name()
                + ": they belong to different batches. Begin both with the same batch.");
      }
      addFlat(other.values[t], values[t], counts[t] * shape.tables().get(t).width());
    }
    for (int task = 0; task < lossSums.length; task++) {
      lossSums[task] += other.lossSums[task];
      weightSums[task] += other.weightSums[task];
    }
    balance += other.balance;
  }

  private static void addFlat(float[] from, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += from[i];
    }
  }

  /** Gradient of the dense weights, by the slots of the shape. Not a copy. */
  public float[] dense() {
    return dense;
  }

  /** Number of touched rows of a table. */
  public int rowCount(int table) {
    return counts[table];
  }

  /** Touched rows of a table, ascending; only the first {@link #rowCount} count. Not a copy. */
  public int[] rows(int table) {
    return rows[table];
  }

  /** Gradients of the touched rows, {@code width} numbers each, in their order. Not a copy. */
  public float[] values(int table) {
    return values[table];
  }

  /** Sum over a task's rows of weight times cross-entropy. */
  public double lossSum(int task) {
    return lossSums[task];
  }

  /** Sum of a task's row weights. */
  public double weightSum(int task) {
    return weightSums[task];
  }

  /** The load-balancing term that was subtracted from the loss, before its factor. */
  public double balance() {
    return balance;
  }

  void addLoss(int task, double lossSum, double weightSum) {
    lossSums[task] += lossSum;
    weightSums[task] += weightSum;
  }

  void addBalance(double term) {
    balance += term;
  }
}
