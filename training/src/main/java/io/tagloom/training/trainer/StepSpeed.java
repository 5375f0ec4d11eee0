package io.tagloom.training.trainer;

import io.tagloom.features.blocks.Block;
import io.tagloom.training.bigdl.BarrierStage;
import io.tagloom.training.bigdl.Meeting;
import io.tagloom.training.models.Batch;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.api.java.JavaRDD;

/**
 * The training step alone: forward and backward pass and the update of the touched weights, again
 * and again on batches that lie ready, each worker for itself. No batch is gathered meanwhile and
 * nothing is exchanged: what a training loop reaches is measured against this.
 */
final class StepSpeed implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int BATCHES = 4;

  private final TrainPlan plan;
  private final int warmUp;
  private final int steps;

  /**
   * A measurement.
   *
   * @param warmUp steps before the clock starts
   * @param steps steps that are measured
   */
  StepSpeed(TrainPlan plan, int warmUp, int steps) {
    this.plan = plan;
    this.warmUp = warmUp;
    this.steps = steps;
  }

  /** Samples a second of all workers together, at the same time. */
  double run(JavaRDD<Block> dealt) {
    StepSpeed copy = this;
    List<double[]> workers =
        BarrierStage.run(dealt, blocks -> Collections.singletonList(copy.work(blocks)).iterator());
    double samples = 0;
    double seconds = 0;
    for (double[] worker : workers) {
      samples += worker[0];
      seconds = Math.max(seconds, worker[1]);
    }
    return samples / seconds;
  }

  /** Samples and seconds of one worker. */
  @SuppressWarnings("try")
  private double[] work(Iterator<Block> blocks) {
    BarrierTaskContext context = BarrierTaskContext.get();
    List<Block> mine = new ArrayList<>();
    blocks.forEachRemaining(mine::add);
    mine.removeIf(block -> !BlockDeal.isTrain(block));
    BlockShelf shelf = BlockShelf.of(mine);
    shelf.sort();
    List<Batch> batches = batches(new SampleShare(shelf));
    try (KillWatch watch = new KillWatch(context);
        LocalTraining training =
            new LocalTraining(plan.shape, plan.training, plan.seed, plan.threads)) {
      long samples = 0;
      long start = 0;
      for (int i = 0; i < warmUp + steps; i++) {
        if (i == warmUp) {
          new Meeting(context).meet();
          start = System.nanoTime();
        }
        // A worker without samples only waits.
        if (!batches.isEmpty()) {
          Batch batch = batches.get(i % batches.size());
          training.step(batch);
          samples += i < warmUp ? 0 : batch.rows();
        }
      }
      return new double[] {samples, (System.nanoTime() - start) / 1e9};
    }
  }

  private List<Batch> batches(SampleShare share) {
    List<Batch> batches = new ArrayList<>();
    if (share.rows() == 0) {
      return batches;
    }
    int most = Math.max(1, plan.training.batchSize() / plan.workers);
    int size = (int) Math.min(most, share.rows());
    int count = (int) Math.max(1, Math.min(BATCHES, share.rows() / size));
    SampleShare.Order order = share.order(plan.seed, 0, plan.training.shuffleWindowBlocks());
    for (int i = 0; i < count; i++) {
      try (BatchFeed feed = new BatchFeed(plan.shape, share)) {
        feed.prepare(order, size);
        batches.add(feed.take());
      }
    }
    return batches;
  }
}
