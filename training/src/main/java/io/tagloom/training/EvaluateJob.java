package io.tagloom.training;

import io.tagloom.conf.InputException;
import io.tagloom.conf.Settings;
import io.tagloom.conf.SettingsException;
import io.tagloom.conf.TaskSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.training.evaluation.Evaluation;
import io.tagloom.training.evaluation.ScoredRows;
import io.tagloom.training.evaluation.SortedEvaluation;
import io.tagloom.training.evaluation.TaskEvaluation;
import io.tagloom.training.evaluation.TaskTargets;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.trainer.BlockScorer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Evaluates a model on held-out blocks. */
public final class EvaluateJob {
  private EvaluateJob() {}

  /**
   * Metrics of every task on the split that the settings name. AUC floors are not checked here: the
   * export holds them against these metrics before it publishes.
   *
   * @param blocks encoded blocks of all splits, made by the model's encoder
   * @throws SettingsException if evaluation.min-auc names a task that the model does not have
   * @throws InputException if the split has no samples
   */
  public static Evaluation run(
      SparkSession spark, Settings settings, MvkeModel model, Dataset<Row> blocks) {
    for (String task : settings.evaluation().minAuc().keySet()) {
      if (!model.tasks().contains(task)) {
        throw new SettingsException(
            "Invalid evaluation.min-auc: "
                + task
                + "; expected tasks of the model: "
                + model.tasks()
                + ".");
      }
    }
    String split = settings.evaluation().split().name().toLowerCase(Locale.ROOT);
    spark.sparkContext().setJobGroup("tagloom-evaluate", "Evaluate MVKE on " + split, false);
    try {
      return checked(evaluate(spark, model, blocks, split));
    } finally {
      spark.sparkContext().clearJobGroup();
    }
  }

  private static Evaluation evaluate(
      SparkSession spark, MvkeModel model, Dataset<Row> blocks, String split) {
    MvkeShape shape = model.bundle().shape();
    Broadcast<MvkeParameters> shared =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(model.bundle().parameters());
    try {
      JavaRDD<ScoredRows> scored =
          blocks
              .filter(functions.col("split").equalTo(split))
              .toJavaRDD()
              .mapPartitions(rows -> score(shape, shared.value(), rows));
      return SortedEvaluation.run(spark, scored, model.tasks(), split);
    } finally {
      shared.unpersist();
    }
  }

  private static Evaluation checked(Evaluation evaluation) {
    long rows = 0;
    for (TaskEvaluation task : evaluation.tasks()) {
      rows += task.rows();
    }
    if (rows == 0) {
      throw new InputException(
          "Cannot evaluate: there is no sample of split "
              + evaluation.split()
              + ". Check samples.split, or set evaluation.split.");
    }
    return evaluation;
  }

  private static Iterator<ScoredRows> score(
      MvkeShape shape, MvkeParameters parameters, Iterator<Row> rows) {
    BlockScorer scorer = new BlockScorer(shape);
    List<TaskSettings> tasks = shape.model().tasks();
    return new Iterator<ScoredRows>() {
      private Iterator<ScoredRows> ready = new ArrayList<ScoredRows>().iterator();

      @Override
      public boolean hasNext() {
        while (!ready.hasNext() && rows.hasNext()) {
          Block block = Block.fromRow(rows.next());
          float[][] logits = scorer.logits(parameters, block);
          List<ScoredRows> list = new ArrayList<>();
          for (int t = 0; t < tasks.size(); t++) {
            list.add(TaskTargets.scored(block, tasks.get(t), t, logits[t]));
          }
          ready = list.iterator();
        }
        return ready.hasNext();
      }

      @Override
      public ScoredRows next() {
        hasNext();
        return ready.next();
      }
    };
  }
}
