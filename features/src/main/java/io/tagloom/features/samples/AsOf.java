package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.tagloom.features.logs.HotKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;

/**
 * The last fact at or before each event of the same key.
 *
 * <p>Facts and events are put into one table, sorted by key and time, and each event takes the fact
 * seen last: one shuffle, cost linear in the rows, however many facts a key has. A busy key is cut
 * into hours; each hour starts with the last fact of the hours before it.
 */
final class AsOf {
  private static final long PIECE_MILLIS = TimeUnit.HOURS.toMillis(1);
  private static final String TIME = "as_of_time";
  private static final String PIECE = "as_of_piece";
  private static final String ORDER = "as_of_order";
  private static final String FACT = "as_of_fact";
  private static final String EVENT = "as_of_event";

  private final List<String> keys;
  private final HotKeys hot;

  AsOf(HotKeys hot, String... keys) {
    this.hot = hot;
    this.keys = Arrays.asList(keys);
  }

  /** The columns that events and facts share. */
  List<String> keys() {
    return keys;
  }

  /**
   * Adds the last fact to each event; nulls where there is none.
   *
   * @param events with the keys and {@code ts}
   * @param facts with the keys and columns that events do not have
   * @param time when a fact begins to hold, a column of {@code facts}
   * @param tie the column that puts facts of the same time in order; the greatest counts
   * @return the columns of the events, then those of the facts that are no keys
   */
  Dataset<Row> last(Dataset<Row> events, Dataset<Row> facts, Column time, String tie) {
    return last(events, col("ts"), facts, time, tie);
  }

  /**
   * Adds to each event the first fact at or after a time of it; nulls where there is none. Of facts
   * of the same time the greatest counts, as in {@link #last}.
   *
   * @param since the time of an event from which on facts count
   */
  Dataset<Row> first(
      Dataset<Row> events, Column since, Dataset<Row> facts, Column time, String tie) {
    // The last one before it, in a time that runs backwards.
    return last(events, negate(since), facts, negate(time), tie);
  }

  private Dataset<Row> last(
      Dataset<Row> events, Column at, Dataset<Row> facts, Column time, String tie) {
    Column[] carried = columns(facts);
    Dataset<Row> known =
        facts.select(with(time.as(TIME), struct(carried).as(FACT), noEvent(events), order(1)));
    Dataset<Row> asked =
        events.select(
            with(at.as(TIME), noFact(known), struct(columns(events)).as(EVENT), order(2)));
    Dataset<Row> all = known.union(asked).withColumn(PIECE, piece());
    if (!hot.none()) {
      all = all.unionByName(starts(all, tie));
    }
    WindowSpec before =
        Window.partitionBy(with(col(PIECE)))
            .orderBy(col(TIME), col(ORDER), col(FACT).getField(tie))
            .rowsBetween(Window.unboundedPreceding(), Window.currentRow());
    Column latest = functions.last(col(FACT), true).over(before);
    Dataset<Row> answered = all.withColumn(FACT, latest).filter(col(EVENT).isNotNull());
    List<Column> result = new ArrayList<>();
    for (String name : events.columns()) {
      result.add(col(EVENT).getField(name).as(name));
    }
    for (String name : facts.columns()) {
      if (!keys.contains(name)) {
        result.add(col(FACT).getField(name).as(name));
      }
    }
    return answered.select(result.toArray(new Column[0]));
  }

  /** For each piece of a busy key the last fact of the pieces before it. */
  private Dataset<Row> starts(Dataset<Row> all, String tie) {
    Column fact = struct(col(TIME), col(FACT).getField(tie), col(FACT).as(FACT));
    WindowSpec earlier =
        Window.partitionBy(with()).orderBy(col(PIECE)).rowsBetween(Window.unboundedPreceding(), -1);
    Dataset<Row> pieces =
        all.filter(col(PIECE).isNotNull())
            .groupBy(with(col(PIECE)))
            .agg(max(when(col(FACT).isNotNull(), fact)).as("latest"))
            .withColumn("latest", functions.last(col("latest"), true).over(earlier))
            .filter(col("latest").isNotNull());
    return pieces.select(
        with(
            lit(Long.MIN_VALUE).as(TIME),
            col("latest").getField(FACT).as(FACT),
            lit(null).cast(all.schema().apply(EVENT).dataType()).as(EVENT),
            order(0),
            col(PIECE)));
  }

  private Column piece() {
    return when(hot.matches(with()), floor(col(TIME).divide(lit(PIECE_MILLIS))));
  }

  private static Column order(int order) {
    return lit(order).as(ORDER);
  }

  private static Column noEvent(Dataset<Row> events) {
    DataType type =
        events.select(struct(columns(events)).as(EVENT)).schema().apply(EVENT).dataType();
    return lit(null).cast(type).as(EVENT);
  }

  private static Column noFact(Dataset<Row> known) {
    return lit(null).cast(known.schema().apply(FACT).dataType()).as(FACT);
  }

  private static Column[] columns(Dataset<Row> rows) {
    return Arrays.stream(rows.columns()).map(name -> col(name)).toArray(Column[]::new);
  }

  private Column[] with(Column... more) {
    List<Column> columns = new ArrayList<>();
    for (String key : keys) {
      columns.add(col(key));
    }
    columns.addAll(Arrays.asList(more));
    return columns.toArray(new Column[0]);
  }
}
