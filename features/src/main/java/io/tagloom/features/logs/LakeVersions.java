package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TableSettings;
import java.io.IOException;
import java.net.URI;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The versions of a table of Iceberg or Delta, asked for by SQL and their own metadata tables
 * alone: neither is needed to compile.
 */
abstract class LakeVersions {
  private static final String ICEBERG = "iceberg";
  private static final String DELTA = "delta";

  final SparkSession spark;
  final TableSettings table;

  LakeVersions(SparkSession spark, TableSettings table) {
    this.spark = spark;
    this.table = table;
  }

  /** Whether a format or a table's provider is one of the two. */
  static boolean keepsVersions(String format) {
    return Arrays.asList(ICEBERG, DELTA).contains(format.toLowerCase(Locale.ROOT));
  }

  /** The versions of a table whose format {@link #keepsVersions}. */
  static LakeVersions of(SparkSession spark, TableSettings table, String format) {
    return format.toLowerCase(Locale.ROOT).equals(ICEBERG)
        ? new Iceberg(spark, table)
        : new Delta(spark, table);
  }

  /** The format. */
  abstract String format();

  /** The reader's option that names a version. */
  abstract String option();

  /** The newest version; nothing of a table that was never written. */
  abstract Optional<String> latest();

  /** The version that was the newest at a time. */
  abstract Optional<String> at(Instant time);

  /** Whether a version can still be read. */
  abstract boolean has(String version);

  /** The versions that are there, for a person. */
  abstract String all();

  /** The columns that a table named by its path is partitioned by as they are. */
  abstract List<String> partitionColumns();

  /** The path as the format wants it: a relative one could be taken for a name. */
  String path() {
    Path path = new Path(table.path());
    try {
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      return path.getFileSystem(hadoop).makeQualified(path).toString();
    } catch (IOException e) {
      throw ReadFailure.unreadable(table, e);
    }
  }

  private static Optional<String> first(Dataset<Row> rows, String column) {
    List<Row> first = rows.select(col(column).cast(DataTypes.StringType)).limit(1).collectAsList();
    return first.isEmpty() || first.get(0).isNullAt(0)
        ? Optional.empty()
        : Optional.of(first.get(0).getString(0));
  }

  private static String span(Dataset<Row> rows, String column) {
    Column text = col(column).cast(DataTypes.StringType);
    List<Row> some = rows.select(text).limit(5).collectAsList();
    StringBuilder names = new StringBuilder();
    for (Row row : some) {
      names.append(names.length() == 0 ? "" : ", ").append(row.getString(0));
    }
    return names.length() == 0 ? "none" : names.toString();
  }

  private static final class Iceberg extends LakeVersions {
    Iceberg(SparkSession spark, TableSettings table) {
      super(spark, table);
    }

    @Override
    String format() {
      return ICEBERG;
    }

    @Override
    String option() {
      return "snapshot-id";
    }

    @Override
    Optional<String> latest() {
      return first(metadata("refs").filter(col("name").equalTo(lit("main"))), "snapshot_id");
    }

    @Override
    Optional<String> at(Instant time) {
      Column made = col("made_current_at");
      return first(
          metadata("history")
              .filter(made.leq(lit(Timestamp.from(time))))
              .orderBy(desc("made_current_at")),
          "snapshot_id");
    }

    @Override
    boolean has(String version) {
      return !metadata("snapshots")
          .filter(col("snapshot_id").equalTo(lit(Long.parseLong(version))))
          .isEmpty();
    }

    @Override
    String all() {
      return span(metadata("snapshots").orderBy(desc("committed_at")), "snapshot_id");
    }

    @Override
    List<String> partitionColumns() {
      StructType schema = metadata("partitions").schema();
      // Of a transformed column the partition has another name, such as ts_day.
      return Arrays.asList(schema.fieldNames()).contains("partition")
          ? Arrays.asList(((StructType) schema.apply("partition").dataType()).fieldNames())
          : Collections.emptyList();
    }

    private Dataset<Row> metadata(String kind) {
      return table.table().isEmpty()
          ? spark.read().format(ICEBERG).options(table.options()).load(path() + "#" + kind)
          : spark.table(table.quotedTable() + "." + kind);
    }
  }

  private static final class Delta extends LakeVersions {
    /** Files that are looked for at most, of those that only an old version has. */
    private static final int LOOKED_FOR = 200;

    Delta(SparkSession spark, TableSettings table) {
      super(spark, table);
    }

    @Override
    String format() {
      return DELTA;
    }

    @Override
    String option() {
      return "versionAsOf";
    }

    @Override
    Optional<String> latest() {
      return first(history().agg(max("version").as("version")), "version");
    }

    @Override
    Optional<String> at(Instant time) {
      Column before = col("timestamp").leq(lit(Timestamp.from(time)));
      return first(history().filter(before).agg(max("version").as("version")), "version");
    }

    @Override
    boolean has(String version) {
      Row known = history().agg(min("version"), max("version")).first();
      long number = Long.parseLong(version);
      if (known.isNullAt(0) || number < known.getLong(0) || number > known.getLong(1)) {
        return false;
      }
      return number == known.getLong(1) || filesOf(version, String.valueOf(known.getLong(1)));
    }

    /** Whether the files that an old version has and the newest has not are still there. */
    private boolean filesOf(String old, String newest) {
      Set<String> files = new HashSet<>(Arrays.asList(read(old).inputFiles()));
      files.removeAll(Arrays.asList(read(newest).inputFiles()));
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      int looked = 0;
      try {
        for (String file : files) {
          Path path = new Path(URI.create(file));
          if (looked++ < LOOKED_FOR && !path.getFileSystem(hadoop).exists(path)) {
            return false;
          }
        }
        return true;
      } catch (IOException e) {
        throw ReadFailure.unreadable(table, e);
      }
    }

    private Dataset<Row> read(String version) {
      return table.table().isEmpty()
          ? spark
              .read()
              .format(DELTA)
              .options(table.options())
              .option(option(), version)
              .load(path())
          : spark.sql("SELECT * FROM " + table.quotedTable() + " VERSION AS OF " + version);
    }

    @Override
    String all() {
      return span(history().orderBy(desc("version")), "version");
    }

    @Override
    List<String> partitionColumns() {
      Row detail = sql("DESCRIBE DETAIL ").first();
      return detail.getList(detail.fieldIndex("partitionColumns"));
    }

    private Dataset<Row> history() {
      return sql("DESCRIBE HISTORY ");
    }

    private Dataset<Row> sql(String command) {
      String name =
          table.table().isEmpty()
              ? "delta.`" + path().replace("`", "``") + "`"
              : table.quotedTable();
      try {
        return spark.sql(command + name);
      } catch (Exception e) {
        // Without the extension the command means something else, and fails.
        if (!spark.conf().get("spark.sql.extensions", "").contains("DeltaSparkSessionExtension")) {
          throw noExtension(e);
        }
        throw e;
      }
    }

    private InputException noExtension(Exception e) {
      return new InputException(
          TableFiles.cannotRead(table)
              + table.place()
              + " is a table of Delta, whose SQL this session does not have. Set in"
              + " spark.properties \"spark.sql.extensions\" ="
              + " io.delta.sql.DeltaSparkSessionExtension.",
          e);
    }
  }
}
