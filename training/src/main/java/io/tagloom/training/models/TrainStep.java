package io.tagloom.training.models;

/**
 * What all replicas of one training step share: the sums that losses are divided by, and the keys
 * of dropout. Immutable.
 */
public final class TrainStep {
  private final long seed;
  private final long number;
  private final long firstRow;
  private final long rows;
  private final double[] weightSums;

  /**
   * A step.
   *
   * @param seed the run's seed
   * @param number number of the step in the run
   * @param firstRow number, in the whole step, of the first row of this worker's batch
   * @param rows rows of the whole step, over all workers
   * @param weightSums per task the sum of row weights over the whole step; 0 makes the task's loss
   *     0
   */
  public TrainStep(long seed, long number, long firstRow, long rows, double... weightSums) {
    this.seed = seed;
    this.number = number;
    this.firstRow = firstRow;
    this.rows = rows;
    this.weightSums = weightSums.clone();
  }

  /** A step of one worker whose whole batch is this. */
  public static TrainStep of(Batch batch, long seed, long number) {
    double[] sums = new double[batch.shape().tasks()];
    for (int t = 0; t < sums.length; t++) {
      sums[t] = batch.weightSum(t);
    }
    return new TrainStep(seed, number, 0, batch.rows(), sums);
  }

  /** The run's seed. */
  public long seed() {
    return seed;
  }

  /** Number of the step. */
  public long number() {
    return number;
  }

  /** Number of the batch's first row in the whole step. */
  public long firstRow() {
    return firstRow;
  }

  /** Rows of the whole step. */
  public long rows() {
    return rows;
  }

  /** Sum of a task's row weights over the whole step. */
  public double weightSum(int task) {
    return weightSums[task];
  }
}
