package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Third step of the join: of each impression that was touched, what its sample is labelled with.
 */
final class Labels {
  /** The impression; named so before the shuffle, since a later name would cost another one. */
  static final String TOUCHED = "touched_id";

  private final JoinRules rules;

  Labels(JoinRules rules) {
    this.rules = rules;
  }

  /**
   * Gathers the attributed events of each impression.
   *
   * @return touched_id, imp_ts, first_click, last_click, clicks, first (ts, copy_key, type, value
   *     of the first conversion), one boolean {@code label_<type>} a label type
   */
  Dataset<Row> of(Dataset<Row> touches, Dataset<Row> conversions) {
    Column counted = col("status").equalTo(lit(Touches.COUNTED));
    Dataset<Row> clicks =
        touches
            .filter(col("kind").equalTo(lit(Touches.CLICK)).and(counted))
            .select(
                col("impression_id"),
                col("imp_ts"),
                col("ts").as("click_ts"),
                lit(null).cast("long").as("ts"),
                lit(null).cast("string").as(EventKeys.KEY),
                lit(null).cast("string").as("type"),
                lit(null).cast("double").as("value"),
                lit(false).as("counts"));
    Dataset<Row> converted =
        conversions
            .filter(counted.or(col("status").equalTo(lit(Conversions.VIEW_THROUGH))))
            .select(
                col("impression_id"),
                col("imp_ts"),
                lit(null).cast("long").as("click_ts"),
                col("ts"),
                col(EventKeys.KEY),
                col("type"),
                col("value"),
                col("counts"));
    List<Column> labels = new ArrayList<>();
    labels.add(min("click_ts").as("first_click"));
    labels.add(max("click_ts").as("last_click"));
    labels.add(sum(when(col("click_ts").isNotNull(), lit(1L)).otherwise(lit(0L))).as("clicks"));
    Column conversion = struct(col("ts"), col(EventKeys.KEY), col("type"), col("value"));
    labels.add(min(when(col("counts"), conversion)).as("first"));
    for (String type : rules.labelTypes()) {
      Column is = coalesce(col("type").equalTo(lit(type)), lit(false));
      labels.add(max(is).as("label_" + type));
    }
    return clicks
        .unionByName(converted)
        .withColumnRenamed("impression_id", TOUCHED)
        .groupBy(TOUCHED)
        .agg(min("imp_ts").as("imp_ts"), labels.toArray(new Column[0]));
  }

  /** Whether a sample has any label, over the columns of {@link #of}; never null. */
  Column positive() {
    Column positive = coalesce(col("clicks").gt(lit(0)), lit(false)).or(col("first").isNotNull());
    for (String type : rules.labelTypes()) {
      positive = positive.or(coalesce(col("label_" + type), lit(false)));
    }
    return positive;
  }

  /** The label columns of a sample, over {@code ts} of the impression and the columns of #of. */
  List<Column> columns() {
    Column clicked = coalesce(col("clicks").gt(lit(0)), lit(false));
    List<Column> columns = new ArrayList<>();
    columns.add(flag(clicked).as("click"));
    columns.add(when(clicked, col("first_click")).as("click_ts"));
    columns.add(coalesce(col("clicks"), lit(0L)).cast("int").as("clicks"));
    columns.add(flag(col("first").isNotNull()).as("conversion"));
    columns.add(col("first").getField("ts").as("conversion_ts"));
    columns.add(col("first").getField("type").as("conversion_type"));
    columns.add(col("first").getField("value").as("value"));
    for (String type : rules.labelTypes()) {
      columns.add(flag(coalesce(col("label_" + type), lit(false))).as(type));
    }
    columns.add(elapsed(clicked).as("elapsed_ms"));
    columns.add(windowEnd(clicked).lt(lit(rules.range().endMillis())).as("mature"));
    return columns;
  }

  /**
   * Last millisecond at which an event can still change the label conversion. Of a clicked sample
   * it is not before the end of the click window: until then another click may come, whose
   * conversion window begins anew.
   */
  private Column windowEnd(Column clicked) {
    long window = rules.longestConversionWindowMillis();
    Column lastClick = col("ts").plus(lit(rules.clickWindowMillis()));
    Column afterClick = greatest(col("last_click").plus(lit(window)), lastClick);
    long viewed = rules.viewThrough() ? rules.viewThroughWindowMillis() : 0;
    long afterImpression = Math.max(rules.clickWindowMillis() + window, viewed);
    return when(clicked, afterClick).otherwise(col("ts").plus(lit(afterImpression)));
  }

  /** Time for which the label was watched: stops at the window's end, so that it settles. */
  private Column elapsed(Column clicked) {
    Column from = when(clicked, col("first_click")).otherwise(col("ts"));
    return least(windowEnd(clicked), lit(rules.range().endMillis())).minus(from);
  }

  private static Column flag(Column condition) {
    return when(condition, lit(1)).otherwise(lit(0));
  }
}
