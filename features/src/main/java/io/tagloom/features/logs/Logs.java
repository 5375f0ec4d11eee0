package io.tagloom.features.logs;

import static io.tagloom.features.logs.ListColumns.weights;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.tagloom.conf.InputException;
import io.tagloom.conf.InputSettings;
import io.tagloom.conf.TableSettings;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The five input tables with standard column names and types, whatever their files are.
 *
 * <p>Ids are texts; times are epoch milliseconds; {@code position} is an int; {@code value} a
 * double; {@code tags} an array of texts. Columns that a table does not have are null, all others
 * that the join does not need are left on disk.
 */
public final class Logs {
  private static final String TAGS = "tags";

  /** Before the name of a context column, so that no column of the join is called the same. */
  private static final String CONTEXT = "context_";

  private final SparkSession spark;
  private final InputSettings input;
  private final Map<String, TableReader> readers = new HashMap<>();
  private final Map<LogTable, List<String>> lacking = new EnumMap<>(LogTable.class);

  /** Snapshots that have been looked at. */
  private final Set<List<Object>> checked = new HashSet<>();

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
   * The users as of a date, each once: of a table with day folders the newest not after it.
   *
   * @return user_id and all other columns, those that the settings name by theirs; objects with
   *     weights and maps of weights as an array of texts, with one of weights beside
   * @throws InputException when the table, its id or a snapshot is missing, rows of one id differ
   *     and no column says which is newer, or an id cannot be told exactly
   */
  public Dataset<Row> users(LocalDate date) {
    return users(date, none());
  }

  /** As {@link #users(LocalDate)}, with some text columns as the lists that they hold. */
  public Dataset<Row> users(LocalDate date, Collection<String> lists) {
    return snapshot(input.users(), "user_id", date, lists);
  }

  /**
   * The items as of a date, read as {@link #users}.
   *
   * @return item_id, tags (array of texts, none empty) and all other columns
   * @throws InputException when the table, its id, its tags or a snapshot is missing, tags are of a
   *     type or form that holds no list, or as {@link #users} throws
   */
  public Dataset<Row> items(LocalDate date) {
    return items(date, none());
  }

