package io.tagloom.training;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.tagloom.conf.Settings;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockBuilder;
import io.tagloom.features.blocks.BlockLayout;
import io.tagloom.training.models.FieldShape;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.trainer.EpochReport;
import io.tagloom.training.trainer.TrainListener;
import io.tagloom.training.trainer.TrainedWeights;
import io.tagloom.training.trainer.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * How fast training is: random blocks are written as Parquet, then read, dealt to the workers and
 * trained on for some epochs; the first epoch warms the JIT compiler and is reported apart.
 */
public final class TrainBenchmark {
  private static final int BLOCK_ROWS = 4096;

  private TrainBenchmark() {}

  /**
   * Runs.
   *
   * @param settings blocks {@code model} and {@code training}; tasks must learn from the labels
   *     click and conversion
   * @param sizes sizes of the data
   * @param folder an empty folder for the blocks, on a file system that all workers see
   * @param listener told how it goes on
   * @return one JSON object: {@code samples_per_second} and {@code ms_per_step} of the last epoch
   *     from gathering batches to updated weights, {@code step_share} (share of the time in forward
   *     and backward passes), {@code update_share} (exchange and update), {@code
   *     first_epoch_samples_per_second}, {@code load_seconds} (Parquet to memory, start and end of
   *     the run), {@code workers}, {@code threads}, {@code bytes_per_row} of embedding tables
   */
  public static String run(
      SparkSession spark,
      Settings settings,
      BenchSizes sizes,
      String folder,
      TrainListener listener) {
    String path = folder + "/blocks";
    write(spark, sizes, settings.run().seed(), path);
    MvkeShape shape = MvkeShape.of(settings.model(), fields(sizes));
    Trainer trainer = new Trainer(shape, settings.training(), settings.run().seed());
    long start = System.nanoTime();
    TrainedWeights trained = trainer.train(spark.read().parquet(path), listener);
    double seconds = (System.nanoTime() - start) / 1e9;
    return json(trained, seconds, settings);
  }

  private static String json(TrainedWeights trained, double seconds, Settings settings) {
    List<EpochReport> epochs = trained.epochs();
    EpochReport last = epochs.get(epochs.size() - 1);
    double inEpochs = 0;
    for (EpochReport epoch : epochs) {
      inEpochs += epoch.seconds();
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("samples_per_second", last.samples() / last.seconds());
    all.put("ms_per_step", 1000 * last.seconds() / last.steps());
    all.put("step_share", last.stepSeconds() / last.seconds());
    all.put("update_share", last.updateSeconds() / last.seconds());
    EpochReport first = epochs.get(0);
    all.put("first_epoch_samples_per_second", first.samples() / first.seconds());
    all.put("load_seconds", seconds - inEpochs);
    all.put("workers", trained.workers());
    all.put("threads", trained.threads());
    all.put("bytes_per_row", Trainer.bytesPerRow(settings.model(), settings.training()));
    return ConfigValueFactory.fromMap(all).render(ConfigRenderOptions.concise());
  }

  private static List<FieldShape> fields(BenchSizes sizes) {
    List<FieldShape> fields = new ArrayList<>();
    for (int f = 0; f < sizes.fields(); f++) {
      fields.add(new FieldShape("f" + f, FieldShape.Side.USER, sizes.vocabulary()));
    }
    fields.add(new FieldShape("tags", FieldShape.Side.ITEM, sizes.tags()));
    return fields;
  }

  private static void write(SparkSession spark, BenchSizes sizes, long seed, String path) {
    List<String> names = new ArrayList<>();
    fields(sizes).forEach(field -> names.add(field.name()));
    BlockLayout layout =
        new BlockLayout(Collections.emptyList(), Arrays.asList("click", "conversion"), names);
    int count = (sizes.samples() + BLOCK_ROWS - 1) / BLOCK_ROWS;
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(i);
    }
    JavaRDD<Row> blocks =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(numbers, Math.min(count, 2 * spark.sparkContext().defaultParallelism()))
            .map(number -> block(layout, sizes, seed, number).toRow());
    Dataset<Row> table = spark.createDataFrame(blocks, Block.schema(layout));
    table.write().parquet(path);
  }

  private static Block block(BlockLayout layout, BenchSizes sizes, long seed, int number) {
    SplittableRandom random = new SplittableRandom(seed * 31 + number);
    BlockBuilder builder = Block.builder(layout, "train").order(number);
    int rows = Math.min(BLOCK_ROWS, sizes.samples() - number * BLOCK_ROWS);
    for (int row = 0; row < rows; row++) {
      for (int f = 0; f < sizes.fields(); f++) {
        builder.add(f, 2 + random.nextInt(sizes.vocabulary() - 2));
      }
      for (int tag = 0; tag < sizes.tagsPerItem(); tag++) {
        builder.add(sizes.fields(), 2 + random.nextInt(sizes.tags() - 2));
      }
      boolean click = random.nextInt(10) == 0;
      boolean conversion = click && random.nextInt(5) == 0;
      builder.label(0, click ? 1 : 0).label(1, conversion ? 1 : 0).endRow();
    }
    return builder.build();
  }
}
