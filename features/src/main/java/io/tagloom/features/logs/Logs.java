package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.split;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.tagloom.conf.InputException;
import io.tagloom.conf.InputSettings;
import io.tagloom.conf.TableSettings;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StructType;

/**
 * The five input tables with standard column names and types, whatever their files are.
 *
 * <p>Ids are texts; times are epoch milliseconds; {@code position} is an int; {@code value} a
 * double; {@code tags} an array of texts. Columns that a table does not have are null, all others
 * that the join does not need are left on disk.
 */
public final class Logs {
  private final SparkSession spark;
  private final InputSettings input;
  private final Map<String, TableReader> readers = new HashMap<>();
  private final Map<LogTable, List<String>> lacking = new EnumMap<>(LogTable.class);

  private Logs(SparkSession spark, InputSettings input) {
    this.spark = spark;
    this.input = Objects.requireNonNull(input);
  }

  /** The tables that the settings name, read in a session of their own in which all is UTC. */
  public static Logs of(SparkSession spark, InputSettings input) {
    return new Logs(WorkSession.of(spark), input);
  }

  /**
   * The impressions of some days that break no rule, copies included.
   *
   * @return impression_id, user_id, item_id, ts, position, context columns
   * @throws InputException when the table or a column of it is missing
   */
  public Dataset<Row> impressions(LocalDate from, LocalDate to) {
    return taken(LogTable.IMPRESSIONS, from, to);
  }

  /**
   * The clicks of some days that break no rule, copies included.
   *
   * @return click_id, impression_id, user_id, item_id, ts, dwell_ms; ids may be null
   * @throws InputException when the table or a column of it is missing
   */
  public Dataset<Row> clicks(LocalDate from, LocalDate to) {
    return taken(LogTable.CLICKS, from, to);
  }

  /**
   * The conversions of some days that break no rule, copies included.
   *
   * @return conversion_id, click_id, impression_id, user_id, item_id, ts, type, value; ids may be
   *     null
   * @throws InputException when the table or a column of it is missing
   */
  public Dataset<Row> conversions(LocalDate from, LocalDate to) {
    return taken(LogTable.CONVERSIONS, from, to);
  }

  /**
   * The users as of a date: of a table with day folders the newest not after it. Of copies of an id
   * the one with the smallest row hash is taken.
   *
   * @return user_id and all other columns as they are
   * @throws InputException when the table, its id or a snapshot is missing
   */
  public Dataset<Row> users(LocalDate date) {
    return snapshot(input.users(), "user_id", date);
  }

  /**
   * The items as of a date, read as {@link #users}.
   *
   * @return item_id, tags (array of texts, none empty) and all other columns as they are
   * @throws InputException when the table, its id, its tags or a snapshot is missing
   */
  public Dataset<Row> items(LocalDate date) {
    Dataset<Row> items = snapshot(input.items(), "item_id", date);
    if (!Arrays.asList(items.columns()).contains("tags")) {
      throw reader(input.items()).missing("tags", items.schema());
    }
    boolean list = items.schema().apply("tags").dataType() instanceof ArrayType;
    Column tags =
        list
            ? col("tags").cast("array<string>")
            : split(col("tags").cast("string"), Pattern.quote(input.listSeparator()));
    return items
        .withColumn("tags", tags)
        .withColumn("tags", expr("filter(transform(tags, t -> trim(t)), t -> t <> '')"));
  }

  /** The session that the tables are read in. */
  public SparkSession session() {
    return spark;
  }

  /**
   * What is missing when a log that is cut into days has no partition of a date, and which ones it
   * has; nothing when it has one, or is flat.
   */
  public Optional<String> without(LogTable table, LocalDate date) {
    TableSource source = reader(table.settings(input)).source();
    try {
      return source.partitioned() && !source.has(date)
          ? Optional.of(source.without(date))
          : Optional.empty();
    } catch (Exception e) {
      // Spark throws SparkException without declaring it.
      throw ReadFailure.of(table.settings(input), e);
    }
  }

  /** Whether a log has rows that {@link #rows} leaves out as of other days, uncounted. */
  public boolean hasOtherRows(LogTable table) {
    return reader(table.settings(input)).source().hasOtherRows();
  }

