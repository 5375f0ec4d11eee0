package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.tagloom.features.logs.Days;
import io.tagloom.features.logs.Duplicates;
import io.tagloom.features.logs.HotKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * First step of the join: what each event that names an impression, or finds one by user and item,
 * touches. One row an event, small beside the impressions; with them one row a day that counts the
 * day's distinct impressions, out of the same shuffle.
 */
final class Touches {
  static final String CLICK = "click";
  static final String CONVERSION = "conversion";

  /** A conversion that names nothing, with the last impression of its user and item. */
  static final String VIEW = "view";

  static final String IMPRESSIONS = "impressions";

  static final String COUNTED = "counted";
  static final String OUT_OF_WINDOW = "out_of_window";
  static final String ORPHANED = "orphaned";

  private static final int SALTS = 32;
  private static final List<String> EVENT_COLUMNS =
      Arrays.asList(
          "kind",
          EventKeys.KEY,
          "click_id",
          "impression_id",
          "user_id",
          "item_id",
          "ts",
          "type",
          "value");

  private final JoinRules rules;
  private final Sampling sampling;
  private final HotKeys routes;
  private final boolean pairs;

  /**
   * @param routes impressions and pairs that very many events are joined by
   * @param pairs whether some event is joined by user and item
   */
  Touches(JoinRules rules, Sampling sampling, HotKeys routes, boolean pairs) {
    this.rules = rules;
    this.sampling = sampling;
    this.routes = routes;
    this.pairs = pairs;
  }

  /**
   * Attributes clicks, and looks up the impressions that conversions name.
   *
   * @param impressions taken rows, copies included
   * @param clicks without copies
   * @param conversions without copies
   * @return kind, copy_key, click_id, impression_id, user_id and item_id (of the impression where
   *     there are pairs), ts, type, value, imp_ts, status, day, n, kept
   */
  Dataset<Row> of(Dataset<Row> impressions, Dataset<Row> clicks, Dataset<Row> conversions) {
    Dataset<Row> keys = keys(impressions);
    Dataset<Row> events = named(clicks, conversions);
    if (pairs) {
      events = events.unionByName(found(keys, clicks, conversions));
    }
    return attributed(events, keys).unionByName(counts(keys));
  }

  /** impression_id and imp_ts of each distinct impression; user_id and item_id where needed. */
  private Dataset<Row> keys(Dataset<Row> impressions) {
    // Said again, so that joins need not say it: each use of the keys is then of one shuffle.
    Dataset<Row> named = impressions.filter(col("impression_id").isNotNull());
    if (pairs) {
      return Duplicates.earliest(
              named.select("impression_id", "ts", "row_hash", "user_id", "item_id"),
              "impression_id")
          .select(col("impression_id"), col("ts").as("imp_ts"), col("user_id"), col("item_id"));
    }
    // The earliest time alone needs no sort, and is taken in part before the shuffle.
    Column none = lit(null).cast("string");
    return named
        .groupBy("impression_id")
        .agg(min("ts").as("imp_ts"))
        .select(col("impression_id"), col("imp_ts"), none.as("user_id"), none.as("item_id"));
  }

  private Dataset<Row> named(Dataset<Row> clicks, Dataset<Row> conversions) {
    Dataset<Row> namedClicks = event(clicks.filter(col("impression_id").isNotNull()), CLICK);
    Column byImpression = col("click_id").isNull().and(col("impression_id").isNotNull());
    return namedClicks.unionByName(event(conversions.filter(byImpression), CONVERSION));
  }

  /** Events without ids with the last impression of the same user and item before them. */
  private Dataset<Row> found(Dataset<Row> keys, Dataset<Row> clicks, Dataset<Row> conversions) {
    AsOf pair = new AsOf(routes, "user_id", "item_id");
    Dataset<Row> shown = keys.select("user_id", "item_id", "impression_id", "imp_ts");
    Dataset<Row> byPair = event(clicks.filter(col("impression_id").isNull()), CLICK);
    Column visible = col("imp_ts").minus(lit(rules.skewMillis()));
    Dataset<Row> found =
        pair.last(byPair.drop("impression_id"), shown, visible, "impression_id").drop("imp_ts");
    if (!rules.viewThrough()) {
      return found;
    }
    Column noIds = col("click_id").isNull().and(col("impression_id").isNull());
    Dataset<Row> viewed = event(conversions.filter(noIds), VIEW).drop("impression_id");
    return found.unionByName(seen(pair, viewed, shown).drop("imp_ts"));
  }

