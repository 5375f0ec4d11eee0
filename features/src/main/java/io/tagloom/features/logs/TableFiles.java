package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.from_utc_timestamp;
import static org.apache.spark.sql.functions.lit;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TableSettings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import org.apache.hadoop.fs.ContentSummary;
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
  private final FileSystem files;
  private final Path root;
  private final NavigableMap<LocalDate, List<Path>> days;
  private final List<String> beside;
  private final Map<List<Path>, FileListing> listings = new HashMap<>();

  private TableFiles(
      SparkSession spark,
      TableSettings table,
      FileSystem files,
      Path root,
      NavigableMap<LocalDate, List<Path>> days,
      List<String> beside) {
    this.spark = spark;
    this.table = table;
    this.files = files;
    this.root = root;
    this.days = days;
    this.beside = beside;
  }

  /**
   * Looks at a table's folder.
   *
   * @throws InputException when there is nothing, or a table of a format whose files alone do not
   *     tell its rows
   */
  static TableFiles of(SparkSession spark, TableSettings table) {
    Path path = new Path(table.path());
    try {
      FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
      Path root = files.makeQualified(path);
      refuseLakeFolder(table, files, path);
      NavigableMap<LocalDate, List<Path>> days = days(table, files, root);
      if (!FileListing.hasData(files, root)) {
        throw new InputException(
            cannotRead(table)
                + table.path()
                + " holds no data. Check input."
                + table.name()
                + ".path and the job that writes it.");
      }
      if (days.isEmpty() && table.hasDateColumn() && !table.isFlat()) {
        throw new InputException(
            cannotRead(table)
                + table.path()
                + " has no folder "
                + table.dateColumn()
                + "=YYYY-MM-DD. Check input."
                + table.name()
                + ".date-column, or set it to none.");
      }
      List<String> beside = days.isEmpty() ? Collections.emptyList() : beside(table, files, root);
      return new TableFiles(spark, table, files, root, days, beside);
    } catch (FileNotFoundException e) {
      throw new InputException(
          cannotRead(table)
              + table.path()
              + " does not exist. Check input."
              + table.name()
              + ".path.",
          e);
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

  private static NavigableMap<LocalDate, List<Path>> days(
      TableSettings table, FileSystem files, Path root) throws IOException {
    NavigableMap<LocalDate, List<Path>> days = new TreeMap<>();
    if (!table.isFlat()) {
      for (FileStatus child : FileListing.children(files, root)) {
        day(table, child)
            .ifPresent(
                day -> days.computeIfAbsent(day, d -> new ArrayList<>()).add(child.getPath()));
      }
    }
    return days;
  }

  /** What lies beside the folders of days, each with its size; it is not read. */
  private static List<String> beside(TableSettings table, FileSystem files, Path root)
      throws IOException {
    List<String> beside = new ArrayList<>();
    for (FileStatus child : FileListing.children(files, root)) {
      if (!day(table, child).isPresent()) {
        ContentSummary size = files.getContentSummary(child.getPath());
        if (size.getLength() > 0) {
          String name = child.getPath().getName();
          beside.add(
              name
                  + (child.isDirectory() ? " (" + size.getFileCount() + " files, " : " (")
                  + String.format(Locale.ROOT, "%,d bytes)", size.getLength()));
        }
      }
    }
    return beside;
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
    return partitioned() ? Days.number(table.dateColumn()) : lit(null).cast("int");
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
    List<String> paths = new ArrayList<>();
    folders(from, to).forEach(folder -> paths.add(folder.toString()));
    return Optional.of(paths);
  }

  /** The folders of the days between two, both included; the root of a flat table. */
  private List<Path> folders(LocalDate from, LocalDate to) {
    List<Path> folders = new ArrayList<>();
    if (!partitioned()) {
      folders.add(root);
    }
    days.subMap(from, true, to, true).values().forEach(folders::addAll);
    return folders;
  }

  private FileListing listing(List<Path> folders) {
    return listings.computeIfAbsent(
        folders, key -> FileListing.of(spark, files, table, root, folders));
  }

  @Override
  public List<String> notes(LocalDate from, LocalDate to) {
    List<String> notes = new ArrayList<>();
    if (!beside.isEmpty()) {
      notes.add(
          beside.size()
              + " beside the folders "
              + table.dateColumn()
              + "=YYYY-MM-DD are not read: "
              + FileListing.some(beside));
    }
    List<Path> folders = folders(from, to);
    notes.addAll(folders.isEmpty() ? Collections.emptyList() : listing(folders).notes());
    return notes;
  }

  @Override
  public Optional<String> stored(LocalDate from, LocalDate to) {
    List<Path> folders = folders(from, to);
    return folders.isEmpty() ? Optional.empty() : Optional.of(listing(folders).stored());
  }

  @Override
  public List<TablePart> rows(LocalDate from, LocalDate to, Collection<String> wanted) {
    List<Path> folders = folders(from, to);
    if (!folders.isEmpty()) {
      return parts(listing(folders), wanted);
    }
    List<TablePart> none = new ArrayList<>();
    // For the columns alone.
    for (TablePart part : parts(listing(days.firstEntry().getValue()), wanted)) {
      none.add(part.with(part.rows().filter(lit(false))));
    }
    return none;
  }

  @Override
  public Dataset<Row> snapshot(LocalDate day) {
    return TablePart.union(table, parts(listing(folders(day, day)), null));
  }

  /**
   * @param wanted our names of the columns a text format is asked for; null for all there are
   */
  private List<TablePart> parts(FileListing listing, Collection<String> wanted) {
    if (listing.needsPlainReader()) {
      spark.conf().set("spark.sql.parquet.enableVectorizedReader", "false");
    }
    List<TablePart> parts = new ArrayList<>();
    for (FileListing.Group group : listing.groups()) {
      Dataset<Row> rows = load(group, wanted);
      for (String name : rows.columns()) {
        if (group.allNull().contains(name.toLowerCase(Locale.ROOT))) {
          rows = rows.withColumn(name, lit(null));
        }
      }
      parts.add(new TablePart(rows, group.place()));
    }
    return parts;
  }

  private Dataset<Row> load(FileListing.Group group, Collection<String> wanted) {
    String[] paths = group.paths();
    switch (group.format()) {
      case PARQUET:
        return reader(group).parquet(paths);
      case ORC:
        return localTimes(reader(group).orc(paths));
      case CSV:
        return CsvFiles.read(reader(group), table, paths);
      case OTHER:
        return reader(group).format(table.source()).load(paths);
      default:
        return wanted == null
            ? reader(group).json(paths)
            : reader(group).schema(jsonSchema(group, wanted)).json(paths);
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

  private DataFrameReader reader(FileListing.Group group) {
    DataFrameReader reader = spark.read();
    if (group.inKeyFolders()) {
      reader = reader.option("basePath", root.toString());
    } else {
      // Without it Spark passes over what lies deeper than the folder itself.
      reader = reader.option("recursiveFileLookup", "true");
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
  private StructType jsonSchema(FileListing.Group group, Collection<String> wanted) {
    Dataset<String> lines = reader(group).text(group.paths()).select("value").as(Encoders.STRING());
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
    return Days.parse(name.substring(partition.length()));
  }
}
