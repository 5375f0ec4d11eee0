package io.tagloom.training.bigdl;

import com.intel.analytics.bigdl.dataset.CachedDistriDataSet;
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
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * MVKE trained by BigDL's own DistriOptimizer, two Spark jobs a step: the peer of the benchmark.
 *
 * <p>The same layers, start, samples, batch size, rate and Adagrad as the trainer's. BigDL's
 * gradients of tables are dense; Adagrad, unlike Adam, leaves rows alone whose gradient is zero, so
 * that both compute the same steps. Two things are not BigDL's own way: its data set starts each
 * step at a random place, so that an epoch misses a third of the batches and repeats others, where
 * {@link Walks} takes each once; and batches keep their samples from epoch to epoch, only their
 * order changes.
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
    JavaRDD<Walk> walks = walks(blocks, seed).cache();
    try {
      long samples = walks.map(Walk::samples).reduce(Long::sum);
      DistributedDataSet<MiniBatch<Object>> data = new Walks(walks);
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
      walks.unpersist();
    }
  }

  private JavaRDD<Walk> walks(JavaRDD<Block> blocks, long seed) {
    MvkeShape to = shape;
    int size = Math.max(1, batchSize / nodes);
    return blocks
        .coalesce(nodes)
        .mapPartitions(
            part ->
                Collections.singleton(new Walk(batches(to, part, size, seed), seed)).iterator());
  }

  private static List<MiniBatch<Object>> batches(
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
    return batches;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // a generic class has the tag of its raw one
  private static ClassTag<MiniBatch<Object>> tag() {
    return (ClassTag) ClassTag$.MODULE$.apply(MiniBatch.class);
  }

  /** The batches of one node, each once an epoch, in an order that every epoch shuffles. */
  private static final class Walk implements Serializable {
    private static final long serialVersionUID = 1L;

    private final List<MiniBatch<Object>> batches;
    private final Random random;
    private int next;

    Walk(List<MiniBatch<Object>> batches, long seed) {
      this.batches = batches;
      this.random = new Random(seed);
    }

    long samples() {
      return batches.stream().mapToLong(MiniBatch::size).sum();
    }

    /** The next batch. Kept in memory, so that a step goes on where the one before stopped. */
    MiniBatch<Object> step() {
      if (next == 0) {
        Collections.shuffle(batches, random);
      }
      MiniBatch<Object> batch = batches.get(next);
      next = (next + 1) % batches.size();
      return batch;
    }
  }

  /** BigDL's data set with epochs that are whole. */
  private static final class Walks extends CachedDistriDataSet<MiniBatch<Object>> {
    private static final long serialVersionUID = 1L;

    private final transient JavaRDD<Walk> walks;

    Walks(JavaRDD<Walk> walks) {
      super(arrays(walks), false, 1, tag());
      this.walks = walks;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Scala's Array of a type parameter
    private static RDD<Object> arrays(JavaRDD<Walk> walks) {
      return (RDD) walks.map(walk -> walk.batches.toArray(new MiniBatch[0])).rdd();
    }

    @Override
    public RDD<MiniBatch<Object>> data(boolean train) {
      return train ? walks.mapPartitions(Walks::endless).rdd() : super.data(false);
    }

    private static Iterator<MiniBatch<Object>> endless(Iterator<Walk> walk) {
      return Stream.generate(walk.next()::step).iterator();
    }
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