  /**
   * What a person should know of files of a log that a run does not read, and of columns that some
   * of the files have that {@link #rows} has read, a line each.
   */
  public List<String> notes(LogTable table, ReadRange range) {
    List<String> notes = new ArrayList<>();
    reader(table.settings(input))
        .source()
        .notes(range.readFrom().minusDays(1), range.asOf())
        .forEach(note -> notes.add(table.title() + ": " + note));
    lacking
        .getOrDefault(table, Collections.emptyList())
        .forEach(note -> notes.add(table.title() + ": " + note));
    return notes;
  }

  /** How the files of a log that a run reads are stored; nothing where there are no files. */
  public Optional<String> stored(LogTable table, ReadRange range) {
    return reader(table.settings(input))
        .source()
        .stored(range.readFrom().minusDays(1), range.asOf());
  }

  /** The version that is read of a table whose format keeps versions. */
  public Optional<InputVersion> version(TableSettings table) {
    return reader(table).source().version();
  }

  /**
   * The files and folders that hold a table's rows of some days; nothing when there may be others.
   * Of a daily snapshot ask for the day of {@link #snapshotDay}.
   */
  public Optional<List<String>> files(TableSettings table, LocalDate from, LocalDate to) {
    try {
      return reader(table).source().files(from, to);
    } catch (Exception e) {
      // Spark throws SparkException without declaring it.
      throw ReadFailure.of(table, e);
    }
  }

  /** The day of the newest snapshot not after a date; the date itself of a flat table. */
  public LocalDate snapshotDay(TableSettings table, LocalDate date) {
    TableReader reader = reader(table);
    return reader.source().partitioned() ? reader.newest(date) : date;
  }

  private TableReader reader(TableSettings table) {
    return readers.computeIfAbsent(table.name(), name -> new TableReader(spark, table));
  }

  /**
   * Every row of a log in a range of days with what becomes of it.
   *
   * @return the standard columns, and {@code row_hash} (int, of these), {@code outcome} ({@link
   *     RowRules}), {@code day} (int, days since 1970) and {@code row} (the row as it is in the
   *     file, as JSON; costs nothing where it is not used)
   * @throws InputException when the table or a column of it is missing
   */
  public Dataset<Row> rows(LogTable table, ReadRange range) {
    TableSettings settings = table.settings(input);
    TableReader reader = reader(settings);
    List<String> wanted = columns(table);
    // Folders of a local calendar begin up to a day before the UTC day they hold.
    LocalDate first = range.readFrom().minusDays(1);
    List<TablePart> parts = reader.rows(first, range.asOf(), wanted);
    check(table, reader, TablePart.schema(parts));
    lacking.put(table, TablePart.lacking(parts, settings, wanted));
    List<TablePart> standard = new ArrayList<>();
    for (TablePart part : parts) {
      standard.add(part.with(standard(settings, reader, part.rows(), wanted)));
    }
    Dataset<Row> read = TablePart.union(settings, standard);
    return read.withColumn("row_hash", hash(comparable(read, wanted)))
        .withColumn(RowRules.OUTCOME, RowRules.outcome(table, range))
        .withColumn("day", RowRules.day(range))
        .drop("folder_day");
  }

  /** The standard columns of a part of a log, each by the type it has there. */
  private Dataset<Row> standard(
      TableSettings settings, TableReader reader, Dataset<Row> own, List<String> wanted) {
    List<Column> columns = new ArrayList<>();
    for (String column : wanted) {
      columns.add(standard(settings, reader, own.schema(), column).as(column));
    }
    columns.add(reader.source().day().as("folder_day"));
    columns.add(to_json(struct(all(own))).as("row"));
    return own.select(columns.toArray(new Column[0]));
  }

  /** The standard columns of a log, and the context columns of impressions. */
  public List<String> columns(LogTable table) {
    List<String> columns = new ArrayList<>(table.columns());
    if (table == LogTable.IMPRESSIONS) {
      columns.addAll(input.contextColumns());
    }
    return columns;
  }

  /** The settings of the three logs. */
  public List<TableSettings> all() {
    return InputVersions.logs(input);
  }

