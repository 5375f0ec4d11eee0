package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.lit;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TableSettings;
import io.tagloom.conf.TableSettings.Format;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Opens the files of one table with the columns as they are there. */
final class TableReader {
  private static final String ABSENT = "absent";

  /** Lines of a JSON log looked at for its column names. */
  private static final int PROBED_LINES = 1000;

  private final SparkSession spark;
  private final TableSettings table;
  private final TableFiles files;

  TableReader(SparkSession spark, TableSettings table) {
    this.spark = spark;
    this.table = table;
    this.files = TableFiles.of(spark, table);
  }

  TableFiles files() {
    return files;
  }

  /**
   * The rows of some days, all columns; of a flat table all rows.
   *
   * @param wanted our names of the columns a text format is asked for
   * @throws InputException when files cannot be read
   */
  Dataset<Row> rows(LocalDate from, LocalDate to, Collection<String> wanted) {
    List<String> paths = files.paths(from, to);
    try {
      return load(paths.toArray(new String[0]), wanted);
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
            + table.path()
            + "; found "
            + String.join(", ", schema.fieldNames())
            + ". Name yours in input."
            + table.name()
            + ".columns { "
            + column
            + " = ... }.");
  }

  /** Whether the table has one of our columns, under whatever name. */
  boolean has(StructType schema, String column) {
    return Arrays.asList(schema.fieldNames()).contains(table.column(column));
  }

  /** Whether the table has one of our columns and its first lines show it. */
  boolean shows(StructType schema, String column) {
    return has(schema, column) && !schema.apply(table.column(column)).metadata().contains(ABSENT);
  }

  /** The newest snapshot not after a date, all columns; a table without days is one snapshot. */
  Dataset<Row> snapshot(LocalDate date) {
    LocalDate day = date;
    if (files.partitioned()) {
      day =
          files
              .newest(date)
              .orElseThrow(
                  () ->
                      new InputException(
                          TableFiles.cannotRead(table)
                              + table.path()
                              + " has no snapshot dt=YYYY-MM-DD up to "
                              + date
                              + ". Write one or choose a later date."));
    }
    try {
      String[] paths = files.paths(day, day).toArray(new String[0]);
      return files.format() == Format.JSON
          ? reader().json(paths)
          : load(paths, Collections.emptyList());
    } catch (Exception e) {
      // Spark throws SparkException and AnalysisException without declaring them.
      throw ReadFailure.of(table, e);
    }
  }

  /** One of our columns in the table's rows, as SQL text. */
  String column(String column) {
    return Casts.quoted(table.column(column));
  }

  /** The failure that a column's type cannot be read. */
  InputException wrongType(String column, StructType schema, String expected) {
    String own = table.column(column);
    return new InputException(
        TableFiles.cannotRead(table)
            + "column "
            + own
            + " in "
            + table.path()
            + " is "
            + schema.apply(own).dataType().simpleString()
            + ", expected "
            + expected
            + ". Convert it, or name another in input."
            + table.name()
            + ".columns { "
            + column
            + " = ... }.");
  }

  /** Empty rows of a table, for a span of days that has no files. */
  Dataset<Row> nothing(Collection<String> wanted) {
    List<LocalDate> days = new ArrayList<>(files.days());
    return rows(days.get(0), days.get(0), wanted).filter(lit(false));
  }

  private Dataset<Row> load(String[] paths, Collection<String> wanted) {
    if (paths.length == 0) {
      return nothing(wanted);
    }
    switch (files.format()) {
      case PARQUET:
        return reader().parquet(paths);
      case ORC:
        return reader().orc(paths);
      case CSV:
        // Without the second option a file whose columns stand in another order is read wrongly.
        return reader(true).option("header", "true").option("enforceSchema", "false").csv(paths);
      default:
        return reader().schema(jsonSchema(paths, wanted)).json(paths);
    }
  }

  private DataFrameReader reader() {
    return reader(false);
  }

  private DataFrameReader reader(boolean text) {
    DataFrameReader reader = spark.read();
    if (files.partitioned()) {
      reader = reader.option("basePath", files.root().toString());
    }
    return reader.options(table.options());
  }

  /**
   * All wanted columns as texts, so that no run depends on what a value looks like; lists and
   * objects as the first lines show them.
   */
  private StructType jsonSchema(String[] paths, Collection<String> wanted) {
    Dataset<String> lines = reader().text(paths).select("value").as(Encoders.STRING());
    StructType probed =
        spark.read().options(table.options()).json(lines.limit(PROBED_LINES)).schema();
    Set<String> found = new LinkedHashSet<>(Arrays.asList(probed.fieldNames()));
    if (found.isEmpty()) {
      throw new InputException(
          TableFiles.cannotRead(table)
              + table.path()
              + " has no rows. Check the job that writes it.");
    }
    List<StructField> fields = new ArrayList<>();
    for (StructField field : probed.fields()) {
      boolean nested =
          field.dataType() instanceof ArrayType || field.dataType() instanceof StructType;
      fields.add(
          DataTypes.createStructField(
              field.name(), nested ? field.dataType() : DataTypes.StringType, true));
    }
    Metadata absent = new MetadataBuilder().putBoolean(ABSENT, true).build();
    for (String column : wanted) {
      if (found.add(table.column(column))) {
        fields.add(
            DataTypes.createStructField(table.column(column), DataTypes.StringType, true, absent));
      }
    }
    return DataTypes.createStructType(fields);
  }
}
