package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.tagloom.conf.InputException;
import io.tagloom.conf.SampleSettings;
import io.tagloom.conf.TableSettings;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A table of a catalog or of a data source of Spark, at one version where it has versions.
 *
 * <p>Its days are told by a date column. A filter on the column's own values lets the scan open the
 * partitions of the days in question alone; which values there are is asked with the same filter.
 */
final class Relation implements TableSource {
  /** Steps in which the newest day is looked for, so that as a rule few partitions are opened. */
  private static final int[] DAYS_BACK = {7, 100, 100_000};

  private static final long END = Days.start(SampleSettings.END_DAY);

  private final SparkSession spark;
  private final TableSettings table;
  private final TableDescription description;
  private final Optional<LakeVersions> versions;
  private final Optional<InputVersion> version;
  private final Dataset<Row> all;
  private final Optional<String> dateColumn;

  /**
   * Finds a table, and which version of it is read.
   *
   * @throws InputException when it is not there, its data source is unknown, the version is gone,
   *     or it has no such date column
   */
  Relation(SparkSession spark, TableSettings table) {
    this.spark = spark;
    this.table = table;
    try {
      this.description = TableDescription.of(spark, table);
      this.versions =
          LakeVersions.keepsVersions(description.format())
              ? Optional.of(LakeVersions.of(spark, table, description.format()))
              : Optional.empty();
      this.version = resolved();
      this.all = load();
      this.dateColumn = findDateColumn();
    } catch (Exception e) {
      // Spark throws AnalysisException without declaring it.
      throw ReadFailure.of(table, e);
    }
  }

  private Optional<InputVersion> resolved() {
    String asOf = table.asOf();
    if (!versions.isPresent()) {
      if (!asOf.equals(TableSettings.LATEST)) {
        throw new InputException(
            TableFiles.cannotRead(table)
                + table.place()
                + " keeps no versions, and input."
                + table.name()
                + ".as-of is "
                + asOf
                + ". Set it to latest.");
      }
      return Optional.empty();
    }
    LakeVersions known = versions.get();
    Optional<String> number = Optional.of(asOf);
    if (asOf.equals(TableSettings.LATEST)) {
      number = known.latest();
    } else if (table.isPinned()) {
      number = number.filter(known::has);
    } else {
      number = known.at(Instant.parse(asOf));
    }
    if (!number.isPresent() && !asOf.equals(TableSettings.LATEST)) {
      throw gone(known, asOf);
    }
    return number.map(text -> new InputVersion(known.format(), table.place(), text));
  }

  private InputException gone(LakeVersions known, String asOf) {
    return new InputException(
        TableFiles.cannotRead(table)
            + table.place()
            + " no longer has "
            + (table.isPinned() ? "version " + asOf : "a version of " + asOf)
            + "; the newest that it has are "
            + known.all()
            + ". Set input."
            + table.name()
            + ".as-of to one of these, or start with --repin to read the newest.");
  }

  private Dataset<Row> load() {
    if (!table.table().isEmpty()) {
      return version.isPresent()
          // Unlike the reader's options, this takes the schema of the version, too.
          ? spark.sql(
              "SELECT * FROM " + table.quotedTable() + " VERSION AS OF " + version.get().number())
          : spark.table(table.quotedTable());
    }
    DataFrameReader reader = spark.read().format(table.source()).options(table.options());
    if (version.isPresent()) {
      reader = reader.option(versions.get().option(), version.get().number());
    }
    if (table.path().isEmpty()) {
      return reader.load();
    }
    return reader.load(versions.map(LakeVersions::path).orElse(table.path()));
  }

  private Optional<String> findDateColumn() {
    String name = table.dateColumn();
    boolean there = Arrays.asList(all.columns()).contains(name);
    if (table.isFlat()) {
      return Optional.empty();
    }
    if (!table.hasDateColumn()) {
      boolean partition = there && partitionColumns().contains(name) && isDay(name);
      return partition ? Optional.of(name) : Optional.empty();
    }
    if (!there || !isDay(name)) {
      throw new InputException(
          TableFiles.cannotRead(table)
              + "column "
              + name
              + (there ? " is of type " + type(name).simpleString() : " is missing")
              + " in "
              + table.place()
              + "; expected a date, or a text or number that is one. Correct input."
              + table.name()
              + ".date-column, or set it to none.");
    }
    return Optional.of(name);
  }

  private Collection<String> partitionColumns() {
    return table.table().isEmpty()
        ? versions.map(LakeVersions::partitionColumns).orElse(Collections.emptyList())
        : description.partitionColumns();
  }

  private DataType type(String column) {
    return all.schema().apply(column).dataType();
  }

  private boolean isDay(String column) {
    DataType type = type(column);
    return type.equals(DataTypes.StringType)
        || type.equals(DataTypes.DateType)
        || type.equals(DataTypes.IntegerType)
        || type.equals(DataTypes.LongType);
  }

  @Override
  public boolean partitioned() {
    return dateColumn.isPresent();
  }

  @Override
  public Column day() {
    if (!partitioned()) {
      return lit(null).cast("int");
    }
    if (type(dateColumn.get()).equals(DataTypes.DateType)) {
      return Days.number(date());
    }
    return Days.number(dateColumn.get());
  }

  private Column date() {
    return col("`" + dateColumn.get() + "`");
  }

  @Override
  public boolean has(LocalDate day) {
    return !values(day, day).isEmpty();
  }

  @Override
  public Optional<LocalDate> newest(LocalDate date) {
    for (int days : DAYS_BACK) {
      NavigableMap<LocalDate, List<Object>> some = values(date.minusDays(days), date);
      if (!some.isEmpty()) {
        return Optional.of(some.lastKey());
      }
    }
    return Optional.empty();
  }

