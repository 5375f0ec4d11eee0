package io.tagloom.features.logs;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TableSettings;
import io.tagloom.conf.TableSettings.Format;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Opens one table with the columns as they are there. */
final class TableReader {
  private final TableSettings table;
  private final TableSource source;

  /**
   * Finds the table.
   *
   * @throws InputException when it is not there, or cannot be read in this session
   */
  TableReader(SparkSession spark, TableSettings table) {
    this.table = table;
    boolean relation =
        isRelation(table)
            && (table.path().isEmpty()
                || LakeVersions.keepsVersions(table.source())
                || !TableFiles.hasDays(spark, table));
    this.source = relation ? new Relation(spark, table) : TableFiles.of(spark, table);
  }

  /** Whether it takes Spark to know of a table: it is no folder of files of a format of ours. */
  static boolean isRelation(TableSettings table) {
    // Says where there is no place at all.
    table.place();
    return !table.table().isEmpty() || table.format() == Format.OTHER;
  }

  TableSource source() {
    return source;
  }

  /**
   * The rows of some days, all columns, in parts of the same columns each; of a flat table all
   * rows.
   *
   * @param wanted our names of the columns a text format is asked for
   * @throws InputException when the table cannot be read
   */
  List<TablePart> rows(LocalDate from, LocalDate to, Collection<String> wanted) {
    try {
      return source.rows(from, to, wanted);
    } catch (Exception e) {
      // Spark throws SparkException and AnalysisException without declaring them.
      throw ReadFailure.of(table, e);
    }
  }

  /** The failure that a column is not there. */
  InputException missing(String column, StructType schema) {
    String own = table.column(column);
    return new InputException(
        TableFiles.cannotRead(table)
            + "column "
            + own
            + " is missing in "
            + table.place()
            + "; found "
            + String.join(", ", schema.fieldNames())
            + ". Name yours in input."
            + table.name()
            + ".columns { "
            + column
            + " = ... }.");
  }

  /** Whether the table has one of our columns, under whatever name or path. */
  boolean has(StructType schema, String column) {
    return !path(schema, table.column(column)).isEmpty();
  }

  /**
   * The names that lead to a column from the top: itself, or, of a name with dots that no column
   * has, through structs. Empty where there is none.
   */
  static List<String> path(StructType schema, String own) {
    List<String> path = new ArrayList<>();
    if (Arrays.asList(schema.fieldNames()).contains(own)) {
      path.add(own);
      return path;
    }
    for (StructField field : schema.fields()) {
      if (own.startsWith(field.name() + ".") && field.dataType() instanceof StructType) {
        String rest = own.substring(field.name().length() + 1);
        List<String> below = path((StructType) field.dataType(), rest);
        if (!below.isEmpty()) {
          path.add(field.name());
          path.addAll(below);
          return path;
        }
      }
    }
    return path;
  }

  /** The field that one of our columns is. */
  StructField field(StructType schema, String column) {
    return field(schema, path(schema, table.column(column)));
  }

  /** The field at the end of a path. */
  static StructField field(StructType schema, List<String> path) {
    StructField field = schema.apply(path.get(0));
    return path.size() == 1
        ? field
        : field((StructType) field.dataType(), path.subList(1, path.size()));
  }

  /** A column by its own name or path, as SQL text. */
  static String quoted(StructType schema, String own) {
    return Casts.quoted(path(schema, own).toArray(new String[0]));
  }

  /** Whether the table has one of our columns and its first lines show it. */
  boolean shows(StructType schema, String column) {
    return has(schema, column) && !TableFiles.isAbsent(field(schema, column));
  }

  /** The newest snapshot not after a date, all columns; a table without days is one snapshot. */
  Dataset<Row> snapshot(LocalDate date) {
    try {
      return source.snapshot(source.partitioned() ? newest(date) : date);
    } catch (Exception e) {
      // Spark throws SparkException and AnalysisException without declaring them.
      throw ReadFailure.of(table, e);
    }
  }

  /**
   * The day of the newest snapshot not after a date.
   *
   * @throws InputException when there is none
   */
  LocalDate newest(LocalDate date) {
    return source
        .newest(date)
        .orElseThrow(
            () ->
                new InputException(
                    TableFiles.cannotRead(table)
                        + table.place()
                        + " has no snapshot "
                        + table.dateColumn()
                        + "=YYYY-MM-DD up to "
                        + date
                        + ". Write one or choose a later date."));
  }

  /** One of our columns in the table's rows, as SQL text. */
  String column(StructType schema, String column) {
    return quoted(schema, table.column(column));
  }

  /** The failure that a column's type cannot be read. */
  InputException wrongType(String column, StructType schema, String expected) {
    String own = table.column(column);
    DataType type = field(schema, column).dataType();
    String another = " = ... }.";
    if (type instanceof StructType && ((StructType) type).length() > 0) {
      String first = ((StructType) type).fieldNames()[0];
      another = " = \"" + own + "." + first + "\" }, a field of it by its path.";
    }
    return new InputException(
        TableFiles.cannotRead(table)
            + "column "
            + own
            + " in "
            + table.place()
            + " is "
            + type.simpleString()
            + ", expected "
            + expected
            + ". Convert it, or name another in input."
            + table.name()
            + ".columns { "
            + column
            + another);
  }
}
