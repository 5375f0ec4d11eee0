package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.from_utc_timestamp;
import static org.apache.spark.sql.functions.lit;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TableSettings;
import io.tagloom.conf.TableSettings.Format;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
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

/** The files of one table: where they are, what they hold, and which days they belong to. */
final class TableFiles implements TableSource {
  private static final String ABSENT = "absent";

  /** Lines of a JSON log looked at for its column names. */
  private static final int PROBED_LINES = 1000;

  private final SparkSession spark;
  private final TableSettings table;
  private final Path root;
  private final Format format;
  private final NavigableMap<LocalDate, Path> days;

  private TableFiles(
      SparkSession spark,
      TableSettings table,
      Path root,
      Format format,
      NavigableMap<LocalDate, Path> days) {
    this.spark = spark;
    this.table = table;
    this.root = root;
    this.format = format;
    this.days = days;
  }

  /**
   * Looks at a table's folder.
   *
   * @throws InputException when there is nothing, nothing whose format can be told, or a table of a
   *     format whose files alone do not tell its rows
   */
  static TableFiles of(SparkSession spark, TableSettings table) {
    Path root = new Path(table.path());
    try {
      FileSystem files = root.getFileSystem(spark.sparkContext().hadoopConfiguration());
      refuseLakeFolder(table, files, root);
      NavigableMap<LocalDate, Path> days = days(table, files, root);
      Optional<FileStatus> data = firstData(files, Collections.singletonList(root));
      if (!data.isPresent()) {
        throw new InputException(
            cannotRead(table)
                + root
                + " holds no data. Check input."
                + table.name()
                + ".path and the job that writes it.");
      }
      if (days.isEmpty() && table.hasDateColumn() && !table.isFlat()) {
        throw new InputException(
            cannotRead(table)
                + root
                + " has no folder "
                + table.dateColumn()
                + "=YYYY-MM-DD. Check input."
                + table.name()
                + ".date-column, or set it to none.");
      }
      return new TableFiles(spark, table, root, format(table, data.get().getPath()), days);
    } catch (FileNotFoundException e) {
      throw new InputException(
          cannotRead(table) + root + " does not exist. Check input." + table.name() + ".path.", e);
    } catch (IOException | IllegalArgumentException e) {
      throw ReadFailure.unreadable(table, e);
    }
  }

  /**
   * Whether a data source that is not one of ours can be read as files: where its folder is cut
   * into days, and no format of tables has made it.
   */
  static boolean hasDays(SparkSession spark, TableSettings table) {
    Path root = new Path(table.path());
    try {
      FileSystem files = root.getFileSystem(spark.sparkContext().hadoopConfiguration());
      return files.exists(root)
          && lakeFormat(files, root).isEmpty()
          && !days(table, files, root).isEmpty();
    } catch (IOException | IllegalArgumentException e) {
      // The path may be no folder but what its source calls one.
      return false;
    }
  }

  private static void refuseLakeFolder(TableSettings table, FileSystem files, Path root)
      throws IOException {
    String format = lakeFormat(files, root);
    if (!format.isEmpty()) {
      String key = "input." + table.name();
      throw new InputException(
          cannotRead(table)
              + root
              + " is a table of format "
              + format
              + ", whose files also hold rows that were deleted or replaced. Set "
              + key
              + ".format = "
              + format
              + ", or "
              + key
              + ".table to its name in a catalog instead of "
              + key
              + ".path.");
    }
  }

  /** The format of tables that has made a folder; empty for plain files. */
  private static String lakeFormat(FileSystem files, Path root) throws IOException {
    if (files.exists(new Path(root, "_delta_log"))) {
      return "delta";
    }
    if (files.exists(new Path(root, ".hoodie"))) {
      return "hudi";
    }
    Path metadata = new Path(root, "metadata");
    if (files.exists(metadata)) {
      for (FileStatus file : files.listStatus(metadata)) {
        if (file.getPath()
            .getName()
            .matches(".*\\.metadata\\.json(\\.gz)?|.*\\.gz\\.metadata\\.json")) {
          return "iceberg";
        }
      }
    }
    return "";
  }

  private static NavigableMap<LocalDate, Path> days(
      TableSettings table, FileSystem files, Path root) throws IOException {
    NavigableMap<LocalDate, Path> days = new TreeMap<>();
    for (FileStatus child : table.isFlat() ? none() : children(files, root)) {
      day(table, child).ifPresent(day -> days.put(day, child.getPath()));
    }
    return days;
  }

  private static List<FileStatus> none() {
    return Collections.emptyList();
  }

  static String cannotRead(TableSettings table) {
    return "Cannot read " + table.name() + ": ";
  }

  @Override
  public boolean partitioned() {
    return !days.isEmpty();
  }

  @Override
  public Column day() {
    return partitioned() ? Days.number(col(quoted())) : lit(null).cast("int");
  }

  private String quoted() {
    return "`" + table.dateColumn() + "`";
  }

  @Override
  public boolean has(LocalDate day) {
    return days.containsKey(day);
  }

  @Override
  public Optional<LocalDate> newest(LocalDate date) {
    return Optional.ofNullable(days.floorKey(date));
  }

  @Override
  public String without(LocalDate day) {
    return "has no folder "
        + table.dateColumn()
        + "="
        + day
        + " under "
        + table.path()
        + "; it has "
        + days.firstKey()
        + " to "
        + days.lastKey();
  }

  @Override
  public boolean hasOtherRows() {
    return false;
  }

