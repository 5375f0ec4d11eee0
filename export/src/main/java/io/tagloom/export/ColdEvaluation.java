package io.tagloom.export;

import io.tagloom.conf.TaskSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockLayout;
import io.tagloom.features.fields.EncodedSamples;
import io.tagloom.training.evaluation.LogitHistogram;
import io.tagloom.training.evaluation.TaskTargets;
import io.tagloom.training.models.MvkeScorer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * How well a model ranks items for users without a row in training, beside the rates of the items,
 * which is what anybody can rank with who knows nothing of a user.
 */
public final class ColdEvaluation {
  /** Rows that are added to an item's at the rate of all items. */
  private static final double SMOOTHING = 10;

  private static final String USER = BlockLayout.USER_ID;
  private static final String ITEM = BlockLayout.ITEM_ID;
  private static final StructType ROWS =
      new StructType()
          .add(USER, DataTypes.StringType)
          .add(ITEM, DataTypes.StringType)
          .add("task", DataTypes.IntegerType)
          .add("logit", DataTypes.FloatType)
          .add("target", DataTypes.FloatType)
          .add("weight", DataTypes.FloatType);

  private ColdEvaluation() {}

  /**
   * AUCs on the held-out rows of users who have none in training.
   *
   * @param tasks the model's tasks, in its order
   * @param split the held-out split
   * @return by {@code TASK.NAME}: {@code cold_rows}, and where there are rows of both classes
   *     {@code cold_auc} of the model (without context fields) and {@code cold_auc_items} of the
   *     items' smoothed rates in training
   */
  public static SortedMap<String, Double> run(
      SparkSession spark,
      List<TaskSettings> tasks,
      MvkeScorer scorer,
      EncodedSamples samples,
      String split) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<ScoringModel> model = context.broadcast(new TrainedModel(scorer));
    context.setJobGroup("cold users", "AUC on held-out samples of users new to the model");
    try {
      ArrayList<TaskSettings> own = new ArrayList<>(tasks);
      Dataset<Row> trained = rows(spark, samples.blocks("train"), own, model, false);
      Dataset<Row> held = rows(spark, samples.blocks(split), own, model, true);
      Dataset<Row> cold =
          held.join(
              trained.select(USER).distinct(),
              held.col(USER).equalTo(trained.col(USER)),
              "left_anti");
      return aucs(own, cold, trained);
    } finally {
      context.clearJobGroup();
      model.destroy();
    }
  }

  private static Dataset<Row> rows(
      SparkSession spark,
      Dataset<Row> blocks,
      ArrayList<TaskSettings> tasks,
      Broadcast<ScoringModel> model,
      boolean scored) {
    JavaRDD<Row> rows =
        blocks.toJavaRDD().flatMap(row -> rows(Block.fromRow(row), tasks, model.value(), scored));
    return spark.createDataFrame(rows, ROWS);
  }

  private static Iterator<Row> rows(
      Block block, List<TaskSettings> tasks, ScoringModel model, boolean scored) {
    String[] users = block.key(USER);
    String[] items = block.key(ITEM);
    List<Row> rows = new ArrayList<>();
    for (int task = 0; task < tasks.size(); task++) {
      float[] weights = TaskTargets.weights(block, tasks.get(task));
      float[] targets = block.label(tasks.get(task).label());
      float[] logits = scored ? Logits.of(model, block, task) : new float[block.rows()];
      for (int row = 0; row < block.rows(); row++) {
        if (weights[row] > 0) {
          rows.add(
              RowFactory.create(
                  users[row], items[row], task, logits[row], targets[row], weights[row]));
        }
      }
    }
    return rows.iterator();
  }

  private static SortedMap<String, Double> aucs(
      List<TaskSettings> tasks, Dataset<Row> cold, Dataset<Row> trained) {
    Dataset<Row> counted =
        trained.withColumn("positive", functions.expr("if(target > 0, weight, 0)"));
    Dataset<Row> all =
        counted.groupBy("task").agg(functions.expr("sum(positive) / sum(weight)").as("rate"));
    Dataset<Row> items =
        counted
            .groupBy(ITEM, "task")
            .agg(functions.sum("positive").as("positives"), functions.sum("weight").as("rows"));
    String rate =
        "(coalesce(positives, 0) + rate * "
            + SMOOTHING
            + ") / (coalesce(rows, 0) + "
            + SMOOTHING
            + ")";
    JavaRDD<Row> rows =
        cold.join(functions.broadcast(all), "task")
            .join(items, new String[] {ITEM, "task"}, "left")
            .select(
                functions.col("task"),
                functions.col("logit"),
                functions.expr("cast(" + rate + " as float)"),
                functions.col("target"),
                functions.col("weight"))
            .toJavaRDD();
    int count = tasks.size();
    LogitHistogram[] sums = histograms(count);
    InOrder.take(
        rows.mapPartitions(some -> histograms(some, count)),
        part -> {
          for (int i = 0; i < sums.length; i++) {
            sums[i].add(LogitHistogram.fromBytes(ByteBuffer.wrap(part[i])));
          }
        });
    SortedMap<String, Double> numbers = new TreeMap<>();
    for (int task = 0; task < count; task++) {
      String prefix = tasks.get(task).name() + ".cold_";
      numbers.put(prefix + "rows", (double) sums[2 * task].rows());
      if (!Double.isNaN(sums[2 * task].auc())) {
        numbers.put(prefix + "auc", sums[2 * task].auc());
        numbers.put(prefix + "auc_items", sums[2 * task + 1].auc());
      }
    }
    return numbers;
  }

  private static LogitHistogram[] histograms(int tasks) {
    LogitHistogram[] histograms = new LogitHistogram[2 * tasks];
    for (int i = 0; i < histograms.length; i++) {
      histograms[i] = new LogitHistogram();
    }
    return histograms;
  }

  /** Of each task that of the model, then that of the items' rates. */
  private static Iterator<byte[][]> histograms(Iterator<Row> rows, int tasks) {
    LogitHistogram[] histograms = histograms(tasks);
    while (rows.hasNext()) {
      Row row = rows.next();
      int task = row.getInt(0);
      float logit = (float) Line.logit(row.getFloat(2));
      histograms[2 * task].add(row.getFloat(1), row.getFloat(3), row.getFloat(4));
      histograms[2 * task + 1].add(logit, row.getFloat(3), row.getFloat(4));
    }
    byte[][] bytes = new byte[histograms.length][];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = histograms[i].toBytes();
    }
    List<byte[][]> one = new ArrayList<>();
    one.add(bytes);
    return one.iterator();
  }
}
