package io.tagloom.training;

import io.tagloom.conf.Settings;
import io.tagloom.conf.SettingsException;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.trainer.EpochReport;
import io.tagloom.training.trainer.TrainListener;
import io.tagloom.training.trainer.TrainedWeights;
import io.tagloom.training.trainer.Trainer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * How fast training is: random blocks are written as Parquet, then read, dealt to the workers and
 * trained on for some epochs; the first epoch warms the JIT compiler and is reported apart. Beside
 * it, in the same workers, the training step alone.
 */
public final class TrainBenchmark {
  private static final int WARM_UP_STEPS = 5;
  private static final int MEASURED_STEPS = 40;
  private static final int FEW_ROWS = 10_000;
  private static final int MANY_ROWS = 10_000_000;
  private static final int PEER_SEEDS = 5;

  private TrainBenchmark() {}

  /**
   * Measures the loop and the step.
   *
   * @param settings blocks {@code model} and {@code training}; tasks must learn from the labels
   *     click and conversion
   * @param sizes sizes of the data
   * @param folder a folder for the blocks, on a file system that all workers see
   * @param listener told how it goes on
   * @return {@code samples_per_second} and {@code ms_per_step} of all epochs but the first, from
   *     gathering batches to updated weights; {@code step_samples_per_second} of forward pass,
   *     backward pass and update alone, on batches that lie ready and without exchange, all workers
   *     at the same time; {@code step_share}, the first divided by the second; {@code
   *     compute_share}, share of the loop's time in forward and backward passes, and {@code
   *     update_share}, in exchange and update, both of the first worker; {@code
   *     first_epoch_samples_per_second}; {@code load_seconds} (Parquet to memory, start and end of
   *     the run); {@code workers}, {@code threads}, {@code rows} of all embedding tables, {@code
   *     bytes_per_row} of memory
   */
  public static Map<String, Object> run(
      SparkSession spark,
      Settings settings,
      BenchSizes sizes,
      String folder,
      TrainListener listener) {
    Dataset<Row> blocks = BenchBlocks.write(spark, sizes, settings.run().seed(), folder);
    Map<String, Object> all = loop(trainer(settings, sizes), blocks, listener);
    int batch = Math.min(settings.training().batchSize(), sizes.samples());
    int steps = Math.max(8, Math.min(MEASURED_STEPS, sizes.samples() / batch));
    double step = trainer(settings, sizes).stepSamplesPerSecond(blocks, WARM_UP_STEPS, steps);
    all.put("step_samples_per_second", step);
    all.put("step_share", (double) all.get("samples_per_second") / step);
    all.put("rows", sizes.rows());
    all.put("bytes_per_row", Trainer.bytesPerRow(settings.model(), settings.training()));
    return all;
  }

  /**
   * Measures what large tables cost: the same loop with 10,000 and with 10,000,000 rows in all
   * tables together.
   *
   * @return {@code few_rows}, {@code few_rows_ms_per_step}, {@code many_rows}, {@code
   *     many_rows_ms_per_step}, {@code ratio} of the two, {@code bytes_per_row} of memory
   */
  public static Map<String, Object> compareRows(
      SparkSession spark,
      Settings settings,
      BenchSizes sizes,
      String folder,
      TrainListener listener) {
    Map<String, Object> all = new LinkedHashMap<>();
    double few = msPerStep(all, "few_rows", spark, settings, sizes.withRows(FEW_ROWS), folder);
    double many = msPerStep(all, "many_rows", spark, settings, sizes.withRows(MANY_ROWS), folder);
    all.put("ratio", many / few);
    all.put("bytes_per_row", Trainer.bytesPerRow(settings.model(), settings.training()));
    return all;
  }

  /**
   * Trains the same models on the same samples with the trainer and with BigDL's DistriOptimizer,
   * one seed after the other.
   *
   * @param settings with a plain gate: as a BigDL graph the tasks cannot share a projected one
   * @throws SettingsException if the peer could not train the same model
   * @return {@code samples_per_second} and {@code peer_samples_per_second} (means of all epochs but
   *     the first), {@code speedup}; for each task T the mean validation AUC over the seeds of the
   *     last epoch {@code T.auc} and {@code T.peer_auc}, and {@code T.auc_difference} with its
   *     standard error over the seeds, {@code T.auc_error}
   */
  public static Map<String, Object> comparePeer(
      SparkSession spark,
      Settings settings,
      BenchSizes sizes,
      String folder,
      TrainListener listener) {
    PeerComparison comparison = new PeerComparison(settings, sizes);
    long first = settings.run().seed();
    for (long seed = first; seed < first + PEER_SEEDS; seed++) {
      comparison.run(BenchBlocks.write(spark, sizes, seed, folder), seed, listener);
    }
    return comparison.numbers();
  }

  private static double msPerStep(
      Map<String, Object> all,
      String name,
      SparkSession spark,
      Settings settings,
      BenchSizes sizes,
      String folder) {
    Dataset<Row> blocks = BenchBlocks.write(spark, sizes, settings.run().seed(), folder);
    Map<String, Object> loop = loop(trainer(settings, sizes), blocks, TrainListener.SILENT);
    all.put(name, sizes.rows());
    all.put(name + "_ms_per_step", loop.get("ms_per_step"));
    return (double) loop.get("ms_per_step");
  }

  private static Trainer trainer(Settings settings, BenchSizes sizes) {
    MvkeShape shape = MvkeShape.of(settings.model(), BenchBlocks.fields(sizes));
    return new Trainer(shape, settings.training(), settings.run().seed());
  }

  private static Map<String, Object> loop(
      Trainer trainer, Dataset<Row> blocks, TrainListener listener) {
    long start = System.nanoTime();
    TrainedWeights trained = trainer.train(blocks, listener);
    double rest = (System.nanoTime() - start) / 1e9;
    List<EpochReport> epochs = trained.epochs();
    EpochReport first = epochs.get(0);
    double samples = 0;
    double steps = 0;
    double seconds = 0;
    double compute = 0;
    double update = 0;
    for (EpochReport epoch : epochs) {
      rest -= epoch.seconds();
      if (epoch != first || epochs.size() == 1) {
        samples += epoch.samples();
        steps += epoch.steps();
        seconds += epoch.seconds();
        compute += epoch.stepSeconds();
        update += epoch.updateSeconds();
      }
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("samples_per_second", samples / seconds);
    all.put("ms_per_step", 1000 * seconds / steps);
    all.put("compute_share", compute / seconds);
    all.put("update_share", update / seconds);
    all.put("first_epoch_samples_per_second", first.samples() / first.seconds());
    all.put("load_seconds", rest);
    all.put("workers", trained.workers());
    all.put("threads", trained.threads());
    return all;
  }
}
