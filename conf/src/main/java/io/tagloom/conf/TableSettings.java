package io.tagloom.conf;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where one input table is and how it is read: a block of {@code input}. Immutable. */
public final class TableSettings {
  /** Value of {@code as-of} for the version that is the newest when a date is first run. */
  public static final String LATEST = "latest";

  /** Value of {@code timestamp} for times whose form and unit are told by themselves. */
  public static final String AUTO = "auto";

  /** Units of {@code timestamp} since 1970, each a thousand to the one before. */
  public static final List<String> UNITS =
      Collections.unmodifiableList(Arrays.asList("seconds", "millis", "micros", "nanos"));

  private static final String AUTO_DATE_COLUMN = "auto";
  private static final String DEFAULT_DATE_COLUMN = "dt";
  private static final Pattern NAME_PART = Pattern.compile("`([^`]+)`|([A-Za-z0-9_-]+)");
  private static final Pattern SOURCE = Pattern.compile("[A-Za-z][A-Za-z0-9_.$-]*");

  /** File format of a table. */
  public enum Format {
    /** Told by the names of the files. */
    AUTO,
    /** Apache Parquet. */
    PARQUET,
    /** Apache ORC. */
    ORC,
    /** Text with a header line and a separator. */
    CSV,
    /** One JSON object a line. */
    JSON,
    /** Another data source of Spark, see {@link TableSettings#source()}. */
    OTHER
  }

  private final String name;
  private final String path;
  private final List<String> table;
  private final String source;
  private final Format format;
  private final String dateColumn;
  private final String asOf;
  private final Map<String, String> columns;
  private final ZoneId timeZone;
  private final String timestamp;
  private final Map<String, String> options;
  private final List<String> names;
  private final String newestBy;

  private TableSettings(
      SettingsReader reader, String name, ZoneId timeZone, String timestamp, String newestBy) {
    this.name = Objects.requireNonNull(name);
    this.path = reader.text("path").trim();
    this.table = table(reader);
    this.source = source(reader);
    this.format = format(source);
    this.dateColumn = dateColumn(reader);
    this.columns = Collections.unmodifiableMap(reader.map("columns"));
    this.timeZone = timeZone;
    this.timestamp = timestamp;
    this.options = Collections.unmodifiableMap(reader.map("options"));
    this.names = names(reader);
    this.newestBy = Objects.requireNonNull(newestBy);
    this.asOf = asOf(reader);
    if (!table.isEmpty()) {
      checkAlone(reader);
    }
    if (!asOf.equals(LATEST) && table.isEmpty() && format != Format.OTHER) {
      reader.fault("as-of", asOf, "latest for format " + source + ", which keeps no versions");
    }
  }

  private TableSettings(TableSettings other, String asOf) {
    this.name = other.name;
    this.path = other.path;
    this.table = other.table;
    this.source = other.source;
    this.format = other.format;
    this.dateColumn = other.dateColumn;
    this.asOf = Objects.requireNonNull(asOf);
    this.columns = other.columns;
    this.timeZone = other.timeZone;
    this.timestamp = other.timestamp;
    this.options = other.options;
    this.names = other.names;
    this.newestBy = other.newestBy;
  }

  static TableSettings snapshot(SettingsReader input, String name) {
    SettingsReader reader = input.at(name);
    String newestBy = reader.text("newest-by").trim();
    return new TableSettings(reader, name, ZoneOffset.UTC, AUTO, newestBy);
  }

  static TableSettings log(SettingsReader input, String name) {
    SettingsReader reader = input.at(name);
    return new TableSettings(reader, name, zone(reader), timestamp(reader), "");
  }

