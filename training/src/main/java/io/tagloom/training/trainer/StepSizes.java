package io.tagloom.training.trainer;

/**
 * How many samples each worker gives to each step of an epoch. Every worker spreads its samples
 * evenly over the same number of steps, so that all finish together and none is left out.
 */
final class StepSizes {
  private final long[] rows;
  private final long total;
  private final int steps;

  /**
   * Plans an epoch.
   *
   * @param rows samples of each worker
   * @param batchSize most samples of a step over all workers
   */
  StepSizes(long[] rows, int batchSize) {
    this.rows = rows.clone();
    long sum = 0;
    for (long count : rows) {
      sum += count;
    }
    this.total = sum;
    this.steps = Math.toIntExact((sum + batchSize - 1) / batchSize);
  }

  /** Samples of an epoch. */
  long total() {
    return total;
  }

  /** Steps of an epoch. */
  int steps() {
    return steps;
  }

  /** Samples of a worker in a step. */
  int size(int worker, int step) {
    return (int) (start(worker, step + 1) - start(worker, step));
  }

  /** Samples of all workers in a step. */
  int size(int step) {
    int sum = 0;
    for (int worker = 0; worker < rows.length; worker++) {
      sum += size(worker, step);
    }
    return sum;
  }

  /** Samples of the workers before one, in a step. */
  int before(int worker, int step) {
    int sum = 0;
    for (int other = 0; other < worker; other++) {
      sum += size(other, step);
    }
    return sum;
  }

  private long start(int worker, int step) {
    // Whole and rest apart: the product of both counts could overflow.
    long whole = rows[worker] / steps * step;
    return whole + rows[worker] % steps * step / steps;
  }
}
