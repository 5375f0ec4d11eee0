package io.tagloom.features.logs;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TableSettings;
import io.tagloom.conf.TableSettings.Format;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The files below some folders of a table, in groups of the same format, columns and layout, so
 * that Spark reads no file by the columns of another. Files and folders whose names begin with an
 * underscore or a dot are none of it, as for Spark.
 */
final class FileListing {
  /** Names of what programs write beside data in JSON. */
  private static final List<String> DESCRIPTIONS =
      Arrays.asList("manifest", "schema", "metadata", "meta", "stats", "statistics", "summary");

  private static final Set<String> DOCUMENTS =
      new HashSet<>(
          Arrays.asList(
              "md", "html", "pdf", "yml", "yaml", "xml", "sql", "sh", "py", "crc", "md5"));

  private static final int READERS = 16;
  private static final int NAMED = 3;

  private final FileSystem files;
  private final TableSettings table;
  private final Path root;
  private final List<FileStatus> listed = new ArrayList<>();
  private final Map<String, List<String>> passedOver = new TreeMap<>();
  private final List<Group> groups = new ArrayList<>();
  private boolean plainReader;

  /** Files that are read together. */
  static final class Group {
    private final Format format;
    private final List<String> keys;
    private final List<DataFile> files = new ArrayList<>();
    private final Set<String> allNull;
    private String[] paths = {};

    private Group(Format format, List<String> keys, Set<String> allNull) {
      this.format = format;
      this.keys = keys;
      this.allNull = allNull;
    }

    Format format() {
      return format;
    }

    /** Whether some folders are named {@code key=value}. */
    boolean inKeyFolders() {
      return !keys.isEmpty();
    }

    /** Columns, in small letters, in which all values are null, of a type that others lack. */
    Set<String> allNull() {
      return allNull;
    }

    /** What to read: folders where all that is in them is of this group. */
    String[] paths() {
      return paths.clone();
    }

    /** The first file. */
    String place() {
      return files.get(0).path().toString();
    }
  }

  private FileListing(FileSystem files, TableSettings table, Path root) {
    this.files = files;
    this.table = table;
    this.root = root;
  }

  /**
   * Looks at all files below some folders.
   *
   * @throws InputException when there are none, none whose format can be told, or files that do not
   *     go together
   */
  static FileListing of(
      SparkSession spark, FileSystem files, TableSettings table, Path root, List<Path> folders) {
    FileListing listing = new FileListing(files, table, root);
    try {
      for (Path folder : folders) {
        listing.list(files.getFileStatus(folder));
      }
      listing.group(
          listing.looked(spark.sparkContext().hadoopConfiguration(), listing.data()), folders);
      return listing;
    } catch (IOException e) {
      throw ReadFailure.unreadable(table, e);
    }
  }

