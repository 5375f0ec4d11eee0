package io.tagloom.training.trainer;

import io.tagloom.conf.InputException;
import io.tagloom.conf.ModelSettings;
import io.tagloom.conf.TagloomException;
import io.tagloom.conf.TaskSettings;
import io.tagloom.conf.TrainingException;
import io.tagloom.conf.TrainingSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.training.bigdl.BarrierStage;
import io.tagloom.training.bigdl.Deal;
import io.tagloom.training.models.BatchReader;
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
import org.apache.spark.SparkEnv;
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
  private final StartWeights start;
  private final String folder;
  private final String fingerprint;

  /** A trainer for models of a shape. */
  public Trainer(MvkeShape shape, TrainingSettings training, long seed) {
    this(shape, training, seed, null, "", "");
  }

  private Trainer(
      MvkeShape shape,
      TrainingSettings training,
      long seed,
      StartWeights start,
      String folder,
      String fingerprint) {
    this.shape = shape;
    this.training = training;
    this.seed = seed;
    this.start = start;
    this.folder = folder;
    this.fingerprint = fingerprint;
  }

  /**
   * The same trainer, starting from some weights instead of random ones, and held near them when
   * the settings have a trust region.
   */
  public Trainer startingFrom(StartWeights weights) {
    return new Trainer(shape, training, seed, weights, folder, fingerprint);
  }

  /**
   * The same trainer, keeping checkpoints. When there is one of the same fingerprint and the same
   * data, training goes on from it; a run that has ended leaves its checkpoints there.
   *
   * @param path a folder on a file system that all workers see
   * @param settings a text that names everything besides the data that decides what is learned
   */
  public Trainer keepingCheckpoints(String path, String settings) {
    return new Trainer(shape, training, seed, start, path, settings);
  }

  /**
   * Trains. When an executor or a task is lost, training starts again by itself, from the newest
   * checkpoint if there is one, as often as the settings allow.
   *
   * @param blocks encoded blocks with the fields and labels of the shape
   * @param listener told how it goes on
   * @throws InputException when there are no training samples
   * @throws TrainingException when Spark cannot run all workers at once, when the loss is no longer
   *     a number, or when tasks were lost too often
   */
  public TrainedWeights train(Dataset<Row> blocks, TrainListener listener) {
    SparkContext context = blocks.sparkSession().sparkContext();
    int workers = Slots.workers(context, training);
    Slots.check(context, workers);
    for (int restarts = 0; ; restarts++) {
      try {
        return attempt(blocks, workers, listener);
      } catch (TagloomException e) {
        throw e;
      } catch (Exception e) {
        // Scala does not declare Spark's checked exceptions.
        if (context.isStopped() || Lost.cancelled(e)) {
          throw e;
        }
        if (restarts == training.restarts()) {
          throw new TrainingException(
              "Cannot go on training: it was interrupted "
                  + (restarts + 1)
                  + " times, the last time by "
                  + Lost.reason(e)
                  + ". Look at the executors' logs; the same command goes on from the newest "
                  + "checkpoint.",
              e);
        }
        listener.notice(
            TrainNotice.warning(
                "Training was interrupted: "
                    + Lost.reason(e)
                    + ". It starts again, restart "
                    + (restarts + 1)
                    + " of "
                    + training.restarts()
                    + "."));
      }
      workers = Slots.again(context, training, workers);
    }
  }

  @SuppressWarnings("try")
  private TrainedWeights attempt(Dataset<Row> blocks, int workers, TrainListener listener) {
    SparkContext context = blocks.sparkSession().sparkContext();
    int threads = Slots.threads(context, training, workers);
    String run = UUID.randomUUID().toString();
    Broadcast<StartWeights> first =
        start == null ? null : JavaSparkContext.fromSparkContext(context).broadcast(start);
    CheckpointPlace place =
        folder.isEmpty()
            ? null
            : new CheckpointPlace(
                folder, fingerprint, training.checkpoint(), context.hadoopConfiguration());
    TrainPlan plan = new TrainPlan(run, shape, training, seed, workers, threads, first, place);
    context.setJobGroup(
        "tagloom-train",
        "Train MVKE: " + workers + " workers, " + threads + " threads each",
        false);
    try {
      JavaRDD<Block> dealt = deal(selected(blocks), workers);
      List<WorkerOutcome> outcomes;
      try (NewsReader news = new NewsReader(run, listener)) {
        outcomes = BarrierStage.run(dealt, rows -> work(plan, rows));
      }
      TrainedWeights trained = result(plan, outcomes);
      tellOfIdleTasks(trained.epochs(), listener);
      return trained;
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
    TrainPlan plan = new TrainPlan("step", shape, training, seed, workers, threads, null, null);
    context.setJobGroup("tagloom-step", "Measure the training step", false);
    try {
      return new StepSpeed(plan, warmUp, steps).run(deal(selected(blocks), workers));
    } finally {
      context.clearJobGroup();
    }
  }

  /**
   * Bytes of memory of one row of an embedding table: the weights in every worker, the optimiser's
   * state in the worker that owns the row. A trust region takes as much as the weights once more.
   */
  public static int bytesPerRow(ModelSettings model, TrainingSettings training) {
    return 4 * model.embeddingDim() * (1 + UpdateRule.of(training.optimizer()).slots());
  }

  private TrainedWeights result(TrainPlan plan, List<WorkerOutcome> outcomes) {
    WorkerOutcome told = outcomes.get(0);
    for (WorkerOutcome outcome : outcomes) {
      told = outcome.own && !told.own ? outcome : told;
    }
    if (told.failure == WorkerOutcome.Failure.NO_SAMPLES) {
      throw new InputException(told.message);
    }
    if (told.failure != WorkerOutcome.Failure.NONE) {
      throw new TrainingException(told.message);
    }
    WorkerOutcome first = outcomes.get(0);
    return new TrainedWeights(
        WeightPieces.take(plan.run, shape), first.epochs, plan.workers, plan.threads);
  }

  private static void tellOfIdleTasks(List<EpochReport> epochs, TrainListener listener) {
    for (EpochReport.Task task : epochs.get(epochs.size() - 1).tasks()) {
      if (Double.isNaN(task.loss())) {
        listener.notice(
            TrainNotice.warning(
                "Task "
                    + task.name()
                    + " has learned nothing: no training sample counts for it. Where all conversion "
                    + "windows are still open, train on more days (training.days) or set the task's "
                    + "immature = keep."));
      }
    }
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

  @SuppressWarnings("try")
  private static Iterator<WorkerOutcome> work(TrainPlan plan, Iterator<Block> rows) {
    BarrierTaskContext context = BarrierTaskContext.get();
    Peers peers =
        plan.workers == 1 ? new Alone() : new BarrierPeers(context, plan.run, plan.workers);
    ProgressBoard board = new ProgressBoard(plan.run);
    try (KillWatch watch = new KillWatch(context);
        Crew crew = new Crew(plan.threads);
        BlockShelf train = shelf(plan);
        BlockShelf valid = shelf(plan)) {
      while (rows.hasNext()) {
        Block block = rows.next();
        (BlockDeal.isTrain(block) ? train : valid).put(block);
      }
      train.sort();
      valid.sort();
      TrainWorker worker = new TrainWorker(plan, peers, crew, train, valid, board::post);
      return Collections.singletonList(worker.run()).iterator();
    }
  }

  private static BlockShelf shelf(TrainPlan plan) {
    double bytes = plan.training.blockMemoryShare() * Runtime.getRuntime().maxMemory();
    return new BlockShelf(
        (long) bytes,
        plan.training.shuffleWindowBlocks(),
        () -> SparkEnv.get().blockManager().diskBlockManager().localDirs()[0]);
  }
}
