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
  private static final int MOST_KINDS = 64;
  private static final double GOLDEN = 0.618;

  private final MvkeShape shape;
  private final BatchColumn[] columns;
  private final float[][] targets;
  private final float[][] rowWeights;
  private int[] numbers = new int[64];
  private int[] order = {};
  private int[] bucket = {};
  private float[] moved = {};
  private boolean arranged;
  private int rows;

  /** An empty batch for a shape. */
  public Batch(MvkeShape shape) {
    this.shape = shape;
    this.columns = new BatchColumn[shape.tables().size()];
    for (int t = 0; t < columns.length; t++) {
      columns[t] = new BatchColumn(shape.tables().get(t), shape.masks(t));
    }
    this.targets = new float[shape.tasks()][64];
    this.rowWeights = new float[shape.tasks()][64];
  }

  /** Removes all rows. */
  public void clear() {
    rows = 0;
    arranged = false;
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
   * Puts rows of the same tasks side by side, since a tile whose rows are none of a task's costs
   * nothing for that task and its experts. Tiles of all kinds are spread evenly over the batch, so
   * that threads that share it have equal work. What is computed stays the same: rows keep their
   * numbers for dropout.
   *
   * <p>Call it after all rows have been added, or not at all.
   *
   * @param tileRows rows of a tile
   */
  public void arrange(int tileRows) {
    if (arranged) {
      return;
    }
    arranged = true;
    if (order.length < rows) {
      order = new int[targets[0].length];
      numbers = new int[targets[0].length];
      bucket = new int[targets[0].length];
      moved = new float[targets[0].length];
    }
    sortByTasks();
    spreadTiles(tileRows);
    for (BatchColumn column : columns) {
      column.reorder(numbers);
    }
    for (int t = 0; t < targets.length; t++) {
      reorder(targets[t]);
      reorder(rowWeights[t]);
    }
  }

  /** Row numbers by the set of tasks that the row belongs to, in {@code order}. */
  private void sortByTasks() {
    long[] masks = new long[MOST_KINDS];
    int[] starts = new int[MOST_KINDS + 1];
    int kinds = 0;
    for (int row = 0; row < rows; row++) {
      long mask = 0;
      for (int t = 0; t < rowWeights.length; t++) {
        mask |= rowWeights[t][row] == 0 ? 0 : 1L << t;
      }
      int kind = 0;
      while (kind < kinds && masks[kind] != mask) {
        kind++;
      }
      if (kind == kinds && kinds < MOST_KINDS) {
        masks[kinds++] = mask;
      }
      // With very many kinds the last of them also takes what fits no other.
      bucket[row] = Math.min(kind, MOST_KINDS - 1);
      starts[bucket[row] + 1]++;
    }
    for (int kind = 0; kind < kinds; kind++) {
      starts[kind + 1] += starts[kind];
    }
    for (int row = 0; row < rows; row++) {
      order[starts[bucket[row]]++] = row;
    }
  }

  /** Takes the whole tiles of {@code order} in steps of the golden ratio, to {@code numbers}. */
  private void spreadTiles(int tileRows) {
    int tiles = rows / tileRows;
    int stride = Math.max(1, (int) Math.round(tiles * GOLDEN));
    while (tiles > 0 && greatestCommonDivisor(stride, tiles) > 1) {
      stride++;
    }
    for (int tile = 0; tile < tiles; tile++) {
      int from = (int) ((long) tile * stride % tiles);
      System.arraycopy(order, from * tileRows, numbers, tile * tileRows, tileRows);
    }
    System.arraycopy(order, tiles * tileRows, numbers, tiles * tileRows, rows - tiles * tileRows);
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }

  private void reorder(float[] values) {
    for (int i = 0; i < rows; i++) {
      moved[i] = values[numbers[i]];
    }
    System.arraycopy(moved, 0, values, 0, rows);
  }

  /** The number that a row had when it was added, before {@link #arrange}. */
  public int number(int row) {
    return arranged ? numbers[row] : row;
  }

  boolean arranged() {
    return arranged;
  }

  /** {@link #number} of each row, when the batch is arranged. */
  int[] numbers() {
    return numbers;
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
