package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.tagloom.features.logs.HotKeys;
import io.tagloom.features.logs.LogTable;
import org.apache.spark.sql.Column;

/** What tells copies of a row apart, and by what an event finds its impression or click. */
final class EventKeys {
  /** Column of {@link #copyKey}. */
  static final String KEY = "copy_key";

  private EventKeys() {}

  /** Rows of a log with the same key are copies: its id, or without an id all of its values. */
  static Column copyKey(LogTable table) {
    if (table == LogTable.IMPRESSIONS) {
      return col("impression_id");
    }
    Column[] values =
        table.columns().stream()
            .map(name -> coalesce(col(name).cast("string"), lit("\u0001")))
            .toArray(Column[]::new);
    return when(col(table.id()).isNotNull(), concat(lit("="), col(table.id())))
        .otherwise(concat(lit("*"), concat_ws("\u0002", values)));
  }

  /** Whether an event names neither a click nor an impression. */
  static Column byPair(LogTable table) {
    switch (table) {
      case IMPRESSIONS:
        return lit(false);
      case CLICKS:
        return col("impression_id").isNull();
      default:
        return col("click_id").isNull().and(col("impression_id").isNull());
    }
  }

  /** The bucket of the key that an event is joined by; of impressions that of user and item. */
  static Column routeBucket(LogTable table) {
    Column pair = HotKeys.bucket(col("user_id"), col("item_id"));
    Column impression = HotKeys.bucket(col("impression_id"));
    switch (table) {
      case IMPRESSIONS:
        return pair;
      case CLICKS:
        return when(byPair(table), pair).otherwise(impression);
      default:
        return when(byPair(table), pair)
            .when(col("click_id").isNotNull(), HotKeys.bucket(col("click_id")))
            .otherwise(impression);
    }
  }
}