  @Override
  public String without(LocalDate day) {
    NavigableMap<LocalDate, List<Object>> days =
        values(LocalDate.ofEpochDay(0), LocalDate.of(9999, 12, 31));
    return "has no partition "
        + dateColumn.get()
        + "="
        + day
        + " in "
        + table.place()
        + version.map(read -> " at version " + read.number()).orElse("")
        + "; it has "
        + (days.isEmpty() ? "none" : days.firstKey() + " to " + days.lastKey());
  }

  /** The days of a range that have rows, each with the column's values that mean it. */
  private NavigableMap<LocalDate, List<Object>> values(LocalDate from, LocalDate to) {
    NavigableMap<LocalDate, List<Object>> days = new TreeMap<>();
    // A row a day.
    for (Row row : all.filter(between(from, to)).select(date()).distinct().collectAsList()) {
      parse(row.get(0)).ifPresent(day -> add(days, day, row.get(0)));
    }
    return days;
  }

  private static void add(NavigableMap<LocalDate, List<Object>> days, LocalDate day, Object value) {
    days.computeIfAbsent(day, key -> new ArrayList<>()).add(value);
  }

  private Column between(LocalDate from, LocalDate to) {
    DataType type = type(dateColumn.get());
    if (type.equals(DataTypes.DateType)) {
      return date().between(lit(Date.valueOf(from)), lit(Date.valueOf(to)));
    }
    if (type.equals(DataTypes.StringType)) {
      return date()
          .between(lit(from.toString()), lit(to.toString()))
          .or(date().between(lit(compact(from)), lit(compact(to))));
    }
    return date().between(lit(Integer.parseInt(compact(from))), lit(Integer.parseInt(compact(to))));
  }

  private static String compact(LocalDate day) {
    return day.toString().replace("-", "");
  }

  private static Optional<LocalDate> parse(Object value) {
    if (value instanceof LocalDate) {
      return Optional.of((LocalDate) value);
    }
    if (value instanceof Date) {
      return Optional.of(((Date) value).toLocalDate());
    }
    return Days.parse(String.valueOf(value));
  }

  @Override
  public List<TablePart> rows(LocalDate from, LocalDate to, Collection<String> wanted) {
    return TablePart.only(rows(from, to), table.place());
  }

  private Dataset<Row> rows(LocalDate from, LocalDate to) {
    if (!partitioned()) {
      return all.filter(mayBeOf(from, to));
    }
    List<Object> values = new ArrayList<>();
    values(from, to).values().forEach(values::addAll);
    return values.isEmpty() ? all.filter(lit(false)) : all.filter(date().isin(values.toArray()));
  }

  /**
   * Leaves out rows whose time is plainly of other days, in a form that a scan can use to pass over
   * files. Rows that break a rule of times stay.
   */
  private Column mayBeOf(LocalDate from, LocalDate to) {
    String name = table.column("ts");
    StructType schema = all.schema();
    if (!Arrays.asList(schema.fieldNames()).contains(name)) {
      return lit(true);
    }
    Column ts = col("`" + name + "`");
    DataType type = type(name);
    if (type.equals(DataTypes.TimestampType)) {
      return within(
          ts, at(Days.start(SampleSettings.FIRST_DAY)), at(Days.start(from)), at(Days.end(to)));
    }
    if (type.equals(DataTypes.LongType)) {
      int set = TableSettings.UNITS.indexOf(table.timestamp());
      if (set < 0 && !table.timestamp().equals(TableSettings.AUTO)) {
        return lit(true);
      }
      Column may = ts.isNull();
      Column below = null;
      for (int unit = 0; unit < TableSettings.UNITS.size(); unit++) {
        if (set < 0 || set == unit) {
          Column first = lit(TextTime.bound(Days.start(SampleSettings.FIRST_DAY), unit));
          Column implausible = below == null ? ts.lt(first) : below.and(ts.lt(first));
          Column start = lit(TextTime.bound(Days.start(from), unit));
          Column end = lit(TextTime.bound(Math.min(Days.end(to), END), unit));
          may = may.or(implausible).or(ts.geq(start).and(ts.lt(end)));
          below = ts.geq(lit(TextTime.bound(END, unit)));
        }
      }
      return may.or(below);
    }
    return lit(true);
  }

  private static Column at(long millis) {
    return lit(new Timestamp(millis));
  }

  private static Column within(Column ts, Column plausible, Column start, Column end) {
    return ts.isNull().or(ts.lt(plausible)).or(ts.geq(start).and(ts.lt(end))).or(ts.geq(at(END)));
  }

  @Override
  public Dataset<Row> snapshot(LocalDate day) {
    return partitioned() ? rows(day, day) : all;
  }

  @Override
  public List<String> notes(LocalDate from, LocalDate to) {
    return Collections.emptyList();
  }

  @Override
  public Optional<String> stored(LocalDate from, LocalDate to) {
    return Optional.empty();
  }

  @Override
  public boolean hasOtherRows() {
    return !all.limit(1).isEmpty();
  }

  @Override
  public Optional<InputVersion> version() {
    return version;
  }

  @Override
  public Optional<List<String>> files(LocalDate from, LocalDate to) {
    Dataset<Row> rows = partitioned() ? rows(from, to) : all;
    String[] files = description.isView() ? new String[0] : rows.inputFiles();
    // A view may be over tables without files.
    return files.length == 0 ? Optional.empty() : Optional.of(Arrays.asList(files));
  }
}
