package io.tagloom.training.trainer;

import io.tagloom.features.blocks.Block;
import io.tagloom.training.models.Batch;
import io.tagloom.training.models.BatchReader;
import io.tagloom.training.models.MvkeShape;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The sum of row weights per task in every step of an epoch, over all workers. A loss is divided by
 * the sum of the whole step, which no worker could know from its own samples; one exchange an epoch
 * tells all.
 */
final class StepWeights {
  private final SampleShare share;
  private final int tasks;
  private final float[][][] weights;

  StepWeights(MvkeShape shape, SampleShare share) {
    this.share = share;
    this.tasks = shape.tasks();
    this.weights = new float[share.blocks().size()][tasks][];
    BatchReader reader = new BatchReader(shape);
    Batch batch = new Batch(shape);
    for (int b = 0; b < weights.length; b++) {
      Block block = share.blocks().get(b);
      int[] rows = new int[block.rows()];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = i;
      }
      batch.clear();
      reader.addSamples(batch, block, rows, 0, rows.length);
      for (int t = 0; t < tasks; t++) {
        weights[b][t] = Arrays.copyOf(batch.rowWeights(t), rows.length);
      }
    }
  }

  /** Sums by step and task; waits for all workers. */
  double[][] sums(SampleShare.Order order, StepSizes sizes, Peers peers) {
    ByteBuffer mine = ByteBuffer.allocate(8 * sizes.steps() * tasks);
    for (int step = 0; step < sizes.steps(); step++) {
      double[] sum = new double[tasks];
      for (long sample : order.next(sizes.size(peers.worker(), step))) {
        for (int t = 0; t < tasks; t++) {
          sum[t] += weights[(int) (sample >> 32)][t][(int) sample];
        }
      }
      for (double value : sum) {
        mine.putDouble(value);
      }
    }
    double[][] sums = new double[sizes.steps()][tasks];
    for (byte[] piece : peers.gather(mine.array())) {
      ByteBuffer bytes = ByteBuffer.wrap(piece);
      for (double[] step : sums) {
        for (int t = 0; t < tasks; t++) {
          step[t] += bytes.getDouble();
        }
      }
    }
    return sums;
  }
}
