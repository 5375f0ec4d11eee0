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
      return TrainBenchmark.compareRows(spark, settings, sizes, folder, listener);
    }
  },

  /** BigDL's DistriOptimizer, on a model that it trains in minutes. */
  PEER {
    @Override
    public Map<String, Object> run(
        SparkSession spark,
        Settings settings,
        BenchSizes sizes,
        String folder,
        TrainListener listener) {
      return TrainBenchmark.comparePeer(spark, settings, sizes, folder, listener);
    }

    @Override
    Map<String, String> settings() {
      Map<String, String> settings = super.settings();
      settings.put("training.batch-size", "1024");
      settings.put("training.epochs", "4");
      settings.put("training.optimizer.decay", "1");
      settings.put("training.optimizer.clip-norm", "0");
      settings.put("training.early-stopping-epochs", "0");
      settings.put("model.gate", "plain");
      settings.put("model.output-dim", "16");
      settings.put("model.expert-hidden", "[64]");
      return settings;
    }

    @Override
    BenchSizes data(TrainSizes sizes, BenchCommand.Work work) {
      BenchSizes standard = new BenchSizes(40_000, 8, 200, 200, 2);
      BenchSizes data = sizes.data(work.size(standard.samples()), standard);
      return data.withValidation(Math.max(1, data.samples() / 4));
    }
  };

  /** Settings of the reference shape: Adam, batches of 8192, no dropout. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("training.batch-size", "8192");
    settings.put("training.epochs", "3");
    settings.put("training.optimizer.name", "adam");
    settings.put("training.optimizer.weight-decay", "0");
    settings.put("model.dropout", "{ embedding = 0, hidden = 0, id = 0 }");
    return settings;
  }

  BenchSizes data(TrainSizes sizes, BenchCommand.Work work) {
    return sizes.data(work.size(BenchSizes.REFERENCE.samples()), BenchSizes.REFERENCE);
  }
}
