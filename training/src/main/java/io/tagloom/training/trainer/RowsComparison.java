package io.tagloom.training.trainer;

import io.tagloom.conf.TrainingSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.training.models.Batch;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.models.TrainStep;
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
    try (Crew crew = new Crew(threads);
        Side one = new Side(first, firstBlocks, crew);
        Side other = new Side(second, secondBlocks, crew)) {
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
    private final Crew crew;
    private final SampleShare share;
    private final MvkeParameters parameters;
    private final WeightUpdate update;
    private final Replicas replicas;
    private final BatchFeed feed;
    private final int batchSize;
    private SampleShare.Order order;
    private long left;
    private int epoch;
    private long step;

    Side(MvkeShape shape, List<Block> blocks, Crew crew) {
      this.crew = crew;
      this.share = new SampleShare(BlockShelf.of(blocks));
      this.batchSize = (int) Math.min(training.batchSize(), share.rows());
      this.parameters = shape.initialize(seed);
      TrainPlan plan = new TrainPlan("rows", shape, training, seed, 1, threads, null, null);
      this.update = new WeightUpdate(plan, new Alone(), crew);
      this.replicas = new Replicas(shape, threads);
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
        step++;
        replicas.step(crew, parameters, batch, TrainStep.of(batch, seed, step));
        update.apply(parameters, replicas, step, 0);
      }
      return (System.nanoTime() - start) / 1e9 / STEPS;
    }

    @Override
    public void close() {
      feed.close();
    }
  }
}
