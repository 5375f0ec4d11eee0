package io.tagloom.training;

import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.trainer.EpochReport;
import io.tagloom.training.trainer.TrainListener;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A small model of {@link PlantedBlocks}: 4000 samples, 16 steps an epoch. */
final class PlantedModel {
  /** Block {@code model} with dropout of hidden layers, ids and users. */
  static final String DROPPING =
      "embedding-dim = 8, attention-dim = 8, kernels = 3, expert-hidden = [16], output-dim = 8, "
          + "start { embedding = 0.3 }, tasks = ["
          + "{ name = ctr, label = click, rows = all, kernels = [0, 1], weight = 1.0 }, "
          + "{ name = cvr, label = conversion, rows = click, kernels = [1, 2], weight = 1.0 }], "
          + "dropout { embedding = 0.0, hidden = 0.1, id = 0.02, user = 0.05 }";

  /** Block {@code model} without dropout. */
  static final String SMALL =
      DROPPING + ", dropout { embedding = 0.0, hidden = 0.0, id = 0.0, user = 0.0 }";

  private static Dataset<Row> blocks;

  private PlantedModel() {}

  /** Training and validation blocks, the same for all tests. */
  static synchronized Dataset<Row> blocks() {
    if (blocks == null) {
      blocks = PlantedBlocks.dataset(10, 400).cache();
    }
    return blocks;
  }

  /** An estimator of the model without dropout. */
  static Mvke mvke(String training) {
    return new Mvke()
        .setModel(SMALL)
        .setTraining("optimizer { decay = 0.75, weight-decay = 0.01 }, " + training)
        .setFields(PlantedBlocks.fields())
        .setBatchSize(256)
        .setLearningRate(0.02)
        .setSeed(7);
  }

  static MvkeParameters weights(Mvke mvke) {
    return mvke.fit(blocks()).bundle().parameters();
  }

  /** The best validation AUC of clicks over all epochs. */
  static double bestAuc(Mvke mvke) {
    double[] best = {0};
    mvke.setListener(
            new TrainListener() {
              @Override
              public void epoch(EpochReport report) {
                best[0] = Math.max(best[0], report.tasks().get(0).validAuc());
              }
            })
        .fit(blocks());
    return best[0];
  }
}
