package io.tagloom.training.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Exact metrics of any number of scored rows: Spark sorts them by task and logit, and each
 * partition adds its piece of the rank sum, knowing the weights before it.
 */
public final class SortedEvaluation {
  private static final StructType SCHEMA =
      DataTypes.createStructType(
          new StructField[] {
            DataTypes.createStructField("key", DataTypes.LongType, false),
            DataTypes.createStructField("weight", DataTypes.FloatType, false)
          });
  private static final int BINS = 10;

  private SortedEvaluation() {}

  /**
   * Evaluates every task.
   *
   * @param spark the session
   * @param scored rows of all tasks
   * @param tasks names of the tasks, by position
   * @param split name of the split, for the report
   */
  public static Evaluation run(
      SparkSession spark, JavaRDD<ScoredRows> scored, List<String> tasks, String split) {
    int count = tasks.size();
    JavaRDD<Row> rows = scored.flatMap(SortedEvaluation::rows);
    Dataset<Row> sorted =
        spark
            .createDataFrame(rows, SCHEMA)
            .repartitionByRange(functions.col("key"))
            .sortWithinPartitions("key", "weight")
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      JavaRDD<Row> pieces = sorted.toJavaRDD();
      List<double[][]> totals =
          pieces.mapPartitionsWithIndex((index, it) -> totals(index, it, count), true).collect();
      double[][][] before = before(totals, count);
      List<TaskPiece[]> parts =
          pieces
              .mapPartitionsWithIndex(
                  (index, it) -> pieces(it, before[index], before[before.length - 1]), true)
              .collect();
      return join(parts, tasks, split);
    } finally {
      sorted.unpersist();
    }
  }

  /** One row per sample that counts; negatives have a negative weight. */
  private static Iterator<Row> rows(ScoredRows scored) {
    List<Row> rows = new ArrayList<>(scored.logits().length);
    for (int i = 0; i < scored.logits().length; i++) {
      float weight = scored.weights()[i];
      if (weight > 0f) {
        // Tasks one after another, each by ascending logit.
        long key =
            ((long) scored.task() << 32) + Auc.sortable(scored.logits()[i]) - Integer.MIN_VALUE;
        rows.add(RowFactory.create(key, scored.targets()[i] > 0f ? weight : -weight));
      }
    }
    return rows.iterator();
  }

  private static int task(long key) {
    return (int) (key >> 32);
  }

  private static float logit(long key) {
    int sortable = (int) key + Integer.MIN_VALUE;
    return Float.intBitsToFloat(sortable ^ ((sortable >> 31) & Integer.MAX_VALUE));
  }

  /** Weight of negatives and of all by task; the partition's number stands last. */
  private static Iterator<double[][]> totals(int index, Iterator<Row> rows, int tasks) {
    double[][] totals = new double[tasks + 1][2];
    totals[tasks][0] = index;
    while (rows.hasNext()) {
      Row row = rows.next();
      double[] total = totals[task(row.getLong(0))];
      float weight = row.getFloat(1);
      total[0] += Math.max(-weight, 0f);
      total[1] += Math.abs(weight);
    }
    return Collections.singleton(totals).iterator();
  }

  /** Sums of the partitions before each; the last entry holds those of all. */
  private static double[][][] before(List<double[][]> totals, int tasks) {
    double[][][] before = new double[totals.size() + 1][tasks][2];
    for (double[][] total : totals) {
      int index = (int) total[tasks][0];
      for (int t = 0; t < tasks; t++) {
        before[index + 1][t] = total[t];
      }
    }
    for (int p = 1; p < before.length; p++) {
      for (int t = 0; t < tasks; t++) {
        before[p][t][0] += before[p - 1][t][0];
        before[p][t][1] += before[p - 1][t][1];
      }
    }
    return before;
  }

  private static Iterator<TaskPiece[]> pieces(
      Iterator<Row> rows, double[][] before, double[][] all) {
    TaskPiece[] pieces = new TaskPiece[before.length];
    for (int t = 0; t < pieces.length; t++) {
      pieces[t] = new TaskPiece(before[t][0], before[t][1], all[t][1]);
    }
    while (rows.hasNext()) {
      Row row = rows.next();
      long key = row.getLong(0);
      pieces[task(key)].add(logit(key), row.getFloat(1));
    }
    for (TaskPiece piece : pieces) {
      piece.close();
    }
    return Collections.singleton(pieces).iterator();
  }

  private static Evaluation join(List<TaskPiece[]> parts, List<String> tasks, String split) {
    List<TaskEvaluation> evaluations = new ArrayList<>();
    for (int t = 0; t < tasks.size(); t++) {
      TaskPiece sum = new TaskPiece(0, 0, 0);
      for (TaskPiece[] part : parts) {
        sum.join(part[t]);
      }
      evaluations.add(sum.evaluation(tasks.get(t)));
    }
    return new Evaluation(split, evaluations);
  }

  /** A task's samples in one partition, by ascending logit. */
  private static final class TaskPiece implements Serializable {
    private static final long serialVersionUID = 1L;

    private final double allWeight;
    private double weightBelow;
    private double negativesBelow;
    private double positives;
    private double negatives;
    private double area;
    private final ExactSum loss = new ExactSum();
    private final ExactSum predicted = new ExactSum();
    private long rows;
    private float last;
    private double positivesAt;
    private double negativesAt;
    private final CalibrationBin[] bins = new CalibrationBin[BINS];

    TaskPiece(double negativesBelow, double weightBelow, double allWeight) {
      this.negativesBelow = negativesBelow;
      this.weightBelow = weightBelow;
      this.allWeight = allWeight;
      for (int b = 0; b < BINS; b++) {
        bins[b] = new CalibrationBin();
      }
    }

    void add(float logit, float signedWeight) {
      if (logit != last) {
        close();
        last = logit;
      }
      boolean positive = signedWeight > 0f;
      double weight = Math.abs(signedWeight);
      double probability = Logistic.probability(logit);
      if (positive) {
        positivesAt += weight;
      } else {
        negativesAt += weight;
      }
      rows++;
      loss.add(weight * Logistic.loss(logit, positive ? 1 : 0));
      predicted.add(weight * probability);
      int bin = (int) (BINS * ((weightBelow + 0.5 * weight) / allWeight));
      bins[Math.min(bin, BINS - 1)].add(weight, probability, positive);
      weightBelow += weight;
    }

    /** Adds the samples of one logit to the rank sum. */
    void close() {
      RankSum sum = new RankSum(negativesBelow);
      sum.add(positivesAt, negativesAt);
      area += sum.area();
      negativesBelow = sum.negatives();
      positives += positivesAt;
      negatives += negativesAt;
      positivesAt = 0;
      negativesAt = 0;
    }

    void join(TaskPiece other) {
      positives += other.positives;
      negatives += other.negatives;
      area += other.area;
      loss.add(other.loss);
      predicted.add(other.predicted);
      rows += other.rows;
      for (int b = 0; b < BINS; b++) {
        bins[b].add(other.bins[b]);
      }
    }

    TaskEvaluation evaluation(String task) {
      double weight = positives + negatives;
      List<CalibrationBin> list = new ArrayList<>();
      Collections.addAll(list, bins);
      return new TaskEvaluation(
          task,
          rows,
          weight,
          positives,
          area / (positives * negatives),
          loss.value() / weight,
          predicted.value(),
          list);
    }
  }
}
