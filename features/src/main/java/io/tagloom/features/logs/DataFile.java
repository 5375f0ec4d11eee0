package io.tagloom.features.logs;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TableSettings;
import io.tagloom.conf.TableSettings.Format;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.Type;

/**
 * What one file says of itself, without its rows being read: columns and types, whether it has
 * rows, how it is packed. Immutable.
 */
final class DataFile {
  /** Ends of names that tell a packing which Hadoop never unpacks. */
  private static final Set<String> NEVER_UNPACKED =
      new HashSet<>(
          Arrays.asList("zip", "7z", "rar", "tar", "tgz", "xz", "br", "lzma", "z", "lzo", "tbz2"));

  /** Of UTF-8, read as ISO 8859-1. */
  private static final String BYTE_ORDER_MARK = "^\u00ef\u00bb\u00bf";

  private static final Set<String> PACKED =
      new HashSet<>(Arrays.asList("gz", "gzip", "bz2", "zst", "lz4", "snappy", "deflate"));

  /** First bytes of what is no text, and what it is. */
  private static final Map<String, String> FIRST_BYTES = firstBytes();

  private final FileStatus status;
  private final Format format;
  private final Columns columns;

  /** What is found while the file is looked at. */
  private static final class Columns {
    /** Type by the column's name in small letters. */
    private final Map<String, String> types = new TreeMap<>();

    private final Map<String, String> spelt = new HashMap<>();
    private final Set<String> allNull = new TreeSet<>();
    private final Set<String> codecs = new TreeSet<>();
    private boolean rows = true;
    private boolean split;
  }

  private DataFile(FileStatus status, Format format, Columns columns) {
    this.status = Objects.requireNonNull(status);
    this.format = Objects.requireNonNull(format);
    this.columns = columns;
  }

  /**
   * Looks at a file.
   *
   * @throws InputException when it cannot be read, in one line that names it
   */
  static DataFile of(Configuration hadoop, TableSettings table, FileStatus status, Format format) {
    try {
      Columns columns = new Columns();
      switch (format) {
        case PARQUET:
          refusePacked(table, status.getPath());
          parquet(hadoop, table, status, columns);
          break;
        case ORC:
          refusePacked(table, status.getPath());
          orc(hadoop, table, status, columns);
          break;
        case CSV:
        case JSON:
          text(hadoop, table, status, format, columns);
          break;
        default:
          break;
      }
      return new DataFile(status, format, columns);
    } catch (InputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new InputException(
          TableFiles.cannotRead(table)
              + status.getPath()
              + " is damaged or no "
              + name(format)
              + " file: "
              + ReadFailure.reason(e)
              + ". Write the file anew, or correct input."
              + table.name()
              + ".format.",
          e);
    }
  }

  private static String name(Format format) {
    switch (format) {
      case PARQUET:
        return "Parquet";
      case ORC:
        return "ORC";
      case CSV:
        return "CSV";
      default:
        return "JSON";
    }
  }

