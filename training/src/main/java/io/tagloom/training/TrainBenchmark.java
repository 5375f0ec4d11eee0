package io.tagloom.training;

import io.tagloom.conf.Settings;
import io.tagloom.conf.TrainingSettings;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.trainer.EpochReport;
import io.tagloom.training.trainer.RowsComparison;
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
  private static final int ROUNDS = 15;

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
   * tables together, in turn, in this process.
   *
   * @return {@code few_rows}, {@code few_rows_ms_per_step}, {@code many_rows}, {@code
   *     many_rows_ms_per_step}, {@code ratio}, the median over the rounds of the second divided by
   *     the first, {@code threads}, {@code bytes_per_row} of memory
   */
  public static Map<String, Object> compareRows(Settings settings, BenchSizes sizes) {
    TrainingSettings training = settings.training();
    int threads =
        training.threads() > 0 ? training.threads() : Runtime.getRuntime().availableProcessors();
    long seed = settings.run().seed();
    BenchSizes few = sizes.withRows(FEW_ROWS);
    BenchSizes many = sizes.withRows(MANY_ROWS);
    RowsComparison.Result result =
        new RowsComparison(training, seed, threads)
            .run(
                shape(settings, few),
                BenchBlocks.train(few, seed),
                shape(settings, many),
                BenchBlocks.train(many, seed),
                ROUNDS);
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("few_rows", few.rows());
    all.put("few_rows_ms_per_step", 1000 * result.first());
    all.put("many_rows", many.rows());
    all.put("many_rows_ms_per_step", 1000 * result.second());
    all.put("ratio", result.ratio());
    all.put("threads", threads);
    all.put("bytes_per_row", Trainer.bytesPerRow(settings.model(), training));
    return all;
  }

  private static Trainer trainer(Settings settings, BenchSizes sizes) {
    return new Trainer(shape(settings, sizes), settings.training(), settings.run().seed());
  }

  private static MvkeShape shape(Settings settings, BenchSizes sizes) {
    return MvkeShape.of(settings.model(), BenchBlocks.fields(sizes));
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
