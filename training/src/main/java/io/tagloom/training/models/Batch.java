package io.tagloom.training.models;

import java.util.Arrays;

/**
 * Some samples as the network takes them: ids per table, and per task a target and a row weight.
 * Buffers grow and are used again: {@link #clear()}, fill, {@link #group()}, train.
 *
 * <p>Fill it from encoded blocks with {@link BatchReader}, or by hand: for each row, add the ids of
 * each table and end the row, then {@link #addRow()} and set targets.
 */
public final class Batch {
  private final MvkeShape shape;
  private final BatchColumn[] columns;
  private final float[][] targets;
  private final float[][] rowWeights;
  private int rows;

  /** An empty batch for a shape. */
  public Batch(MvkeShape shape) {
    this.shape = shape;
    this.columns = new BatchColumn[shape.tables().size()];
    boolean masked = shape.model().dropoutId() > 0;
    for (int t = 0; t < columns.length; t++) {
      columns[t] = new BatchColumn(shape.tables().get(t), masked);
    }
    this.targets = new float[shape.tasks()][64];
    this.rowWeights = new float[shape.tasks()][64];
  }

  /** Removes all rows. */
  public void clear() {
    rows = 0;
    for (BatchColumn column : columns) {
      column.clear();
    }
  }

  /** Starts a row's targets: 0 with weight 0, which means "not a row of the task". */
  public int addRow() {
    for (int t = 0; t < targets.length; t++) {
      if (rows == targets[t].length) {
        targets[t] = Arrays.copyOf(targets[t], 2 * rows);
        rowWeights[t] = Arrays.copyOf(rowWeights[t], 2 * rows);
      }
      targets[t][rows] = 0;
      rowWeights[t][rows] = 0;
    }
    return rows++;
  }

  /** Sets the target (0 or 1) and weight of a row for a task; weight 0 leaves the row out. */
  public void target(int task, int row, float target, float weight) {
    targets[task][row] = target;
    rowWeights[task][row] = weight;
  }

  /**
   * Finds the distinct ids of each table; needed before training, not before scoring.
   *
   * @throws IllegalStateException if a column has not as many rows as the batch
   */
  public void group() {
    for (BatchColumn column : columns) {
      if (column.rows() != rows) {
        throw new IllegalStateException(
            "Cannot group the batch: "
                + column.rows()
                + " rows of "
                + column.table().name()
                + " for "
                + rows
                + " samples. End each row of each column.");
      }
      column.group();
    }
  }

  /** What the batch was made for. */
  public MvkeShape shape() {
    return shape;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Ids of table t of {@link MvkeShape#tables()}. */
  public BatchColumn column(int t) {
    return columns[t];
  }

  /** Targets of a task; only the first {@link #rows()} count. Not a copy. */
  public float[] targets(int task) {
    return targets[task];
  }

  /** Row weights of a task; only the first {@link #rows()} count. Not a copy. */
  public float[] rowWeights(int task) {
    return rowWeights[task];
  }

  /** Sum of a task's row weights. */
  public double weightSum(int task) {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += rowWeights[task][row];
    }
    return sum;
  }
}
