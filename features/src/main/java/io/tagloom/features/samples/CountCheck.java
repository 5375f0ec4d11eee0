package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import io.tagloom.features.logs.Days;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Proves that each day has exactly the samples it should have: of its distinct impressions, counted
 * on another way than the samples are made, those that sampling and limits keep.
 */
final class CountCheck {
  private final JoinRules rules;
  private final Sampling sampling;

  CountCheck(JoinRules rules, Sampling sampling) {
    this.rules = rules;
    this.sampling = sampling;
  }

  /**
   * Compares what was written with what should have been.
   *
   * @param leftOut what limits leave out; null where no limit is set
   * @throws IllegalStateException when a day differs
   */
  void check(HealthCount health, Dataset<Row> labels, Dataset<Row> leftOut) {
    Map<Integer, Long> expected = new TreeMap<>(health.keptBySampling());
    Column positive = new Labels(rules).positive();
    if (rules.settings().negativeRate() < 1) {
      Column rescued = positive.and(not(sampling.keeps(col(Labels.TOUCHED))));
      add(expected, 1, byDay(labels.filter(rescued).withColumn("day", Days.of(col("imp_ts")))));
    }
    if (leftOut != null) {
      Dataset<Row> lost =
          leftOut
              .join(labels, col("impression_id").equalTo(col(Labels.TOUCHED)), "left_outer")
              .filter(positive.or(sampling.keeps(col("impression_id"))));
      add(expected, -1, byDay(lost));
    }
    for (int day : health.days()) {
      long written = health.number(day, "samples.rows");
      long due = expected.getOrDefault(day, 0L);
      if (written != due) {
        throw new IllegalStateException(
            "Cannot publish samples of "
                + LocalDate.ofEpochDay(day)
                + ": "
                + written
                + " were written of "
                + health.number(day, "impressions.distinct")
                + " distinct impressions, expected "
                + due
                + ". The input changed while it was read, or this is a fault of the join.");
      }
    }
  }

  private static Dataset<Row> byDay(Dataset<Row> rows) {
    return rows.groupBy("day").count();
  }

  private static void add(Map<Integer, Long> sums, int sign, Dataset<Row> days) {
    // One row a day.
    for (Row row : days.collectAsList()) {
      sums.merge(row.getInt(0), sign * row.getLong(1), Long::sum);
    }
  }
}
