package io.tagloom.pipeline.command;

import io.tagloom.conf.Settings;
import io.tagloom.pipeline.bench.Benchmarks;
import io.tagloom.training.BenchSizes;
import io.tagloom.training.TrainBenchmark;
import io.tagloom.training.trainer.TrainListener;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** What {@code bench train} can measure, and on which model and data unless told otherwise. */
enum TrainMeasurement implements Benchmarks.Training {
  /** The loop and the step, on the reference shape. */
  LOOP {
    @Override
    public Map<String, Object> run(
        SparkSession spark,
        Settings settings,
        BenchSizes sizes,
        String folder,
        TrainListener listener) {
      return TrainBenchmark.run(spark, settings, sizes, folder, listener);
    }
  },

  /** Few rows and many, on the reference shape. */
  ROWS {
    @Override
    public Map<String, Object> run(
        SparkSession spark,
        Settings settings,
        BenchSizes sizes,
        String folder,
        TrainListener listener) {
      return TrainBenchmark.compareRows(settings, sizes);
    }

    @Override
    BenchSizes data(SizeOptions sizes, BenchCommand.Work work) {
      return sizes.data(work.size(65_536));
    }
  };

  /** Settings of the reference shape: d = A = 16, Adam, batches of 8192, no dropout. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("training.batch-size", "8192");
    settings.put("training.epochs", "3");
    settings.put("training.optimizer.name", "adam");
    settings.put("training.optimizer.weight-decay", "0");
    settings.put("model.embedding-dim", "16");
    settings.put("model.attention-dim", "16");
    settings.put("model.dropout", "{ embedding = 0, hidden = 0, id = 0 }");
    return settings;
  }

  BenchSizes data(SizeOptions sizes, BenchCommand.Work work) {
    return sizes.data(work.size(BenchSizes.REFERENCE.samples()));
  }
}
