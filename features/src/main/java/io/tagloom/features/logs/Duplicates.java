package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StringType;

/** Of rows with the same key, the one that counts. */
public final class Duplicates {
  private static final String NUMBER = "number_among_copies";
  private static final String SPLIT = "input_split";
  private static final String OTHER = "of_another_user_or_item";
  private static final String OTHERS = "of_others_up_to_here";

  /** Name of the number of keys. */
  public static final String KEYS = "keys";

  /** Name of the number of keys that rows of several users or items have. */
  public static final String SHARED = "shared";

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

  /**
   * As {@link #earliest(Dataset, HotKeys, String)}, and counts on the way: {@link #KEYS}, and
   * {@link #SHARED}, the keys that rows of several users or items have.
   */
  public static Dataset<Row> earliest(
      Dataset<Row> rows, HotKeys busy, String key, Observation counts) {
    Column other = col(OTHER).and(col(OTHERS).equalTo(lit(1)));
    Dataset<Row> all = rows;
    if (!busy.none()) {
      Column hot = busy.matches(col(key));
      Dataset<Row> split = rows.filter(hot).withColumn(SPLIT, spark_partition_id());
      // One row of another user or item is enough to tell that there is one.
      Dataset<Row> thinned =
          compared(split, key, SPLIT).filter(col(NUMBER).equalTo(lit(1)).or(other));
      all = rows.filter(not(hot)).unionByName(thinned.drop(NUMBER, OTHER, OTHERS).drop(SPLIT));
    }
    Column one = lit(1L);
    Column none = lit(0L);
    return compared(all, key)
        .observe(
            counts,
            sum(when(col(NUMBER).equalTo(lit(1)), one).otherwise(none)).as(KEYS),
            sum(when(other, one).otherwise(none)).as(SHARED))
        .filter(col(NUMBER).equalTo(lit(1)))
        .drop(NUMBER, OTHER, OTHERS);
  }

  /** Rows with their number among those of the key, and how many before differ from the first. */
  private static Dataset<Row> compared(Dataset<Row> rows, String... keys) {
    List<Column> order = order(rows, keys, "ts", "row_hash", "user_id", "item_id");
    WindowSpec number = window(keys, order);
    WindowSpec upToHere = number.rowsBetween(Window.unboundedPreceding(), Window.currentRow());
    Column same =
        col("user_id")
            .eqNullSafe(functions.first("user_id").over(upToHere))
            .and(col("item_id").eqNullSafe(functions.first("item_id").over(upToHere)));
    return rows.withColumn(NUMBER, row_number().over(number))
        .withColumn(OTHER, not(same))
        .withColumn(OTHERS, sum(when(col(OTHER), lit(1)).otherwise(lit(0))).over(upToHere));
  }

  /** Of each key the row with the smallest {@code row_hash}, ties by the values. */
  static Dataset<Row> smallest(Dataset<Row> rows, String key) {
    return first(rows, new String[] {key}, "row_hash");
  }

  /**
   * Of each key the row with the largest value of a column, numbers in a text by their size; ties
   * by the smallest {@code row_hash}, ties of these by the values.
   */
  static Dataset<Row> newest(Dataset<Row> rows, String key, String by) {
    Column value = expr(Casts.quoted(by));
    List<Column> order = new ArrayList<>();
    if (rows.schema().apply(by).dataType() instanceof StringType) {
      order.add(Casts.tried(Casts.quoted(by), "decimal(38,9)").desc_nulls_last());
    }
    order.add(value.desc_nulls_last());
    order.addAll(order(rows, new String[] {key}, "row_hash"));
    return first(rows, new String[] {key}, order);
  }

  private static Dataset<Row> first(Dataset<Row> rows, String[] keys, String... leading) {
    return first(rows, keys, order(rows, keys, leading));
  }

  /** Columns that put rows in order, all of them, some before the others. */
  private static List<Column> order(Dataset<Row> rows, String[] keys, String... leading) {
    List<String> names = new ArrayList<>(Arrays.asList(leading));
    names.addAll(Arrays.asList(rows.columns()));
    return names.stream()
        .distinct()
        .filter(name -> !Arrays.asList(keys).contains(name))
        .map(name -> Casts.comparable(name, rows.schema().apply(name).dataType()))
        .collect(Collectors.toList());
  }

  private static Dataset<Row> first(Dataset<Row> rows, String[] keys, List<Column> order) {
    return rows.withColumn(NUMBER, row_number().over(window(keys, order)))
        .filter(col(NUMBER).equalTo(lit(1)))
        .drop(NUMBER);
  }

  private static WindowSpec window(String[] keys, List<Column> order) {
    return Window.partitionBy(columns(keys)).orderBy(order.toArray(new Column[0]));
  }

  private static Column[] columns(String... names) {
    return Arrays.stream(names).map(name -> col("`" + name + "`")).toArray(Column[]::new);
  }
}
