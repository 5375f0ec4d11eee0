package io.tagloom.training.trainer;

import io.tagloom.conf.InputException;
import io.tagloom.conf.ModelSettings;
import io.tagloom.conf.TaskSettings;
import io.tagloom.conf.TrainingException;
import io.tagloom.conf.TrainingSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.training.bigdl.BarrierStage;
import io.tagloom.training.bigdl.Deal;
import io.tagloom.training.models.BatchReader;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.models.TableShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Trains the weights of a model on encoded blocks, inside one Spark barrier stage.
 *
 * <p>Rows of split {@code train} are trained on, those of {@code valid} choose the epoch whose
 * weights are kept; others are left out. The result depends on the blocks' content, the settings,
 * the seed and the numbers of workers and threads alone.
 *
 * <p>To the last bit this holds where MKL rounds the same at every run: with the environment
 * variable {@code MKL_CBWR} (Intel's conditional numerical reproducibility) set before the JVM
 * starts, or, as tried, with {@code MKL_DEBUG_CPU_TYPE=7}. MKL's default path for processors it
 * does not know rounds by the address of an array, which the garbage collector changes.
 */
public final class Trainer {
  private static final String TRAIN = "train";
  private static final String VALID = "valid";

  private final MvkeShape shape;
  private final TrainingSettings training;
  private final long seed;
  private final MvkeParameters start;

  /** A trainer for models of a shape. */
  public Trainer(MvkeShape shape, TrainingSettings training, long seed) {
    this(shape, training, seed, null);
  }

  private Trainer(MvkeShape shape, TrainingSettings training, long seed, MvkeParameters start) {
    this.shape = shape;
    this.training = training;
    this.seed = seed;
    this.start = start;
  }

  /** The same trainer, starting from some weights, which are copied, instead of random ones. */
  public Trainer startingFrom(MvkeParameters weights) {
    return new Trainer(shape, training, seed, weights);
  }

  /**
   * Trains.
   *
   * @param blocks encoded blocks with the fields and labels of the shape
   * @param listener told how it goes on
   * @throws InputException when there are no training samples
   * @throws TrainingException when Spark cannot run all workers at once, or when the loss is no
   *     longer a number
   */
  public TrainedWeights train(Dataset<Row> blocks, TrainListener listener) {
    SparkContext context = blocks.sparkSession().sparkContext();
    int workers = Slots.workers(context, training);
    Slots.check(context, workers);
    int threads = Slots.threads(context, training, workers);
    String run = UUID.randomUUID().toString();
    Broadcast<MvkeParameters> first =
        start == null ? null : JavaSparkContext.fromSparkContext(context).broadcast(start);
    TrainPlan plan = new TrainPlan(run, shape, training, seed, workers, threads, first);
    context.setJobGroup(
        "tagloom-train",
        "Train MVKE: " + workers + " workers, " + threads + " threads each",
        false);
    try {
      JavaRDD<Block> dealt = deal(selected(blocks), workers);
      List<WorkerOutcome> outcomes;
      try (NewsReader news = new NewsReader(run, listener)) {
        outcomes = BarrierStage.run(dealt, rows -> work(plan, rows));
        news.finish();
      }
      return result(plan, outcomes);
    } finally {
      if (first != null) {
        first.unpersist();
      }
      context.clearJobGroup();
    }
  }

  /**
   * Measures the training step alone, forward and backward pass and update on batches that lie
   * ready, in the same workers as {@link #train}: samples a second of all of them together.
   *
   * @param blocks as for {@link #train}
   * @param warmUp steps before the clock starts, 0 or more
   * @param steps steps that are measured, 1 or more
   */
  public double stepSamplesPerSecond(Dataset<Row> blocks, int warmUp, int steps) {
    SparkContext context = blocks.sparkSession().sparkContext();
    int workers = Slots.workers(context, training);
    Slots.check(context, workers);
    int threads = Slots.threads(context, training, workers);
    TrainPlan plan = new TrainPlan("step", shape, training, seed, workers, threads, null);
    context.setJobGroup("tagloom-step", "Measure the training step", false);
    try {
      return new StepSpeed(plan, warmUp, steps).run(deal(selected(blocks), workers));
    } finally {
      context.clearJobGroup();
    }
  }

  /**
   * Bytes of memory of one row of an embedding table: the weights in every worker, the optimiser's
   * state in the worker that owns the row.
   */
  public static int bytesPerRow(ModelSettings model, TrainingSettings training) {
    return 4 * model.embeddingDim() * (1 + UpdateRule.of(training.optimizer()).slots());
  }

  private TrainedWeights result(TrainPlan plan, List<WorkerOutcome> outcomes) {
    for (WorkerOutcome outcome : outcomes) {
      if (outcome.failure == WorkerOutcome.Failure.NO_SAMPLES) {
        throw new InputException(outcome.message);
      }
      if (outcome.failure != WorkerOutcome.Failure.NONE) {
        throw new TrainingException(outcome.message);
      }
    }
    WorkerOutcome first = outcomes.get(0);
    return new TrainedWeights(
        WeightPieces.take(plan.run, shape), first.epochs, plan.workers, plan.threads);
  }

  /** The columns that training reads, and the rows of the two splits it uses. */
  private Dataset<Row> selected(Dataset<Row> blocks) {
    Set<String> names = new LinkedHashSet<>(Arrays.asList("split", "rows", "ts", "weight"));
    for (TableShape table : shape.tables()) {
      names.add("field_" + table.name());
    }
    for (TaskSettings task : shape.model().tasks()) {
      names.add("label_" + task.label());
      if (!task.rows().equals(TaskSettings.ALL_ROWS)) {
        names.add("label_" + task.rows());
      }
    }
    List<String> present = Arrays.asList(blocks.columns());
    for (String optional : Arrays.asList("block_order", "label_" + BatchReader.MATURE)) {
      if (present.contains(optional)) {
        names.add(optional);
      }
    }
    List<Column> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(functions.col(name));
    }
    return blocks
        .filter(functions.col("split").isin(TRAIN, VALID))
        .select(columns.toArray(new Column[0]));
  }

  private static JavaRDD<Block> deal(Dataset<Row> blocks, int workers) {
    Broadcast<BlockDeal> deal =
        JavaSparkContext.fromSparkContext(blocks.sparkSession().sparkContext())
            .broadcast(BlockDeal.of(blocks, workers));
    return Deal.run(
        blocks.toJavaRDD().map(Block::fromRow), workers, block -> deal.value().worker(block));
  }

  private static Iterator<WorkerOutcome> work(TrainPlan plan, Iterator<Block> rows) {
    BarrierTaskContext context = BarrierTaskContext.get();
    Peers peers =
        plan.workers == 1 ? new Alone() : new BarrierPeers(context, plan.run, plan.workers);
    List<Block> train = new ArrayList<>();
    List<Block> valid = new ArrayList<>();
    while (rows.hasNext()) {
      Block block = rows.next();
      (BlockDeal.isTrain(block) ? train : valid).add(block);
    }
    train.sort(BlockDeal.order());
    valid.sort(BlockDeal.order());
    ProgressBoard board = new ProgressBoard(plan.run);
    try (Crew crew = new Crew(plan.threads)) {
      TrainWorker worker = new TrainWorker(plan, peers, crew, train, valid, board::post);
      return Collections.singletonList(worker.run()).iterator();
    }
  }
}
