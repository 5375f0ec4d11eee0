package io.tagloom.training.trainer;

import io.tagloom.conf.TrainingSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.training.models.Batch;
import io.tagloom.training.models.MvkeShape;
import java.util.Arrays;
import java.util.List;

/**
 * The training loops of two models in turn, a few steps each, so that whatever else the machine
 * does meets both alike: batches are gathered while the one before is trained on, weights updated.
 * In this process, without Spark.
 */
public final class RowsComparison {
  private static final int STEPS = 4;
  private static final int WARM_UP_ROUNDS = 4;

  private final TrainingSettings training;
  private final long seed;
  private final int threads;

  /** A comparison with some threads. */
  public RowsComparison(TrainingSettings training, long seed, int threads) {
    this.training = training;
    this.seed = seed;
    this.threads = threads;
  }

  /** Seconds per step of the two models, and the ratio; medians over the rounds. */
  public static final class Result {
    private final double first;
    private final double second;
    private final double ratio;

    private Result(double[] first, double[] second) {
      double[] ratios = new double[first.length];
      Arrays.setAll(ratios, i -> second[i] / first[i]);
      this.first = median(first);
      this.second = median(second);
      this.ratio = median(ratios);
    }

    private static double median(double[] values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      int half = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** Seconds per step of the first model. */
    public double first() {
      return first;
    }

    /** Seconds per step of the second model. */
    public double second() {
      return second;
    }

    /** How many times as long as the first the second takes, round by round. */
    public double ratio() {
      return ratio;
    }
  }

  /**
   * Measures.
   *
   * @param firstBlocks training samples of the first model, a batch or more
   * @param secondBlocks those of the second
   * @param rounds how often both are measured, after some rounds that are not
   */
  public Result run(
      MvkeShape first,
      List<Block> firstBlocks,
      MvkeShape second,
      List<Block> secondBlocks,
      int rounds) {
    double[][] seconds = new double[2][rounds];
    try (Side one = new Side(first, firstBlocks);
        Side other = new Side(second, secondBlocks)) {
      for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
        double secondsOfOne = one.run();
        double secondsOfOther = other.run();
        if (round >= 0) {
          seconds[0][round] = secondsOfOne;
          seconds[1][round] = secondsOfOther;
        }
      }
    }
    return new Result(seconds[0], seconds[1]);
  }

  /** One of the two loops. */
  private final class Side implements AutoCloseable {
    private final SampleShare share;
    private final LocalTraining loop;
    private final BatchFeed feed;
    private final int batchSize;
    private SampleShare.Order order;
    private long left;
    private int epoch;

    Side(MvkeShape shape, List<Block> blocks) {
      this.share = new SampleShare(blocks);
      this.batchSize = (int) Math.min(training.batchSize(), share.rows());
      this.loop = new LocalTraining(shape, training, seed, threads);
      this.feed = new BatchFeed(shape, share);
      prepare();
    }

    private void prepare() {
      if (left < batchSize) {
        order = share.order(seed, epoch++, training.shuffleWindowBlocks());
        left = share.rows();
      }
      left -= batchSize;
      feed.prepare(order, batchSize);
    }

    double run() {
      long start = System.nanoTime();
      for (int i = 0; i < STEPS; i++) {
        Batch batch = feed.take();
        prepare();
        loop.step(batch);
      }
      return (System.nanoTime() - start) / 1e9 / STEPS;
    }

    @Override
    public void close() {
      feed.close();
      loop.close();
    }
  }
}