  /** The settings of a log. */
  public TableSettings settings(LogTable table) {
    return table.settings(input);
  }

  private Dataset<Row> taken(LogTable table, LocalDate from, LocalDate to) {
    Column[] columns =
        columns(table).stream().map(name -> col("`" + name + "`")).toArray(Column[]::new);
    return rows(table, ReadRange.between(from, to))
        .filter(col(RowRules.OUTCOME).equalTo(lit(RowRules.TAKEN)))
        .select(columns);
  }

  private void check(LogTable table, TableReader reader, StructType schema) {
    for (String column : table == LogTable.IMPRESSIONS ? input.contextColumns() : none()) {
      if (!reader.has(schema, column)) {
        throw reader.missing(column, schema);
      }
    }
    String nearest = "";
    for (List<String> key : table.keys()) {
      String missing = "";
      for (String column : key) {
        missing = missing.isEmpty() && !reader.shows(schema, column) ? column : missing;
      }
      if (missing.isEmpty()) {
        return;
      }
      nearest = nearest.isEmpty() ? missing : nearest;
    }
    throw reader.missing(nearest, schema);
  }

  private static List<String> none() {
    return new ArrayList<>();
  }

  private Column standard(
      TableSettings settings, TableReader reader, StructType schema, String column) {
    if (!reader.has(schema, column)
        || schema.apply(settings.column(column)).dataType().equals(DataTypes.NullType)) {
      return input.contextColumns().contains(column) ? lit(null) : lit(null).cast(type(column));
    }
    String own = reader.column(column);
    DataType type = schema.apply(settings.column(column)).dataType();
    switch (column) {
      case "ts":
        return Columns.millis(own, type, settings);
      case "position":
      case "dwell_ms":
      case "value":
        if (!Casts.isNumberOrText(type)) {
          throw reader.wrongType(column, schema, "a number or text");
        }
        return column.equals("value")
            ? Columns.number(own)
            : Casts.whole(own, type, (IntegralType) type(column));
      case "type":
        return Columns.id(own, type, none());
      default:
        return column.endsWith("_id") && !input.contextColumns().contains(column)
            ? Columns.id(own, type, input.missingIds())
            : expr(own);
    }
  }

  private static DataType type(String column) {
    switch (column) {
      case "position":
        return DataTypes.IntegerType;
      case "dwell_ms":
      case "ts":
        return DataTypes.LongType;
      case "value":
        return DataTypes.DoubleType;
      default:
        return DataTypes.StringType;
    }
  }

  private Dataset<Row> snapshot(TableSettings table, String id, LocalDate date) {
    TableReader reader = reader(table);
    Dataset<Row> rows = reader.snapshot(date);
    StructType schema = rows.schema();
    if (!reader.has(schema, id)) {
      throw reader.missing(id, schema);
    }
    List<Column> columns = new ArrayList<>();
    DataType type = schema.apply(table.column(id)).dataType();
    columns.add(Columns.id(reader.column(id), type, input.missingIds()).as(id));
    for (String name : schema.fieldNames()) {
      String ours = ours(table, name);
      if (!ours.equals(id) && !name.equals(table.dateColumn())) {
        columns.add(col("`" + name + "`").as(ours));
      }
    }
    Dataset<Row> named = rows.select(columns.toArray(new Column[0]));
    Dataset<Row> known = named.filter(col(id).isNotNull());
    return Duplicates.smallest(
            known.withColumn("row_hash", hash(comparable(known, Arrays.asList(known.columns())))),
            id)
        .drop("row_hash");
  }

  private static String ours(TableSettings table, String own) {
    return table.columns().entrySet().stream()
        .filter(entry -> entry.getValue().equals(own))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(own);
  }

  private static Column[] comparable(Dataset<Row> rows, List<String> columns) {
    return columns.stream()
        .map(name -> Casts.comparable(name, rows.schema().apply(name).dataType()))
        .toArray(Column[]::new);
  }

  private static Column[] all(Dataset<Row> rows) {
    return Arrays.stream(rows.columns()).map(name -> col("`" + name + "`")).toArray(Column[]::new);
  }
}