  private static void parquet(
      Configuration hadoop, TableSettings table, FileStatus status, Columns columns)
      throws IOException {
    List<BlockMetaData> blocks;
    List<Type> fields;
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromStatus(status, hadoop))) {
      blocks = reader.getFooter().getBlocks();
      fields = reader.getFooter().getFileMetaData().getSchema().getFields();
    }
    Map<String, Long> nulls = new HashMap<>();
    long rows = 0;
    for (BlockMetaData block : blocks) {
      rows += block.getRowCount();
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        refuseCodec(hadoop, table, status.getPath(), chunk.getCodec());
        columns.codecs.add(chunk.getCodec().name().toLowerCase(Locale.ROOT));
        columns.split |= chunk.getEncodings().contains(Encoding.BYTE_STREAM_SPLIT);
        long none =
            chunk.getStatistics() != null && chunk.getStatistics().isNumNullsSet()
                ? chunk.getStatistics().getNumNulls()
                : 0;
        if (chunk.getPath().size() == 1) {
          nulls.merge(chunk.getPath().toArray()[0], none, Long::sum);
        }
      }
    }
    columns.rows = rows > 0;
    for (Type field : fields) {
      String type =
          field
              .toString()
              .replaceAll(" = \\d+", "")
              .replaceFirst("^(required|optional) ", "")
              .toLowerCase(Locale.ROOT);
      boolean none = rows == 0 || nulls.getOrDefault(field.getName(), 0L) == rows;
      add(table, status.getPath(), columns, field.getName(), type, none);
    }
  }

  private static void refuseCodec(
      Configuration hadoop, TableSettings table, Path file, CompressionCodecName codec) {
    String name = codec.getHadoopCompressionCodecClassName();
    if (name != null && hadoop.getClassByNameOrNull(name) == null && !inJar(name)) {
      throw new InputException(
          TableFiles.cannotRead(table)
              + file
              + " is compressed by "
              + codec.name().toLowerCase(Locale.ROOT)
              + ", which this Spark does not unpack ("
              + name
              + " is missing). Write it with zstd, snappy or gzip, or add the jar of the codec with"
              + " --jars in TAGLOOM_SUBMIT_OPTS.");
    }
  }

  private static boolean inJar(String name) {
    try {
      Class.forName(name, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  private static void orc(
      Configuration hadoop, TableSettings table, FileStatus status, Columns columns)
      throws IOException {
    try (org.apache.orc.Reader reader =
        OrcFile.createReader(status.getPath(), OrcFile.readerOptions(hadoop))) {
      columns.rows = reader.getNumberOfRows() > 0;
      columns.codecs.add(reader.getCompressionKind().name().toLowerCase(Locale.ROOT));
      TypeDescription schema = reader.getSchema();
      List<String> names = schema.getFieldNames();
      for (int i = 0; i < names.size(); i++) {
        TypeDescription child = schema.getChildren().get(i);
        boolean none = reader.getStatistics()[child.getId()].getNumberOfValues() == 0;
        add(table, status.getPath(), columns, names.get(i), child.toString(), none);
      }
    }
  }

  private static void text(
      Configuration hadoop, TableSettings table, FileStatus status, Format format, Columns columns)
      throws IOException {
    Path file = status.getPath();
    String end = end(file);
    if (NEVER_UNPACKED.contains(end)) {
      throw packed(table, file, end);
    }
    FileSystem files = file.getFileSystem(hadoop);
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(file);
    if (codec != null) {
      columns.codecs.add(end);
    } else {
      refuseFirstBytes(table, file, files, format);
    }
    if (format == Format.CSV && CsvFiles.hasHeader(table)) {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  unpacked(table, files, file, codec), StandardCharsets.ISO_8859_1))) {
        String first = lines.readLine();
        columns.rows = first != null && lines.readLine() != null;
        header(table, file, String.valueOf(first).replaceFirst(BYTE_ORDER_MARK, ""), columns);
      }
    } else if (codec != null) {
      unpacked(table, files, file, codec).close();
    }
  }

  private static InputStream unpacked(
      TableSettings table, FileSystem files, Path file, CompressionCodec codec) throws IOException {
    InputStream raw = files.open(file);
    if (codec == null) {
      return raw;
    }
    try {
      return codec.createInputStream(raw);
    } catch (RuntimeException | LinkageError e) {
      // Codecs of Hadoop that need its native library, which is not there.
      raw.close();
      throw packed(table, file, end(file));
    }
  }

  private static void header(TableSettings table, Path file, String line, Columns columns) {
    String separator =
        table.options().getOrDefault("sep", table.options().getOrDefault("delimiter", ","));
    Set<String> names = new HashSet<>();
    String[] parts = line.split(Pattern.quote(separator.isEmpty() ? "," : separator));
    for (String part : parts) {
      String name = part.trim().replaceAll("^\"|\"$", "");
      names.add(name);
    }
    for (String name : names) {
      String other = columns.spelt.put(name.toLowerCase(Locale.ROOT), name);
      if (other != null) {
        throw twice(table, file, other, name);
      }
    }
    columns.types.put("", line.toLowerCase(Locale.ROOT));
  }

  private static void add(
      TableSettings table, Path file, Columns columns, String name, String type, boolean allNull) {
    String small = name.toLowerCase(Locale.ROOT);
    columns.types.put(small, type);
    String other = columns.spelt.put(small, name);
    if (other != null) {
      throw twice(table, file, other, name);
    }
    if (allNull) {
      columns.allNull.add(small);
    }
  }

  private static InputException twice(TableSettings table, Path file, String one, String other) {
    String first = one.compareTo(other) < 0 ? one : other;
    String second = first.equals(one) ? other : one;
    return new InputException(
        TableFiles.cannotRead(table)
            + file
            + " has two columns "
            + first
            + " and "
            + second
            + " whose names differ only in case. Rename or leave out one of them.");
  }

  private static void refusePacked(TableSettings table, Path file) {
    String end = end(file);
    if (PACKED.contains(end) || NEVER_UNPACKED.contains(end)) {
      throw packed(table, file, end);
    }
  }

  private static InputException packed(TableSettings table, Path file, String by) {
    return new InputException(
        TableFiles.cannotRead(table)
            + file
            + " is packed by "
            + by
            + ", which Spark does not unpack here. Unpack it; texts may be packed by gzip or bzip2,"
            + " Parquet and ORC compress themselves.");
  }

  private static void refuseFirstBytes(
      TableSettings table, Path file, FileSystem files, Format format) throws IOException {
    byte[] first = new byte[6];
    int read;
    try (InputStream in = files.open(file)) {
      read = in.read(first);
    }
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < read; i++) {
      hex.append(String.format("%02x", first[i]));
    }
    for (Map.Entry<String, String> known : FIRST_BYTES.entrySet()) {
      if (hex.toString().startsWith(known.getKey())) {
        throw new InputException(
            TableFiles.cannotRead(table)
                + file
                + " is no "
                + name(format)
                + " but "
                + known.getValue()
                + ", by its first bytes. Give it the name of what it is, or unpack it.");
      }
    }
  }

  private static Map<String, String> firstBytes() {
    Map<String, String> bytes = new TreeMap<>();
    bytes.put("504b0304", "packed by zip");
    bytes.put("1f8b", "packed by gzip");
    bytes.put("425a68", "packed by bzip2");
    bytes.put("28b52ffd", "packed by zstd");
    bytes.put("04224d18", "packed by lz4");
    bytes.put("fd377a585a", "packed by xz");
    bytes.put("50415231", "Parquet");
    return Collections.unmodifiableMap(bytes);
  }

  private static String end(Path file) {
    String name = file.getName().toLowerCase(Locale.ROOT);
    return name.substring(name.lastIndexOf('.') + 1);
  }

  Path path() {
    return status.getPath();
  }

  Format format() {
    return format;
  }

  /** Whether there is a row, where that is known; else true. */
  boolean hasRows() {
    return columns.rows;
  }

  /** Whether Spark's fast reader of Parquet does not know how its values are stored. */
  boolean needsPlainReader() {
    return columns.split;
  }

  /** How it is compressed, by the names of the codecs. */
  Set<String> codecs() {
    return Collections.unmodifiableSet(columns.codecs);
  }

  /** Types, as the format writes them, by the column's name in small letters. */
  Map<String, String> types() {
    return Collections.unmodifiableMap(columns.types);
  }

  /** Columns, in small letters, in which all values are null. */
  Set<String> allNull() {
    return Collections.unmodifiableSet(columns.allNull);
  }
}