  /** The files and folders in a folder that are no hidden ones, by name. */
  static List<FileStatus> children(FileSystem files, Path folder) throws IOException {
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

  /** Whether there is a file that is not empty at or below a path. */
  static boolean hasData(FileSystem files, Path path) throws IOException {
    FileStatus status = files.getFileStatus(path);
    if (status.isFile()) {
      return status.getLen() > 0;
    }
    for (FileStatus child : children(files, path)) {
      if (hasData(files, child.getPath())) {
        return true;
      }
    }
    return false;
  }

  private void list(FileStatus status) throws IOException {
    if (status.isFile()) {
      if (status.getLen() > 0) {
        listed.add(status);
      } else {
        passOver("without a byte", status.getPath());
      }
      return;
    }
    for (FileStatus child : children(files, status.getPath())) {
      list(child);
    }
  }

  private void passOver(String why, Path file) {
    passedOver.computeIfAbsent(why, key -> new ArrayList<>()).add(relative(file));
  }

  private String relative(Path file) {
    String path = file.toString();
    return path.startsWith(root + "/") ? path.substring(root.toString().length() + 1) : path;
  }

  /** The files that hold rows, each with its format. */
  private Map<FileStatus, Format> data() {
    Map<FileStatus, Format> data = new LinkedHashMap<>();
    List<FileStatus> untold = new ArrayList<>();
    List<FileStatus> descriptions = new ArrayList<>();
    for (FileStatus file : listed) {
      Format told = format(file.getPath());
      if (table.format() != Format.AUTO) {
        boolean other = told != Format.AUTO && table.format() != Format.OTHER;
        if (other ? told == table.format() : !isDocument(file.getPath())) {
          data.put(file, table.format());
        } else {
          passOver("not named as " + table.source(), file.getPath());
        }
      } else if (told == Format.JSON && isDescription(file.getPath())) {
        descriptions.add(file);
      } else if (told == Format.AUTO) {
        untold.add(file);
      } else {
        data.put(file, told);
      }
    }
    if (data.isEmpty() && untold.isEmpty()) {
      // There is nothing but these: they are the data.
      descriptions.forEach(file -> data.put(file, Format.JSON));
    } else {
      descriptions.forEach(file -> passOver("which describe data", file.getPath()));
    }
    if (data.isEmpty() && !untold.isEmpty()) {
      throw new InputException(
          TableFiles.cannotRead(table)
              + "the name of "
              + untold.get(0).getPath()
              + " tells no format. Set input."
              + table.name()
              + ".format to parquet, orc, csv or json.");
    }
    untold.forEach(file -> passOver("whose names tell no format", file.getPath()));
    if (data.isEmpty()) {
      throw new InputException(
          TableFiles.cannotRead(table)
              + table.path()
              + " holds no data"
              + (notes().isEmpty() ? "" : " (" + String.join("; ", notes()) + ")")
              + ". Check input."
              + table.name()
              + ".path, input."
              + table.name()
              + ".format and the job that writes it.");
    }
    refuseMixedFolder(data);
    return data;
  }

  private static boolean isDocument(Path file) {
    String name = file.getName().toLowerCase(Locale.ROOT);
    return DOCUMENTS.contains(name.substring(name.lastIndexOf('.') + 1))
        || name.startsWith("readme")
        || name.startsWith("license");
  }

  private static boolean isDescription(Path file) {
    return DESCRIPTIONS.contains(file.getName().toLowerCase(Locale.ROOT).split("[._-]")[0]);
  }

  /** The format that a file's name tells; AUTO for none. */
  private static Format format(Path file) {
    List<String> parts = Arrays.asList(file.getName().toLowerCase(Locale.ROOT).split("[.]"));
    if (parts.contains("parquet")) {
      return Format.PARQUET;
    }
    if (parts.contains("orc")) {
      return Format.ORC;
    }
    if (parts.contains("csv")) {
      return Format.CSV;
    }
    return parts.contains("json") || parts.contains("jsonl") || parts.contains("ndjson")
        ? Format.JSON
        : Format.AUTO;
  }

  private static String name(Format format) {
    return format.name().toLowerCase(Locale.ROOT);
  }

  private void refuseMixedFolder(Map<FileStatus, Format> data) {
    Map<Path, Map<Format, Path>> folders = new TreeMap<>();
    data.forEach(
        (file, format) ->
            folders
                .computeIfAbsent(file.getPath().getParent(), key -> new EnumMap<>(Format.class))
                .putIfAbsent(format, file.getPath()));
    folders.forEach(
        (folder, formats) -> {
          if (formats.size() > 1) {
            List<String> found = new ArrayList<>();
            formats.forEach(
                (format, file) -> found.add(name(format) + " (" + file.getName() + ")"));
            throw new InputException(
                TableFiles.cannotRead(table)
                    + folder
                    + " mixes files of formats "
                    + String.join(" and ", found)
                    + ". Move those of one away, or set input."
                    + table.name()
                    + ".format to the one that is meant.");
          }
        });
  }

  /** Looks into the files, several at a time, and keeps their order. */
  private List<DataFile> looked(Configuration hadoop, Map<FileStatus, Format> data) {
    List<Callable<DataFile>> looks = new ArrayList<>();
    data.forEach((file, format) -> looks.add(() -> DataFile.of(hadoop, table, file, format)));
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(READERS, looks.size()));
    try {
      List<DataFile> looked = new ArrayList<>();
      for (Future<DataFile> look : threads.invokeAll(looks)) {
        looked.add(look.get());
      }
      return looked;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Looking at files was interrupted.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InputException) {
        throw (InputException) e.getCause();
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdown();
    }
  }

  private void group(List<DataFile> looked, List<Path> folders) {
    refuseMixedLayout(looked, folders);
    Map<String, String> usual = usualTypes(looked);
    Map<List<Object>, Group> byKey = new LinkedHashMap<>();
    for (DataFile file : looked) {
      if (file.hasRows()) {
        add(byKey, file, usual);
      }
    }
    if (byKey.isEmpty()) {
      looked.forEach(file -> add(byKey, file, usual));
    } else {
      for (DataFile file : looked) {
        // Empty files of other columns say nothing; those of the same are part of their folder.
        if (!file.hasRows() && byKey.containsKey(key(file, usual))) {
          add(byKey, file, usual);
        }
      }
    }
    groups.addAll(byKey.values());
    for (Group group : groups) {
      group.paths = paths(group, folders);
      plainReader |= group.files.stream().anyMatch(DataFile::needsPlainReader);
    }
  }

