package io.tagloom.training.bigdl;

import com.intel.analytics.bigdl.dataset.DataSet$;
import com.intel.analytics.bigdl.dataset.DistributedDataSet;
import com.intel.analytics.bigdl.dataset.MiniBatch;
import com.intel.analytics.bigdl.dataset.MiniBatch$;
import com.intel.analytics.bigdl.optim.Adagrad;
import com.intel.analytics.bigdl.optim.DistriOptimizer;
import com.intel.analytics.bigdl.optim.Trigger;
import com.intel.analytics.bigdl.utils.Engine$;
import com.intel.analytics.bigdl.utils.Table;
import io.tagloom.conf.TaskSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.training.bigdl.nn.MvkeGraph;
import io.tagloom.training.bigdl.nn.TasksCriterion;
import io.tagloom.training.models.Batch;
import io.tagloom.training.models.BatchReader;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * MVKE trained by BigDL's own DistriOptimizer, two Spark jobs a step: the peer of the benchmark.
 *
 * <p>The same layers, start, samples, batch size, rate and Adagrad as the trainer's. BigDL's
 * gradients of tables are dense; Adagrad, unlike Adam, leaves rows alone whose gradient is zero, so
 * that both compute the same steps. One thing is BigDL's own: batches keep their samples from epoch
 * to epoch, only their order changes.
 */
public final class DistriOptimizerRun {
  private final MvkeShape shape;
  private final int nodes;
  private final int cores;
  private final int batchSize;
  private final double rate;

  /**
   * A run.
   *
   * @param nodes number of executors, 1 for a local master
   * @param cores cores of each
   * @param batchSize samples of a step over all of them
   * @param rate Adagrad's learning rate
   */
  public DistriOptimizerRun(MvkeShape shape, int nodes, int cores, int batchSize, double rate) {
    this.shape = shape;
    this.nodes = nodes;
    this.cores = cores;
    this.batchSize = batchSize;
    this.rate = rate;
  }

  /**
   * Trains.
   *
   * @param blocks training samples
   * @param parameters where to start from; receives the result
   * @param epochs 2 or more
   * @return samples a second of all epochs but the first
   */
  public double train(JavaRDD<Block> blocks, MvkeParameters parameters, int epochs, long seed) {
    Engine$.MODULE$.setNodeAndCore(nodes, cores);
    JavaRDD<MiniBatch<Object>> batches = batches(blocks, seed).cache();
    try {
      long samples = batches.map(MiniBatch::size).reduce(Integer::sum);
      DistributedDataSet<MiniBatch<Object>> data =
          DataSet$.MODULE$.rdd(batches.rdd(), nodes, tag());
      MvkeGraph mvke = new MvkeGraph(shape);
      mvke.write(parameters);
      double[] weights = shape.model().tasks().stream().mapToDouble(TaskSettings::weight).toArray();
      DistriOptimizer<Object> optimizer =
          new DistriOptimizer<>(
              mvke.graph(),
              data,
              new TasksCriterion(weights),
              FloatTensors.TAG,
              FloatTensors.NUMERIC);
      EpochClock clock = new EpochClock(epochs);
      optimizer.setOptimMethod(
          new Adagrad<>(rate, 0.0, 0.0, FloatTensors.TAG, FloatTensors.NUMERIC));
      optimizer.setEndWhen(clock);
      optimizer.optimize();
      mvke.read(parameters);
      return samples * (epochs - 1) / clock.seconds();
    } finally {
      batches.unpersist();
    }
  }

  private JavaRDD<MiniBatch<Object>> batches(JavaRDD<Block> blocks, long seed) {
    MvkeShape to = shape;
    int size = Math.max(1, batchSize / nodes);
    return blocks.coalesce(nodes).mapPartitions(part -> batches(to, part, size, seed));
  }

  private static Iterator<MiniBatch<Object>> batches(
      MvkeShape shape, Iterator<Block> part, int size, long seed) {
    List<Block> blocks = new ArrayList<>();
    part.forEachRemaining(blocks::add);
    blocks.sort(Comparator.comparingLong(Block::order));
    List<int[]> samples = new ArrayList<>();
    for (int b = 0; b < blocks.size(); b++) {
      for (int row = 0; row < blocks.get(b).rows(); row++) {
        samples.add(new int[] {b, row});
      }
    }
    Collections.shuffle(samples, new Random(seed));
    List<MiniBatch<Object>> batches = new ArrayList<>();
    BatchReader reader = new BatchReader(shape);
    Batch batch = new Batch(shape);
    for (int from = 0; from < samples.size(); from += size) {
      batch.clear();
      for (int[] sample : samples.subList(from, Math.min(samples.size(), from + size))) {
        reader.addSamples(batch, blocks.get(sample[0]), new int[] {sample[1]}, 0, 1);
      }
      batches.add(
          MiniBatch$.MODULE$.apply(
              MvkeGraph.inputs(batch), MvkeGraph.targets(batch), FloatTensors.TAG));
    }
    return batches.iterator();
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // a generic class has the tag of its raw one
  private static ClassTag<MiniBatch<Object>> tag() {
    return (ClassTag) ClassTag$.MODULE$.apply(MiniBatch.class);
  }

  /** Ends after some epochs and takes the time of all but the first. */
  private static final class EpochClock implements Trigger {
    private static final long serialVersionUID = 1L;

    private final int epochs;
    private long start;
    private long now;

    EpochClock(int epochs) {
      this.epochs = epochs;
    }

    @Override
    public boolean apply(Table state) {
      int epoch = state.<Integer>apply("epoch");
      now = System.nanoTime();
      if (epoch > 1 && start == 0) {
        start = now;
      }
      return epoch > epochs;
    }

    double seconds() {
      return (now - start) / 1e9;
    }
  }
}
