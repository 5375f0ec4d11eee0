package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TableSettings;
import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/**
 * One look at a snapshot that refuses what would give wrong fields without a word: rows of one key
 * that differ, ids that cannot be told exactly, texts that are not decoded, lists of another form.
 */
final class SnapshotCheck {
  /** Column of what is wrong with a row: a struct of kind, column and value; null of most. */
  static final String FAULT = "fault_of_row";

  private static final String NO_LIST = "no_list";

  private final SparkSession spark;
  private final TableSettings table;
  private final TableSource source;
  private final LocalDate day;
  private final String id;
  private Column fault;

  /**
   * @param day the day of the snapshot
   */
  SnapshotCheck(
      SparkSession spark, TableSettings table, TableSource source, LocalDate day, String id) {
    this.spark = spark;
    this.table = table;
    this.source = source;
    this.day = day;
    this.id = id;
    this.fault = lit(null).cast("struct<kind:string,name:string,value:string>");
  }

  /** Looks for bytes that are no text, in a column of a text file. */
  void text(StructField field, String column) {
    if (CsvFiles.isText(field)) {
      add(
          expr(column).contains(IdText.REPLACEMENT),
          RowRules.UNDECODABLE_ID,
          field.name(),
          expr(column));
    }
  }

  /** Looks for ids that are none. */
  void id(Column key) {
    add(key.equalTo(lit(IdText.INEXACT)), RowRules.INEXACT_ID, table.column(id), lit(""));
  }

  /** Looks for texts that are no list. */
  void list(ListColumns lists, String name, StructField field, String column) {
    if (field.dataType() instanceof StringType) {
      add(lists.isUnreadable(column), NO_LIST, name, expr(column));
    }
  }

  private void add(Column found, String kind, String name, Column value) {
    Column known = struct(lit(kind).as("kind"), lit(name).as("name"), value.as("value"));
    fault = when(found, known).otherwise(fault);
  }

  /** What is wrong with a row. */
  Column fault() {
    return fault;
  }

  /**
   * Looks at the rows: their id, {@code row_hash} and {@link #FAULT}.
   *
   * @throws InputException when something is wrong
   */
  void run(Dataset<Row> rows) {
    try {
      spark.sparkContext().setJobDescription("look at the keys of " + table.name());
      Column differs = col("least_hash").notEqual(col("largest_hash"));
      Row found =
          rows.groupBy(col(id))
              .agg(
                  min("row_hash").as("least_hash"),
                  max("row_hash").as("largest_hash"),
                  max(FAULT).as(FAULT))
              .agg(
                  count(lit(1)),
                  sum(when(differs, lit(1L)).otherwise(lit(0L))),
                  min(when(differs, col(id))),
                  max(FAULT))
              .first();
      if (!found.isNullAt(3)) {
        throw fault(found.getStruct(3));
      }
      if (table.newestBy().isEmpty() && !found.isNullAt(1) && found.getLong(1) > 0) {
        throw severalRows(found);
      }
    } catch (Exception e) {
      // Spark throws SparkException without declaring it.
      throw ReadFailure.of(table, e);
    } finally {
      spark.sparkContext().setJobDescription(null);
    }
  }

  private InputException severalRows(Row found) {
    return new InputException(
        "Cannot use "
            + table.name()
            + ": "
            + found.getLong(1)
            + " of "
            + found.getLong(0)
            + " keys have several rows that differ in "
            + table.place()
            + ", such as "
            + id
            + " "
            + found.getString(2)
            + ". Write one row a key, or set input."
            + table.name()
            + ".newest-by to the column whose largest value tells the newest row.");
  }

  private InputException fault(Row fault) throws Exception {
    String kind = fault.getString(0);
    String where =
        "Cannot use " + table.name() + ": column " + fault.getString(1) + " in " + table.place();
    if (kind.equals(RowRules.UNDECODABLE_ID)) {
      String files = CsvFiles.undecodable(spark, table, source.files(day, day));
      return new InputException(where + " holds bytes that are no text" + files);
    }
    if (kind.equals(RowRules.INEXACT_ID)) {
      return new InputException(where + " holds no exact ids. " + RowRules.EXACT_IDS);
    }
    return new InputException(
        where
            + " holds "
            + fault.getString(2)
            + ", which is no list; expected texts with input.list-separator between, or JSON such as"
            + " [\"a\", \"b\"]. Write it so, or set input.list-format = separated to take it as it"
            + " is.");
  }
}
