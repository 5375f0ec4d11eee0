package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.tagloom.features.logs.Days;
import io.tagloom.features.logs.HotKeys;
import io.tagloom.features.logs.LogTable;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Second step of the join: the click, or by setting the impression, that each conversion belongs
 * to. The most telling key that a conversion has decides: click id, else impression id, else user
 * and item. Only clicks that count are clicks here.
 */
final class Conversions {
  static final String VIEW_THROUGH = "view_through";
  static final String UNCLICKED = "unclicked";
  static final String OTHER_TYPE = "other_type";

  private final JoinRules rules;
  private final HotKeys hotPairs;
  private final boolean pairs;

  /**
   * @param pairs whether some conversion has neither click id nor impression id
   */
  Conversions(JoinRules rules, HotKeys hotPairs, boolean pairs) {
    this.rules = rules;
    this.hotPairs = hotPairs;
    this.pairs = pairs;
  }

  /**
   * Attributes conversions.
   *
   * @param conversions without copies
   * @param touches what {@link Touches} found
   * @return copy_key, ts, type, value, impression_id, imp_ts, touch_ts (of the click, or of the
   *     impression for a view), status, day, counts (whether its type makes the label conversion)
   */
  Dataset<Row> of(Dataset<Row> conversions, Dataset<Row> touches) {
    Dataset<Row> attributed = byClick(conversions, touches).unionByName(byImpression(touches));
    if (pairs) {
      attributed = attributed.unionByName(byPair(conversions, touches));
    }
    List<String> types = rules.settings().conversionTypes();
    Column counts =
        types.isEmpty() ? lit(true) : coalesce(col("type").isin(types.toArray()), lit(false));
    Column labels =
        rules.labelTypes().isEmpty()
            ? lit(false)
            : coalesce(col("type").isin(rules.labelTypes().toArray()), lit(false));
    return attributed
        .withColumn("counts", counts)
        .withColumn("status", when(counts.or(labels), col("status")).otherwise(lit(OTHER_TYPE)))
        .withColumn("day", Days.of(col("ts")));
  }

  private Dataset<Row> byClick(Dataset<Row> conversions, Dataset<Row> touches) {
    Dataset<Row> clicks =
        touches
            .filter(col("kind").equalTo(lit(Touches.CLICK)).and(col("click_id").isNotNull()))
            .select(
                col("click_id").as("touch_id"),
                col("impression_id"),
                col("imp_ts"),
                col("ts").as("touch_ts"),
                col("status").as("touch_status"));
    Column lost = coalesce(col("touch_status"), lit(Touches.ORPHANED));
    Column status = when(lost.equalTo(lit(Touches.COUNTED)), within("touch_ts", Touches.COUNTED));
    return conversions
        .filter(col("click_id").isNotNull())
        .select(EventKeys.KEY, "click_id", "ts", "type", "value")
        .join(clicks, col("click_id").equalTo(col("touch_id")), "left_outer")
        .withColumn("status", coalesce(status, lost))
        .select(columns());
  }

  private Dataset<Row> byImpression(Dataset<Row> touches) {
    Dataset<Row> named =
        of(touches, Touches.CONVERSION)
            .select(EventKeys.KEY, "impression_id", "imp_ts", "ts", "type", "value");
    Dataset<Row> clicks = clicks(touches).select("impression_id", "touch_ts", "touch_key");
    Column viewed = rules.viewThrough() ? viewed("imp_ts") : lit(UNCLICKED);
    Column status =
        when(col("imp_ts").isNull(), lit(Touches.ORPHANED))
            .when(col("touch_ts").isNotNull(), within("touch_ts", Touches.COUNTED))
            .otherwise(viewed);
    AsOf impression = new AsOf(new HotKeys(Collections.emptyList()), "impression_id");
    return touched(impression, named, clicks)
        .withColumn("status", status)
        .withColumn("touch_ts", coalesce(col("touch_ts"), col("imp_ts")))
        .select(columns());
  }