  private static List<String> names(SettingsReader reader) {
    List<String> names = reader.texts("names");
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (name.trim().isEmpty() || !seen.add(name.toLowerCase(Locale.ROOT))) {
        reader.fault("names", names.toString(), "each column's name once, none empty");
        return Collections.emptyList();
      }
    }
    return Collections.unmodifiableList(names);
  }

  private static List<String> table(SettingsReader reader) {
    String text = reader.text("table").trim();
    List<String> parts = new ArrayList<>();
    Matcher part = NAME_PART.matcher(text);
    int at = 0;
    while (at < text.length() && part.region(at, text.length()).lookingAt()) {
      parts.add(part.group(1) == null ? part.group(2) : part.group(1));
      at = part.end();
      if (at < text.length() - 1 && text.charAt(at) == '.') {
        at++;
      } else {
        break;
      }
    }
    if (at < text.length()) {
      reader.fault(
          "table", text, "a name such as ads.clicks or lake.ads.clicks, other signs in backquotes");
      return Collections.emptyList();
    }
    return Collections.unmodifiableList(parts);
  }

  private static String source(SettingsReader reader) {
    String text = reader.text("format").trim();
    if (!SOURCE.matcher(text).matches()) {
      reader.fault(
          "format",
          text.isEmpty() ? "\"\"" : text,
          "auto, parquet, orc, csv, json or the name of another data source of Spark");
      return SettingsReader.name(Format.AUTO);
    }
    String small = text.toLowerCase(Locale.ROOT);
    return format(small) == Format.OTHER ? text : small;
  }

  private static Format format(String source) {
    for (Format format : Format.values()) {
      if (format != Format.OTHER && SettingsReader.name(format).equals(source)) {
        return format;
      }
    }
    return Format.OTHER;
  }

  private static String dateColumn(SettingsReader reader) {
    String column = reader.text("date-column").trim();
    if (column.isEmpty() || column.contains("/") || column.contains("=") || column.contains("`")) {
      reader.fault(
          "date-column", column.isEmpty() ? "\"\"" : column, "auto, none or the name of a column");
      return AUTO_DATE_COLUMN;
    }
    return column;
  }

  private static String asOf(SettingsReader reader) {
    String text = reader.text("as-of").trim();
    if (text.equals(LATEST) || text.matches("[0-9]{1,19}")) {
      return text;
    }
    try {
      return Instant.parse(text).toString();
    } catch (DateTimeException e) {
      return asOfLocal(reader, text);
    }
  }

  private static String asOfLocal(SettingsReader reader, String text) {
    try {
      return LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC).toString();
    } catch (DateTimeException e) {
      reader.fault(
          "as-of",
          text.isEmpty() ? "\"\"" : text,
          "latest, the number of a version, or a time (UTC) such as 2026-11-02T03:00:00Z");
      return LATEST;
    }
  }

  private void checkAlone(SettingsReader reader) {
    String key = "input." + name;
    if (!path.isEmpty()) {
      reader.fault("table", tableName(), "no table beside " + key + ".path, or no path");
    }
    if (format != Format.AUTO) {
      reader.fault("format", source, "auto beside " + key + ".table: the catalog knows the format");
    }
    if (!names.isEmpty()) {
      reader.fault("names", names.toString(), "none beside " + key + ".table");
    }
    if (!options.isEmpty()) {
      reader.fault("options", options.keySet().toString(), "none beside " + key + ".table");
    }
  }

  private static ZoneId zone(SettingsReader reader) {
    String zone = reader.text("time-zone").trim();
    try {
      return ZoneId.of(zone);
    } catch (DateTimeException e) {
      reader.fault("time-zone", zone, "a zone such as UTC, Europe/Berlin or +08:00");
      return ZoneOffset.UTC;
    }
  }

  private static String timestamp(SettingsReader reader) {
    String timestamp = reader.text("timestamp").trim();
    if (timestamp.equals(AUTO) || UNITS.contains(timestamp)) {
      return timestamp;
    }
    try {
      DateTimeFormatter pattern = DateTimeFormatter.ofPattern(timestamp);
      if (timestamp.isEmpty() || pattern.toString().isEmpty()) {
        throw new IllegalArgumentException("empty");
      }
      return timestamp;
    } catch (IllegalArgumentException e) {
      reader.fault(
          "timestamp",
          timestamp,
          "auto, seconds, millis, micros, nanos or a pattern such as"
              + " \"yyyy-MM-dd HH:mm:ss.SSS\"");
      return AUTO;
    }
  }

  /** The table's name: impressions, clicks, conversions, users or items. */
  public String name() {
    return name;
  }

  /** The file or folder, on any Hadoop file system: a path or URI; empty when none is set. */
  public String path() {
    return path;
  }

  /** The parts of the name that a catalog has the table under; empty when it is not named so. */
  public List<String> table() {
    return table;
  }

  /** The name in a catalog as SQL reads it, every part in backquotes. */
  public String quotedTable() {
    return "`" + String.join("`.`", table) + "`";
  }

  private String tableName() {
    return String.join(".", table);
  }

  /** Whether it is set where the table is. */
  public boolean present() {
    return !path.isEmpty() || !table.isEmpty() || format == Format.OTHER && !options.isEmpty();
  }

  /**
   * Where the table is, for a person: its path, its name in a catalog, or the data source with what
   * it calls a table.
   *
   * @throws SettingsException when nothing says where
   */
  public String place() {
    if (!present()) {
      throw new SettingsException(
          "Missing input."
              + name
              + ".path and input."
              + name
              + ".table; expected one of them, the file or folder of the "
              + name
              + " table or its name in a catalog. Set it in the settings file or with --set input."
              + name
              + ".path=PATH.");
    }
    if (!table.isEmpty()) {
      return tableName();
    }
    return path.isEmpty() ? (source + " " + options.getOrDefault("dbtable", "")).trim() : path;
  }

  /** The file format. */
  public Format format() {
    return format;
  }

  /** The format's name as Spark knows it. */
  public String source() {
    return source;
  }

  /** The column of a partition's date, by which days are told. */
  public String dateColumn() {
    return hasDateColumn() ? dateColumn : DEFAULT_DATE_COLUMN;
  }

  /**
   * Whether the settings name the date column; else it counts where the table is partitioned by it.
   */
  public boolean hasDateColumn() {
    return !dateColumn.equals(AUTO_DATE_COLUMN);
  }

  /** Whether days are told by no column, even where the table has one. */
  public boolean isFlat() {
    return dateColumn.equals("none");
  }

  /**
   * The version that is read of a table whose format keeps versions: {@link #LATEST}, the number of
   * a version, or a time as {@link Instant} writes it.
   */
  public String asOf() {
    return asOf;
  }

  /** Whether {@link #asOf()} is the number of a version. */
  public boolean isPinned() {
    return asOf.matches("[0-9]+");
  }

  /** The same table at a version, by its number. */
  public TableSettings at(String version) {
    return new TableSettings(this, version);
  }

  /** The table's own name of a column: {@code column} itself when nothing else is set. */
  public String column(String column) {
    return columns.getOrDefault(column, column);
  }

  /** Our column names to the table's own, for those that differ. */
  public Map<String, String> columns() {
    return columns;
  }

  /** The zone of text timestamps that name none. */
  public ZoneId timeZone() {
    return timeZone;
  }

  /**
   * How {@code ts} is read: {@link #AUTO}, one of {@link #UNITS}, or a {@link DateTimeFormatter}
   * pattern.
   */
  public String timestamp() {
    return timestamp;
  }

  /** Options handed to Spark's reader, such as {@code sep} of CSV. */
  public Map<String, String> options() {
    return options;
  }

  /**
   * Names of the columns of CSV files without a header line, in order; empty where there is one.
   */
  public List<String> names() {
    return names;
  }

  /** The column of a snapshot whose largest value tells which row of a key counts; empty: none. */
  public String newestBy() {
    return newestBy;
  }
}
