package io.tagloom.pipeline.generate;

import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.tagloom.conf.InputException;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/** The planted truth of example logs, read back. No other stage may read it. */
public final class Truth {
  static final String IMPRESSIONS = "truth/impressions";
  static final String USERS = "truth/users";

  /** Rows of a user and tag from which its rate is compared, as in the evaluation of profiles. */
  private static final int LEAST_ROWS = 5;

  private Truth() {}

  /**
   * True probabilities by impression: impression_id, p_click, p_conversion (given a click), dt.
   *
   * @param path folder of the example logs
   * @throws InputException when the folder holds no truth
   */
  public static Dataset<Row> impressions(SparkSession spark, String path) {
    return read(spark, path, IMPRESSIONS);
  }

  /**
   * True affinities by user: user_id, tags array of (tag, interest, intention). Both are
   * probabilities, of a click in slot 0 and of a conversion after a click, for an item with the tag
   * alone.
   *
   * @param path folder of the example logs
   * @throws InputException when the folder holds no truth
   */
  public static Dataset<Row> users(SparkSession spark, String path) {
    return read(spark, path, USERS);
  }

  /**
   * The AUC of the true probabilities against what happened, on the samples that a model is
   * evaluated on: no model can be expected to do better. Rows count once each, whatever their
   * weight.
   *
   * @param path folder of the example logs
   * @param samples samples table: impression_id, split, click, conversion, mature
   * @param split the split to keep, such as test
   * @throws InputException when the folder holds no truth, or when a sample of the split is not in
   *     it
   */
  public static BestAuc bestAuc(
      SparkSession spark, String path, Dataset<Row> samples, String split) {
    Dataset<Row> truth = impressions(spark, path).withColumnRenamed("impression_id", "true_id");
    Dataset<Row> held =
        samples
            .where(col("split").equalTo(split))
            .select("impression_id", "click", "conversion", "mature")
            .join(truth, col("impression_id").equalTo(col("true_id")), "left_outer")
            .select(
                col("p_click"),
                col("p_conversion"),
                col("click").cast("double").as("click"),
                col("conversion").cast("double").as("conversion"),
                col("mature"))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      spark.sparkContext().setJobGroup("tagloom-truth", "Best reachable AUC", false);
      checkCovered(held, path);
      Dataset<Row> clicked = held.where(col("click").equalTo(1).and(col("mature")));
      return new BestAuc(
          auc(held, "p_click", "click"),
          auc(clicked, "p_conversion", "conversion"),
          held.count(),
          clicked.count());
    } finally {
      held.unpersist();
      spark.sparkContext().clearJobGroup();
    }
  }

  /**
   * Of the pairs of tags that profiles are measured on, the share that the true probabilities order
   * as a user's rates do: over the tags with at least five rows of a user that count, the pairs of
   * different rates, ties counting half. A tag's place is the mean true probability of these rows.
   *
   * @param path folder of the example logs
   * @param samples samples table: impression_id, user_id, item_id, split, click, conversion, mature
   * @param items item_id and tags, array of string
   * @param split the split to keep, such as test
   * @return shares by label, {@code click} and {@code conversion}; one without pairs left out
   * @throws InputException when the folder holds no truth
   */
  public static Map<String, Double> pairOrder(
      SparkSession spark, String path, Dataset<Row> samples, Dataset<Row> items, String split) {
    Dataset<Row> tags =
        items.select(col("item_id"), explode(array_distinct(col("tags"))).as("tag"));
    Dataset<Row> held =
        samples
            .where(col("split").equalTo(split))
            .join(impressions(spark, path).drop("dt"), "impression_id")
            .join(tags, "item_id");
    Map<String, Double> orders = new TreeMap<>();
    Dataset<Row> clicked = held.where(col("click").equalTo(1).and(col("mature")));
    put(orders, "click", held, "p_click");
    put(orders, "conversion", clicked, "p_conversion");
    return orders;
  }

  private static void put(
      Map<String, Double> orders, String label, Dataset<Row> rows, String probability) {
    Dataset<Row> rates =
        rows.groupBy("user_id", "tag")
            .agg(
                count(lit(1)).as("rows"),
                avg(col(label).cast("double")).as("rate"),
                avg(probability).as("truth"))
            .where(col("rows").geq(LEAST_ROWS));
    Row order =
        rates
            .as("a")
            .join(rates.as("b"), "user_id")
            .where("a.tag < b.tag and a.rate <> b.rate")
            .select(expr("(1 + signum((a.rate - b.rate) * (a.truth - b.truth))) / 2").as("order"))
            .agg(avg("order"))
            .first();
    if (!order.isNullAt(0)) {
      orders.put(label, order.getDouble(0));
    }
  }

  private static void checkCovered(Dataset<Row> held, String path) {
    long unknown = held.where(col("p_click").isNull()).count();
    if (unknown > 0) {
      throw new InputException(
          "Cannot tell the best AUC: "
              + unknown
              + " samples are not among the impressions of "
              + path
              + ". Make the samples from these example logs.");
    }
  }

  private static OptionalDouble auc(Dataset<Row> rows, String probability, String label) {
    Row counts = rows.agg(count(lit(1)), sum(label)).first();
    double positives = counts.isNullAt(1) ? 0 : counts.getDouble(1);
    if (positives == 0 || positives == counts.getLong(0)) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        new BinaryClassificationEvaluator()
            .setRawPredictionCol(probability)
            .setLabelCol(label)
            .setMetricName("areaUnderROC")
            .evaluate(rows));
  }

  private static Dataset<Row> read(SparkSession spark, String path, String table) {
    String folder = new Path(path, table).toString();
    try {
      return spark.read().parquet(folder);
    } catch (Exception e) { // Spark's Scala methods throw this without declaring it.
      if (e instanceof AnalysisException) {
        throw new InputException(
            "Cannot read the truth: there is none at "
                + folder
                + ". Run generate first or check generate.path.",
            e);
      }
      throw e;
    }
  }
}
