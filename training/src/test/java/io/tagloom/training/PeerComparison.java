package io.tagloom.training;

import io.tagloom.conf.Settings;
import io.tagloom.conf.TaskSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.training.bigdl.DistriOptimizerRun;
import io.tagloom.training.evaluation.LogitHistogram;
import io.tagloom.training.evaluation.ScoredRows;
import io.tagloom.training.evaluation.TaskTargets;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.trainer.BlockScorer;
import io.tagloom.training.trainer.EpochReport;
import io.tagloom.training.trainer.TrainListener;
import io.tagloom.training.trainer.TrainedWeights;
import io.tagloom.training.trainer.Trainer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The trainer beside BigDL's DistriOptimizer: speed and validation AUC, over some seeds. */
final class PeerComparison {
  private final Settings settings;
  private final MvkeShape shape;
  private final List<Double> speeds = new ArrayList<>();
  private final List<Double> peerSpeeds = new ArrayList<>();
  private final List<double[]> aucs = new ArrayList<>();
  private final List<double[]> peerAucs = new ArrayList<>();

  /** A comparison on settings with a plain gate: tasks cannot share a projected one in a graph. */
  PeerComparison(Settings settings, BenchSizes sizes) {
    this.settings = settings;
    this.shape = MvkeShape.of(settings.model(), BenchBlocks.fields(sizes));
  }

  /** Trains with both, from the same start, on the same samples. */
  void run(Dataset<Row> blocks, long seed, TrainListener listener) {
    MvkeParameters start = shape.initialize(seed);
    TrainedWeights trained = new Trainer(shape, settings.training(), seed).train(blocks, listener);
    List<EpochReport> epochs = trained.epochs();
    speeds.add(speed(epochs));
    double[] auc = new double[shape.tasks()];
    for (int t = 0; t < auc.length; t++) {
      auc[t] = epochs.get(epochs.size() - 1).tasks().get(t).validAuc();
    }
    aucs.add(auc);

    SparkContext spark = blocks.sparkSession().sparkContext();
    int executors = Math.max(1, spark.statusTracker().getExecutorInfos().length - 1);
    int nodes = spark.isLocal() ? 1 : executors;
    int cores = spark.isLocal() ? spark.defaultParallelism() : 1;
    double rate = settings.training().optimizer().learningRate();
    DistriOptimizerRun peer =
        new DistriOptimizerRun(shape, nodes, cores, settings.training().batchSize(), rate);
    peerSpeeds.add(
        peer.train(
            blocks.filter("split = 'train'").toJavaRDD().map(Block::fromRow),
            start,
            settings.training().epochs(),
            seed));
    peerAucs.add(aucs(blocks, start));
  }

  private static double speed(List<EpochReport> epochs) {
    double samples = 0;
    double seconds = 0;
    for (EpochReport epoch : epochs.subList(1, epochs.size())) {
      samples += epoch.samples();
      seconds += epoch.seconds();
    }
    return samples / seconds;
  }

  private double[] aucs(Dataset<Row> blocks, MvkeParameters parameters) {
    BlockScorer scorer = new BlockScorer(shape);
    LogitHistogram[] histograms = new LogitHistogram[shape.tasks()];
    for (int t = 0; t < histograms.length; t++) {
      histograms[t] = new LogitHistogram();
    }
    for (Row row : blocks.filter(functions.col("split").equalTo("valid")).collectAsList()) {
      Block block = Block.fromRow(row);
      float[][] logits = scorer.logits(parameters, block);
      for (int t = 0; t < histograms.length; t++) {
        TaskSettings task = shape.model().tasks().get(t);
        ScoredRows scored = TaskTargets.scored(block, task, t, logits[t]);
        histograms[t].add(scored.logits(), scored.targets(), scored.weights());
      }
    }
    double[] aucs = new double[histograms.length];
    for (int t = 0; t < aucs.length; t++) {
      aucs[t] = histograms[t].auc();
    }
    return aucs;
  }

  /**
   * Means over the seeds: {@code samples_per_second} and {@code peer_samples_per_second} of all
   * epochs but the first; for each task T the validation AUC of the last epoch {@code T.auc} and
   * {@code T.peer_auc}, and {@code T.auc_difference} with its standard error {@code T.auc_error}.
   */
  Map<String, Object> numbers() {
    Map<String, Object> all = new LinkedHashMap<>();
    double own = mean(speeds);
    double peer = mean(peerSpeeds);
    all.put("samples_per_second", own);
    all.put("peer_samples_per_second", peer);
    all.put("speedup", own / peer);
    all.put("seeds", speeds.size());
    for (int t = 0; t < shape.tasks(); t++) {
      String name = shape.model().tasks().get(t).name();
      List<Double> left = new ArrayList<>();
      List<Double> right = new ArrayList<>();
      List<Double> differences = new ArrayList<>();
      for (int i = 0; i < aucs.size(); i++) {
        left.add(aucs.get(i)[t]);
        right.add(peerAucs.get(i)[t]);
        differences.add(aucs.get(i)[t] - peerAucs.get(i)[t]);
      }
      all.put(name + ".auc", mean(left));
      all.put(name + ".peer_auc", mean(right));
      all.put(name + ".auc_difference", mean(differences));
      all.put(name + ".auc_error", error(differences));
    }
    return all;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  /** Standard error of the mean. */
  private static double error(List<Double> values) {
    double mean = mean(values);
    double sum = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(sum / (values.size() - 1) / values.size());
  }
}
