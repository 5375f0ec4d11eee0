package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.spark_partition_id;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** Of rows with the same key, the one that counts. */
public final class Duplicates {
  private static final String NUMBER = "number_among_copies";
  private static final String SPLIT = "input_split";

  private Duplicates() {}

  /**
   * Of each key the row with the earliest {@code ts}, ties by the smallest {@code row_hash}, ties
   * of these by the values. The result is partitioned and sorted by the key.
   */
  public static Dataset<Row> earliest(Dataset<Row> rows, String... keys) {
    return first(rows, keys, "ts", "row_hash", "user_id", "item_id");
  }

  /**
   * As {@link #earliest(Dataset, String...)}, in two steps for busy keys: first within the rows of
   * an input split, then among what is left, so that no task sees all copies of one key.
   */
  public static Dataset<Row> earliest(Dataset<Row> rows, HotKeys busy, String key) {
    if (busy.none()) {
      return earliest(rows, key);
    }
    Column hot = busy.matches(col(key));
    Dataset<Row> thinned =
        earliest(rows.filter(hot).withColumn(SPLIT, spark_partition_id()), key, SPLIT).drop(SPLIT);
    return earliest(rows.filter(not(hot)).unionByName(thinned), key);
  }

  /** Of each key the row with the smallest {@code row_hash}, ties by the values. */
  static Dataset<Row> smallest(Dataset<Row> rows, String key) {
    return first(rows, new String[] {key}, "row_hash");
  }

  private static Dataset<Row> first(Dataset<Row> rows, String[] keys, String... leading) {
    List<String> names = new ArrayList<>(Arrays.asList(leading));
    names.addAll(Arrays.asList(rows.columns()));
    Column[] order =
        names.stream()
            .distinct()
            .filter(name -> !Arrays.asList(keys).contains(name))
            .map(name -> Casts.comparable(name, rows.schema().apply(name).dataType()))
            .toArray(Column[]::new);
    return rows.withColumn(
            NUMBER, row_number().over(Window.partitionBy(columns(keys)).orderBy(order)))
        .filter(col(NUMBER).equalTo(lit(1)))
        .drop(NUMBER);
  }

  private static Column[] columns(String... names) {
    return Arrays.stream(names).map(name -> col("`" + name + "`")).toArray(Column[]::new);
  }
}