  /** As {@link #items(LocalDate)}, with some text columns as the lists that they hold. */
  public Dataset<Row> items(LocalDate date, Collection<String> lists) {
    Set<String> all = new LinkedHashSet<>(lists);
    all.add(TAGS);
    return snapshot(input.items(), "item_id", date, all)
        .withColumn(TAGS, expr("filter(transform(tags, t -> trim(t)), t -> t <> '')"));
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

  /**
   * What to do about rows of a log that break a rule, a sentence with a blank behind; empty where
   * the rule says enough.
   *
   * @param row such a row, as JSON
   */
  public String advice(LogTable log, ReadRange range, String rule, String row) {
    TableSettings table = log.settings(input);
    switch (rule) {
      case RowRules.INEXACT_ID:
        return RowRules.EXACT_IDS + " ";
      case RowRules.UNDECODABLE_ID:
        try {
          Optional<List<String>> files =
              reader(table).source().files(range.readFrom().minusDays(1), range.asOf());
          return "Ids hold bytes that are no text"
              + CsvFiles.undecodable(spark, table, files)
              + " ";
        } catch (Exception e) {
          // Spark throws SparkException without declaring it.
          throw ReadFailure.of(table, e);
        }
      case RowRules.UNREADABLE_TS:
        return TextTime.patternIn(row, table.column("ts"))
            .map(pattern -> "Set input." + table.name() + ".timestamp = \"" + pattern + "\". ")
            .orElse("");
      default:
        return "";
    }
  }

  private TableReader reader(TableSettings table) {
    return readers.computeIfAbsent(table.name(), name -> new TableReader(spark, table));
  }

  /**
   * Every row of a log in a range of days with what becomes of it.
   *
   * @return the standard columns, context columns by {@link #inside}, and {@code row_hash} (int, of
   *     these), {@code outcome} ({@link RowRules}), {@code day} (int, days since 1970) and {@code
   *     row} (the row as it is in the file, as JSON; costs nothing where it is not used)
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
    Dataset<Row> read = TablePart.union(settings, standard, Logs::outside);
    return read.withColumn("row_hash", hash(comparable(read, inside(wanted))))
        .withColumn(RowRules.OUTCOME, RowRules.outcome(table, range))
        .withColumn("day", RowRules.day(range))
        .drop("folder_day");
  }

  /** The standard columns of a part of a log, each by the type it has there. */
  private Dataset<Row> standard(
      TableSettings settings, TableReader reader, Dataset<Row> own, List<String> wanted) {
    List<Column> columns = new ArrayList<>();
    for (String column : wanted) {
      columns.add(standard(settings, reader, own.schema(), column).as(inside(column)));
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

  /** What a column is called in {@link #rows}: context columns have a name that no other has. */
  public String inside(String column) {
    return input.contextColumns().contains(column) ? CONTEXT + column : column;
  }

  /** What the settings call a column of {@link #rows}. */
  private static String outside(String inside) {
    return inside.startsWith(CONTEXT) ? inside.substring(CONTEXT.length()) : inside;
  }

  private List<String> inside(List<String> columns) {
    return columns.stream().map(this::inside).collect(Collectors.toList());
  }

  /** The settings of a log. */
  public TableSettings settings(LogTable table) {
    return table.settings(input);
  }

  private Dataset<Row> taken(LogTable table, LocalDate from, LocalDate to) {
    Column[] columns =
        columns(table).stream()
            .map(name -> expr(Casts.quoted(inside(name))).as(name))
            .toArray(Column[]::new);
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
        || reader.field(schema, column).dataType().equals(DataTypes.NullType)) {
      return input.contextColumns().contains(column) ? lit(null) : lit(null).cast(type(column));
    }
    String own = reader.column(schema, column);
    StructField field = reader.field(schema, column);
    DataType type = field.dataType();
    switch (column) {
      case "ts":
        if (!Casts.isNumberOrText(type) && !Casts.isTime(type) || type instanceof FloatType) {
          throw reader.wrongType(column, schema, "a timestamp, a text, or a number of 64 bits");
        }
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
        return id(reader, schema, column, none());
      default:
        return column.endsWith("_id") && !input.contextColumns().contains(column)
            ? id(reader, schema, column, input.missingIds())
            : expr(own);
    }
  }

  private static Column id(
      TableReader reader, StructType schema, String column, List<String> missing) {
    DataType type = reader.field(schema, column).dataType();
    if (type instanceof StructType || type instanceof ArrayType || type instanceof MapType) {
      throw reader.wrongType(column, schema, "a text or a number");
    }
    return Columns.id(reader.column(schema, column), reader.field(schema, column), missing);
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

  private Dataset<Row> snapshot(
      TableSettings table, String id, LocalDate date, Collection<String> lists) {
    TableReader reader = reader(table);
    Dataset<Row> rows = reader.snapshot(date);
    StructType schema = rows.schema();
    for (String column : lists.contains(TAGS) ? Arrays.asList(id, TAGS) : Arrays.asList(id)) {
      if (!reader.has(schema, column)) {
        throw reader.missing(column, schema);
      }
    }
    ListColumns asLists = new ListColumns(input);
    Map<String, String> names = names(table, schema, id);
    SnapshotCheck check =
        new SnapshotCheck(spark, table, reader.source(), snapshotDay(table, date), id);
    List<Column> columns = new ArrayList<>();
    names.forEach(
        (name, own) -> {
          StructField field = TableReader.field(schema, TableReader.path(schema, own));
          String column = TableReader.quoted(schema, own);
          boolean asked = lists.contains(name) && asLists.isList(field.dataType());
          check.text(field, column);
          if (name.equals(id)) {
            Column key = id(reader, schema, id, input.missingIds());
            check.id(key);
            columns.add(key.as(id));
          } else if (asked || asLists.hasEntries(field.dataType())) {
            columns.add(asLists.texts(column, field.dataType()).as(name));
            if (asLists.weighs(field.dataType()) && !names.containsKey(weights(name))) {
              columns.add(asLists.weights(column, field.dataType()).as(weights(name)));
            }
            check.list(asLists, name, field, column);
          } else if (name.equals(TAGS)) {
            throw reader.wrongType(
                TAGS, schema, "a list of texts, of objects with a text and a weight, or a map");
          } else {
            columns.add(expr(column).as(name));
          }
        });
    columns.add(check.fault().as(SnapshotCheck.FAULT));
    Dataset<Row> named = rows.select(columns.toArray(new Column[0]));
    Dataset<Row> known = named.filter(col(id).isNotNull());
    List<String> values = new ArrayList<>(Arrays.asList(known.columns()));
    values.remove(SnapshotCheck.FAULT);
    Dataset<Row> hashed = known.withColumn("row_hash", hash(comparable(known, values)));
    if (checked.add(Arrays.asList(table.name(), date, new TreeSet<>(lists)))) {
      check.run(hashed);
    }
    Dataset<Row> distinct =
        table.newestBy().isEmpty()
            ? Duplicates.smallest(hashed.drop(SnapshotCheck.FAULT), id)
            : Duplicates.newest(hashed.drop(SnapshotCheck.FAULT), id, newestBy(table, names));
    return distinct.drop("row_hash");
  }

  /** Our names of a snapshot's columns, the id first, with the table's own. */
  private static Map<String, String> names(TableSettings table, StructType schema, String id) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put(id, table.column(id));
    Map<String, String> mapped = new TreeMap<>(table.columns());
    mapped.values().removeIf(own -> TableReader.path(schema, own).isEmpty());
    for (String own : schema.fieldNames()) {
      mapped.entrySet().stream()
          .filter(entry -> entry.getValue().equals(own))
          .forEach(entry -> names.put(entry.getKey(), own));
      boolean taken = mapped.containsValue(own) || own.equals(table.dateColumn());
      if (!taken && !mapped.containsKey(own)) {
        names.putIfAbsent(own, own);
      }
    }
    mapped.forEach(names::putIfAbsent);
    return names;
  }

  private static String newestBy(TableSettings table, Map<String, String> names) {
    String column = table.newestBy();
    if (names.containsKey(column)) {
      return column;
    }
    return names.entrySet().stream()
        .filter(entry -> entry.getValue().equals(column))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    TableFiles.cannotRead(table)
                        + "column "
                        + column
                        + " is missing in "
                        + table.place()
                        + "; found "
                        + String.join(", ", names.keySet())
                        + ". Correct input."
                        + table.name()
                        + ".newest-by."));
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