  private Dataset<Row> byPair(Dataset<Row> conversions, Dataset<Row> touches) {
    Dataset<Row> named =
        conversions
            .filter(EventKeys.byPair(LogTable.CONVERSIONS))
            .select(EventKeys.KEY, "user_id", "item_id", "ts", "type", "value");
    Dataset<Row> clicked =
        touched(new AsOf(hotPairs, "user_id", "item_id"), named, clicks(touches));
    Dataset<Row> views =
        of(touches, Touches.VIEW)
            .select(
                col(EventKeys.KEY).as("view_key"),
                col("impression_id").as("view_id"),
                col("imp_ts").as("view_ts"));
    Column status =
        when(col("touch_ts").isNotNull(), within("touch_ts", Touches.COUNTED))
            .when(col("view_ts").isNotNull(), viewed("view_ts"))
            .otherwise(lit(Touches.ORPHANED));
    return clicked
        .join(views, col(EventKeys.KEY).equalTo(col("view_key")), "left_outer")
        .withColumn("status", status)
        .withColumn("impression_id", coalesce(col("impression_id"), col("view_id")))
        .withColumn("imp_ts", coalesce(col("imp_ts"), col("view_ts")))
        .withColumn("touch_ts", coalesce(col("touch_ts"), col("view_ts")))
        .select(columns());
  }

  /**
   * Adds to each conversion the click before it that it belongs to: the last one, or by setting the
   * first one in the window, where there is one.
   */
  private Dataset<Row> touched(AsOf key, Dataset<Row> conversions, Dataset<Row> clicks) {
    Dataset<Row> last = key.last(conversions, clicks, col("touch_ts"), "touch_key");
    if (!rules.firstTouch()) {
      return last;
    }
    Dataset<Row> facts = clicks;
    for (String name : clicks.columns()) {
      if (!key.keys().contains(name)) {
        facts = facts.withColumnRenamed(name, "first_" + name);
      }
    }
    Column since = col("ts").minus(rules.conversionWindowMillis());
    Dataset<Row> both = key.first(last, since, facts, col("first_touch_ts"), "first_touch_key");
    Column earlier = coalesce(col("first_touch_ts").leq(col("ts")), lit(false));
    for (String name : facts.columns()) {
      if (name.startsWith("first_")) {
        String of = name.substring("first_".length());
        both = both.withColumn(of, when(earlier, col(name)).otherwise(col(of)));
      }
    }
    return both;
  }

  /** Whether a conversion is in the window after a click. */
  private Column within(String touch, String status) {
    return within(touch, rules.conversionWindowMillis(), status);
  }

  /** Whether a conversion is in the window after a view. */
  private Column viewed(String touch) {
    return within(touch, lit(rules.viewThroughWindowMillis()), VIEW_THROUGH);
  }

  private static Column within(String touch, Column window, String status) {
    Column delay = col("ts").minus(col(touch));
    return when(delay.between(lit(0L), window), lit(status)).otherwise(lit(Touches.OUT_OF_WINDOW));
  }

  private static Dataset<Row> of(Dataset<Row> touches, String kind) {
    return touches.filter(col("kind").equalTo(lit(kind)));
  }

  /** The clicks that count. */
  private static Dataset<Row> clicks(Dataset<Row> touches) {
    return of(touches, Touches.CLICK)
        .filter(col("status").equalTo(lit(Touches.COUNTED)))
        .select(
            col("impression_id"),
            col("user_id"),
            col("item_id"),
            col("imp_ts"),
            col("ts").as("touch_ts"),
            col(EventKeys.KEY).as("touch_key"));
  }

  private static Column[] columns() {
    return Stream.of(
            EventKeys.KEY, "ts", "type", "value", "impression_id", "imp_ts", "touch_ts", "status")
        .map(name -> col(name))
        .toArray(Column[]::new);
  }
}
