package io.tagloom.features.logs;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TableSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What a catalog says of a table: its format, and the columns it is partitioned by. */
final class TableDescription {
  private final String format;
  private final boolean view;
  private final List<String> partitionColumns;

  private TableDescription(String format, boolean view, List<String> partitionColumns) {
    this.format = format;
    this.view = view;
    this.partitionColumns = Collections.unmodifiableList(partitionColumns);
  }

  /**
   * Asks the catalog for a table that is named by its catalog; of others the format is what the
   * settings say.
   *
   * @throws InputException when no catalog of the session has the table
   */
  static TableDescription of(SparkSession spark, TableSettings table) {
    if (table.table().isEmpty()) {
      return new TableDescription(table.source(), false, Collections.emptyList());
    }
    if (!exists(spark, table)) {
      throw missing(table, null);
    }
    String format = "";
    boolean view = false;
    String part = "";
    List<String> partitionColumns = new ArrayList<>();
    // A row a column and a property.
    for (Row row : spark.sql("DESCRIBE TABLE EXTENDED " + table.quotedTable()).collectAsList()) {
      String name = row.isNullAt(0) ? "" : row.getString(0);
      String value = row.isNullAt(1) ? "" : row.getString(1);
      if (name.isEmpty() || name.startsWith("# ") && !name.equals("# col_name")) {
        part = name;
      } else if (part.equals("# Partition Information") && !name.equals("# col_name")) {
        partitionColumns.add(name);
      } else if (part.equals("# Partitioning")) {
        // Of a transformed column it is the transform, such as days(ts).
        partitionColumns.add(value);
      } else if (part.equals("# Detailed Table Information")) {
        format = name.equals("Provider") ? value.toLowerCase(Locale.ROOT) : format;
        view |= name.equals("Type") && value.equals("VIEW");
      }
    }
    return new TableDescription(format, view, partitionColumns);
  }

  private static boolean exists(SparkSession spark, TableSettings table) {
    try {
      return spark.catalog().tableExists(table.quotedTable());
    } catch (Exception e) {
      // Spark throws AnalysisException without declaring it, also for a catalog it does not know.
      throw missing(table, e);
    }
  }

  private static InputException missing(TableSettings table, Exception e) {
    String key = "input." + table.name() + ".table";
    return new InputException(
        TableFiles.cannotRead(table)
            + "no catalog of this session has a table "
            + table.place()
            + (e == null ? "" : " (" + ReadFailure.reason(e) + ")")
            + ". Correct "
            + key
            + ", or name its catalog in spark.properties: spark.sql.catalog.NAME, or"
            + " spark.sql.catalogImplementation = hive for a Hive metastore.",
        e);
  }

  /** The format, in small letters: iceberg, delta, parquet, hive, jdbc; empty of a view. */
  String format() {
    return format;
  }

  /** Whether it is a view. */
  boolean isView() {
    return view;
  }

  /** The columns whose values a partition shares. */
  List<String> partitionColumns() {
    return partitionColumns;
  }
}
