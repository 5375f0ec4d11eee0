package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.tagloom.features.logs.Casts;
import io.tagloom.features.logs.Days;
import io.tagloom.features.logs.Duplicates;
import io.tagloom.features.logs.HotKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;

/** Last step of the join: impressions without copies beside their labels. */
final class SampleTable {
  private final JoinRules rules;
  private final Sampling sampling;
  private final Map<String, String> context;

  /**
   * @param context the context columns with what each is called in the rows of impressions
   */
  SampleTable(JoinRules rules, Sampling sampling, Map<String, String> context) {
    this.rules = rules;
    this.sampling = sampling;
    this.context = context;
  }

  /**
   * The samples of the days that are rebuilt, sorted by day and id within a task.
   *
   * @param impressions taken rows, copies included
   * @param copies impressions with very many copies
   * @param labels what {@link Labels} gathered
   * @param leftOut impressions that {@link Caps} leaves out; null where no limit is set
   * @param counts is told how many ids there are, and how many name several users or items
   */
  Dataset<Row> of(
      Dataset<Row> impressions,
      HotKeys copies,
      Dataset<Row> labels,
      Dataset<Row> leftOut,
      Observation counts) {
    Labels labelled = new Labels(rules);
    Dataset<Row> distinct =
        Duplicates.earliest(impressions, copies, "impression_id", counts)
            .filter(col("ts").geq(lit(rules.range().rebuildMillis())));
    if (leftOut != null) {
      Dataset<Row> ids = leftOut.select(col("impression_id").as("capped_id"));
      distinct = distinct.join(ids, col("impression_id").equalTo(col("capped_id")), "left_anti");
    }
    Column positive = labelled.positive();
    return distinct
        .join(
            labels.drop("imp_ts"), col("impression_id").equalTo(col(Labels.TOUCHED)), "left_outer")
        .filter(positive.or(sampling.keeps(col("impression_id"))))
        .select(columns(labelled, positive))
        .sortWithinPartitions("dt", "impression_id");
  }

  private Column[] columns(Labels labelled, Column positive) {
    List<Column> columns = new ArrayList<>();
    columns.add(col("impression_id"));
    columns.add(col("user_id"));
    columns.add(col("item_id"));
    columns.add(col("ts"));
    columns.add(col("position"));
    context.forEach((name, inside) -> columns.add(expr(Casts.quoted(inside)).as(name)));
    columns.addAll(labelled.columns());
    columns.add(sampling.weight(positive).as("weight"));
    columns.add(sampling.split().as("split"));
    columns.add(Days.date(Days.of(col("ts"))).as("dt"));
    return columns.toArray(new Column[0]);
  }
}