  @Override
  public Optional<InputVersion> version() {
    return Optional.empty();
  }

  @Override
  public Optional<List<String>> files(LocalDate from, LocalDate to) {
    return Optional.of(Arrays.asList(paths(from, to)));
  }

  /** The folders of the days between two, both included; the root of a flat table. */
  private String[] paths(LocalDate from, LocalDate to) {
    return partitioned()
        ? days.subMap(from, true, to, true).values().stream()
            .map(Path::toString)
            .toArray(String[]::new)
        : new String[] {root.toString()};
  }

  @Override
  public Dataset<Row> rows(LocalDate from, LocalDate to, Collection<String> wanted) {
    String[] paths = paths(from, to);
    if (paths.length == 0) {
      return load(paths(days.firstKey(), days.firstKey()), wanted).filter(lit(false));
    }
    return load(paths, wanted);
  }

  @Override
  public Dataset<Row> snapshot(LocalDate day) {
    String[] paths = paths(day, day);
    return format == Format.JSON ? reader().json(paths) : load(paths, Collections.emptyList());
  }

  private Dataset<Row> load(String[] paths, Collection<String> wanted) {
    switch (format) {
      case PARQUET:
        return reader().parquet(paths);
      case ORC:
        return localTimes(reader().orc(paths));
      case CSV:
        return CsvFiles.read(reader(), table, paths);
      case OTHER:
        return reader().format(table.source()).load(paths);
      default:
        return reader().schema(jsonSchema(paths, wanted)).json(paths);
    }
  }

  /**
   * ORC's timestamps stand for what a clock of the table's zone shows. Spark takes them for those
   * of this machine's zone; that is left so where the settings name no zone, since Spark itself
   * writes instants in this way.
   */
  private Dataset<Row> localTimes(Dataset<Row> rows) {
    if (table.timeZone().normalized().equals(ZoneOffset.UTC)) {
      return rows;
    }
    String here = TimeZone.getDefault().getID();
    List<Column> columns = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      String own = Casts.quoted(field.name());
      columns.add(
          field.dataType().equals(DataTypes.TimestampType)
              ? from_utc_timestamp(expr(own), here).cast("timestamp_ntz").as(field.name())
              : expr(own));
    }
    return rows.select(columns.toArray(new Column[0]));
  }

  private DataFrameReader reader() {
    DataFrameReader reader = spark.read();
    if (partitioned()) {
      reader = reader.option("basePath", root.toString());
    }
    return reader.options(table.options());
  }

  /** Whether a column was added since it was asked for, and is in none of the lines looked at. */
  static boolean isAbsent(StructField field) {
    return field.metadata().contains(ABSENT);
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
          cannotRead(table) + table.path() + " has no rows. Check the job that writes it.");
    }
    List<StructField> fields = new ArrayList<>();
    for (StructField field : probed.fields()) {
      boolean nested =
          field.dataType() instanceof ArrayType || field.dataType() instanceof StructType;
      fields.add(
          nested
              ? DataTypes.createStructField(field.name(), field.dataType(), true)
              : CsvFiles.text(field.name()));
    }
    Metadata absent = new MetadataBuilder().putBoolean(ABSENT, true).build();
    for (String column : wanted) {
      if (TableReader.path(probed, table.column(column)).isEmpty()
          && found.add(table.column(column))) {
        fields.add(
            DataTypes.createStructField(table.column(column), DataTypes.StringType, true, absent));
      }
    }
    return DataTypes.createStructType(fields);
  }

  private static Optional<LocalDate> day(TableSettings table, FileStatus folder) {
    String name = folder.getPath().getName();
    String partition = table.dateColumn() + "=";
    if (!folder.isDirectory() || !name.startsWith(partition)) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(name.substring(partition.length())));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static List<FileStatus> children(FileSystem files, Path folder) throws IOException {
    List<FileStatus> children = new ArrayList<>();
    for (FileStatus child : files.listStatus(folder)) {
      String name = child.getPath().getName();
      if (!name.startsWith("_") && !name.startsWith(".")) {
        children.add(child);
      }
    }
    children.sort(Comparator.comparing(child -> child.getPath().getName()));
    return children;
  }

  private static Optional<FileStatus> firstData(FileSystem files, List<Path> level)
      throws IOException {
    for (Path path : level) {
      FileStatus status = files.getFileStatus(path);
      if (status.isFile() && status.getLen() > 0) {
        return Optional.of(status);
      }
      if (status.isDirectory()) {
        List<Path> below = new ArrayList<>();
        for (FileStatus child : children(files, path)) {
          below.add(child.getPath());
        }
        Optional<FileStatus> data = firstData(files, below);
        if (data.isPresent()) {
          return data;
        }
      }
    }
    return Optional.empty();
  }

  private static Format format(TableSettings table, Path data) {
    if (table.format() != Format.AUTO) {
      return table.format();
    }
    List<String> parts = Arrays.asList(data.getName().toLowerCase(Locale.ROOT).split("[.]"));
    if (parts.contains("parquet")) {
      return Format.PARQUET;
    }
    if (parts.contains("orc")) {
      return Format.ORC;
    }
    if (parts.contains("csv")) {
      return Format.CSV;
    }
    if (parts.contains("json") || parts.contains("jsonl") || parts.contains("ndjson")) {
      return Format.JSON;
    }
    throw new InputException(
        cannotRead(table)
            + "the name of "
            + data
            + " tells no format. Set input."
            + table.name()
            + ".format to parquet, orc, csv or json.");
  }
}
