package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.row_number;

import io.tagloom.features.logs.Days;
import io.tagloom.features.logs.Duplicates;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Impressions beyond what one user, or one item, may have on a day: the first ones by time stay,
 * then by id. Ranked in two steps, so that the task of a bot sees no more than a few times the
 * limit.
 */
final class Caps {
  static final String BY_USER = "user";
  static final String BY_ITEM = "item";

  private static final int SALTS = 64;

  private final int perUser;
  private final int perItem;

  Caps(JoinRules rules) {
    this.perUser = rules.settings().maxImpressionsPerUser();
    this.perItem = rules.settings().maxImpressionsPerItem();
  }

  /** Whether a limit is set. */
  boolean any() {
    return perUser > 0 || perItem > 0;
  }

  /**
   * The impressions that are left out.
   *
   * @param impressions taken rows, copies included
   * @return impression_id, day, capped_by ({@link #BY_USER} or {@link #BY_ITEM})
   */
  Dataset<Row> leftOut(Dataset<Row> impressions) {
    Dataset<Row> all =
        Duplicates.earliest(
                impressions.select("impression_id", "ts", "row_hash", "user_id", "item_id"),
                "impression_id")
            .drop("row_hash")
            .withColumn("day", Days.of(col("ts")));
    Dataset<Row> stay = all;
    if (perUser > 0) {
      stay = first(stay, "user_id", perUser);
    }
    Dataset<Row> stayOfUsers = stay;
    if (perItem > 0) {
      stay = first(stay, "item_id", perItem);
    }
    Dataset<Row> byUser = without(all, stayOfUsers, BY_USER);
    return perItem > 0 ? byUser.union(without(stayOfUsers, stay, BY_ITEM)) : byUser;
  }

  private static Dataset<Row> without(Dataset<Row> rows, Dataset<Row> stay, String by) {
    Dataset<Row> kept = stay.select(col("impression_id").as("stay_id"));
    return rows.join(kept, col("impression_id").equalTo(col("stay_id")), "left_anti")
        .select(col("impression_id"), col("day"), lit(by).as("capped_by"));
  }

  private static Dataset<Row> first(Dataset<Row> rows, String key, int limit) {
    Column salt = pmod(hash(col("impression_id")), lit(SALTS));
    Dataset<Row> candidates =
        ranked(rows.withColumn("salt", salt), limit, "day", key, "salt").drop("salt");
    return ranked(candidates, limit, "day", key);
  }

  private static Dataset<Row> ranked(Dataset<Row> rows, int limit, String day, String... keys) {
    WindowSpec order = Window.partitionBy(day, keys).orderBy(col("ts"), col("impression_id"));
    return rows.withColumn("rank", row_number().over(order))
        .filter(col("rank").leq(lit(limit)))
        .drop("rank");
  }
}
