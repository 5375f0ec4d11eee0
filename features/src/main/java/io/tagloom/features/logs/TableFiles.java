package io.tagloom.features.logs;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TableSettings;
import io.tagloom.conf.TableSettings.Format;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** The files of one table: where they are, what they hold, and which days they belong to. */
final class TableFiles {
  private static final String PARTITION = "dt=";

  private final TableSettings table;
  private final Path root;
  private final Format format;
  private final NavigableMap<LocalDate, Path> days;

  private TableFiles(
      TableSettings table, Path root, Format format, NavigableMap<LocalDate, Path> days) {
    this.table = table;
    this.root = root;
    this.format = format;
    this.days = days;
  }

  /**
   * Looks at a table's folder.
   *
   * @throws InputException when there is nothing, or nothing whose format can be told
   */
  static TableFiles of(SparkSession spark, TableSettings table) {
    Path root = new Path(table.path());
    try {
      FileSystem files = root.getFileSystem(spark.sparkContext().hadoopConfiguration());
      NavigableMap<LocalDate, Path> days = new TreeMap<>();
      for (FileStatus child : children(files, root)) {
        day(child).ifPresent(day -> days.put(day, child.getPath()));
      }
      Optional<FileStatus> data = firstData(files, Collections.singletonList(root));
      if (!data.isPresent()) {
        throw new InputException(
            cannotRead(table)
                + root
                + " holds no data. Check input."
                + table.name()
                + ".path and the job that writes it.");
      }
      return new TableFiles(table, root, format(table, data.get().getPath()), days);
    } catch (FileNotFoundException e) {
      throw new InputException(
          cannotRead(table) + root + " does not exist. Check input." + table.name() + ".path.", e);
    } catch (IOException | IllegalArgumentException e) {
      throw ReadFailure.unreadable(table, e);
    }
  }

  static String cannotRead(TableSettings table) {
    return "Cannot read " + table.name() + ": ";
  }

  Format format() {
    return format;
  }

  /** Whether the table has a folder for each day. */
  boolean partitioned() {
    return !days.isEmpty();
  }

  /** The days that have a folder, in order. */
  Collection<LocalDate> days() {
    return days.keySet();
  }

  /** The root, against which partition columns are told. */
  Path root() {
    return root;
  }

  /** The folders of the days between two, both included; the root of a flat table. */
  List<String> paths(LocalDate from, LocalDate to) {
    if (!partitioned()) {
      return Collections.singletonList(root.toString());
    }
    List<String> paths = new ArrayList<>();
    for (Path path : days.subMap(from, true, to, true).values()) {
      paths.add(path.toString());
    }
    return paths;
  }

  /** The newest day not after a date. */
  Optional<LocalDate> newest(LocalDate date) {
    return Optional.ofNullable(days.floorKey(date));
  }

  private static Optional<LocalDate> day(FileStatus folder) {
    String name = folder.getPath().getName();
    if (!folder.isDirectory() || !name.startsWith(PARTITION)) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(name.substring(PARTITION.length())));
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