  /** The last view before each conversion, or by setting the first one in the window. */
  private Dataset<Row> seen(AsOf pair, Dataset<Row> conversions, Dataset<Row> shown) {
    Dataset<Row> last = pair.last(conversions, shown, col("imp_ts"), "impression_id");
    if (!rules.firstTouch()) {
      return last;
    }
    Dataset<Row> facts =
        shown
            .withColumnRenamed("impression_id", "first_id")
            .withColumnRenamed("imp_ts", "first_ts");
    Column since = col("ts").minus(lit(rules.viewThroughWindowMillis()));
    Column earlier = coalesce(col("first_ts").leq(col("ts")), lit(false));
    return pair.first(last, since, facts, col("first_ts"), "first_id")
        .withColumn("impression_id", when(earlier, col("first_id")).otherwise(col("impression_id")))
        .drop("first_id", "first_ts");
  }

  private static Dataset<Row> event(Dataset<Row> rows, String kind) {
    List<String> columns = Arrays.asList(rows.columns());
    List<Column> event = new ArrayList<>();
    for (String name : EVENT_COLUMNS) {
      if (name.equals("kind")) {
        event.add(lit(kind).as(name));
      } else if (columns.contains(name)) {
        event.add(col(name));
      } else {
        event.add(lit(null).cast(name.equals("value") ? "double" : "string").as(name));
      }
    }
    return rows.select(event.toArray(new Column[0]));
  }

  private Dataset<Row> attributed(Dataset<Row> events, Dataset<Row> keys) {
    Dataset<Row> shown =
        // Of the two the few events are renamed: a key under another name would be shuffled again.
        keys.select(
            col("impression_id"),
            col("imp_ts"),
            col("user_id").as("imp_user_id"),
            col("item_id").as("imp_item_id"));
    Column delay = col("ts").minus(col("imp_ts"));
    Column inWindow = delay.between(lit(-rules.skewMillis()), lit(rules.clickWindowMillis()));
    Column status =
        when(col("imp_ts").isNull(), lit(ORPHANED))
            .when(col("kind").notEqual(lit(CLICK)).or(inWindow), lit(COUNTED))
            .otherwise(lit(OUT_OF_WINDOW));
    return joined(events.withColumnRenamed("impression_id", "named_id"), shown)
        .withColumn("impression_id", col("named_id"))
        .withColumn("status", status)
        .withColumn("user_id", coalesce(col("imp_user_id"), col("user_id")))
        .withColumn("item_id", coalesce(col("imp_item_id"), col("item_id")))
        .withColumn("day", Days.of(col("ts")))
        .withColumn("n", lit(1L))
        .withColumn("kept", lit(0L))
        .drop("named_id", "imp_user_id", "imp_item_id");
  }

  private Dataset<Row> joined(Dataset<Row> events, Dataset<Row> shown) {
    Column same = col("named_id").equalTo(col("impression_id"));
    if (routes.none()) {
      return events.join(shown, same, "left_outer");
    }
    // Events of a busy impression are dealt out; the impression is there once for each share.
    Column deal = pmod(hash(col(EventKeys.KEY)), lit(SALTS));
    Column salt = when(routes.matches(col("named_id")), deal).otherwise(lit(0));
    Column[] shares = IntStream.range(0, SALTS).mapToObj(i -> lit(i)).toArray(Column[]::new);
    Column copies =
        when(routes.matches(col("impression_id")), array(shares)).otherwise(array(lit(0)));
    Dataset<Row> left = events.withColumn("salt", salt);
    Dataset<Row> right = shown.withColumn("imp_salt", explode(copies));
    return left.join(right, same.and(col("salt").equalTo(col("imp_salt"))), "left_outer")
        .drop("salt", "imp_salt");
  }

  /** One row a day: {@code n} distinct impressions, {@code kept} of them by the sampling hash. */
  private Dataset<Row> counts(Dataset<Row> keys) {
    Column kept = when(sampling.keeps(col("impression_id")), lit(1L)).otherwise(lit(0L));
    Dataset<Row> days =
        keys.groupBy(Days.of(col("imp_ts")).as("day"))
            .agg(count(lit(1)).as("n"), sum(kept).as("kept"));
    Column text = lit(null).cast("string");
    Column time = lit(null).cast("long");
    return days.select(
        lit(IMPRESSIONS).as("kind"),
        text.as(EventKeys.KEY),
        text.as("click_id"),
        text.as("impression_id"),
        text.as("user_id"),
        text.as("item_id"),
        time.as("ts"),
        text.as("type"),
        lit(null).cast("double").as("value"),
        time.as("imp_ts"),
        lit(COUNTED).as("status"),
        col("day"),
        col("n"),
        col("kept"));
  }
}