  private void add(Map<List<Object>, Group> byKey, DataFile file, Map<String, String> usual) {
    Set<String> odd = oddNulls(file, usual);
    byKey
        .computeIfAbsent(key(file, usual), key -> new Group(file.format(), keys(file.path()), odd))
        .files
        .add(file);
  }

  /** The type of each column in the first file that has values of it. */
  private static Map<String, String> usualTypes(List<DataFile> looked) {
    Map<String, String> usual = new TreeMap<>();
    for (DataFile file : looked) {
      file.types()
          .forEach(
              (name, type) -> {
                if (!file.allNull().contains(name)) {
                  usual.putIfAbsent(file.format() + " " + name, type);
                }
              });
    }
    return usual;
  }

  /** Columns without a value in a file whose type is not the usual one: pandas knows none. */
  private static Set<String> oddNulls(DataFile file, Map<String, String> usual) {
    Set<String> odd = new TreeSet<>();
    for (String name : file.allNull()) {
      String type = usual.get(file.format() + " " + name);
      if (type != null && !type.equals(file.types().get(name))) {
        odd.add(name);
      }
    }
    return odd;
  }

  private List<Object> key(DataFile file, Map<String, String> usual) {
    Map<String, String> types = new TreeMap<>(file.types());
    oddNulls(file, usual).forEach(name -> types.put(name, ""));
    return Arrays.asList(file.format(), keys(file.path()), types);
  }

  /** The keys of the folders named {@code key=value} between the root and a file. */
  private List<String> keys(Path file) {
    List<String> keys = new ArrayList<>();
    for (Path at = file.getParent(); at != null && !at.equals(root); at = at.getParent()) {
      int equals = at.getName().indexOf('=');
      if (equals > 0) {
        keys.add(0, at.getName().substring(0, equals));
      }
    }
    return file.equals(root) ? Collections.emptyList() : keys;
  }

  private void refuseMixedLayout(List<DataFile> looked, List<Path> folders) {
    Map<Path, DataFile> firstBelow = new LinkedHashMap<>();
    for (DataFile file : looked) {
      DataFile first = firstBelow.putIfAbsent(folder(file.path(), folders), file);
      if (first != null && !keys(first.path()).equals(keys(file.path()))) {
        throw new InputException(
            TableFiles.cannotRead(table)
                + folder(file.path(), folders)
                + " mixes layouts: "
                + relative(first.path())
                + " and "
                + relative(file.path())
                + " lie in folders of other keys. Move the files into folders of the same keys.");
      }
    }
  }

  private static Path folder(Path file, List<Path> folders) {
    for (Path at = file; at != null; at = at.getParent()) {
      if (folders.contains(at)) {
        return at;
      }
    }
    throw new IllegalArgumentException("Not below the folders: " + file);
  }

  private String[] paths(Group group, List<Path> folders) {
    Map<Path, Long> all = new LinkedHashMap<>();
    for (FileStatus file : listed) {
      all.merge(folder(file.getPath(), folders), 1L, Long::sum);
    }
    for (String why : passedOver.keySet()) {
      for (String name : passedOver.get(why)) {
        all.merge(folder(new Path(root, name), folders), 1L, Long::sum);
      }
    }
    Map<Path, Long> own = new LinkedHashMap<>();
    group.files.forEach(file -> own.merge(folder(file.path(), folders), 1L, Long::sum));
    Set<String> paths = new LinkedHashSet<>();
    for (DataFile file : group.files) {
      Path folder = folder(file.path(), folders);
      paths.add((own.get(folder).equals(all.get(folder)) ? folder : file.path()).toString());
    }
    return paths.toArray(new String[0]);
  }

  /** The groups, in the order of their first files. */
  List<Group> groups() {
    return Collections.unmodifiableList(groups);
  }

  /** Whether Spark's fast reader of Parquet does not know how some values are stored. */
  boolean needsPlainReader() {
    return plainReader;
  }

  /** The number of files by format and compression. */
  String stored() {
    Map<String, Integer> kinds = new TreeMap<>();
    for (Group group : groups) {
      for (DataFile file : group.files) {
        String codecs = String.join("+", file.codecs());
        kinds.merge(name(file.format()) + (codecs.isEmpty() ? "" : " " + codecs), 1, Integer::sum);
      }
    }
    List<String> stored = new ArrayList<>();
    kinds.forEach((kind, n) -> stored.add(n + (n == 1 ? " file " : " files ") + kind));
    return String.join(", ", stored);
  }

  /** What is passed over, a line a reason. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    passedOver.forEach(
        (why, names) ->
            notes.add(names.size() + " files " + why + " are not read: " + some(names)));
    return notes;
  }

  /** A few of many names. */
  static String some(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
        + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
  }
}
