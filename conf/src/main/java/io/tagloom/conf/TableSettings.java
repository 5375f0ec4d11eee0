package io.tagloom.conf;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;

/** Where one input table is and how it is read: a block of {@code input}. Immutable. */
public final class TableSettings {
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
    JSON
  }

  private final String name;
  private final String path;
  private final Format format;
  private final Map<String, String> columns;
  private final ZoneId timeZone;
  private final String timestamp;
  private final Map<String, String> options;

  private TableSettings(SettingsReader reader, String name, ZoneId timeZone, String timestamp) {
    this.name = Objects.requireNonNull(name);
    this.path = reader.text("path").trim();
    this.format = reader.choice("format", Format.class);
    this.columns = Collections.unmodifiableMap(reader.map("columns"));
    this.timeZone = timeZone;
    this.timestamp = timestamp;
    this.options = Collections.unmodifiableMap(reader.map("options"));
  }

  static TableSettings snapshot(SettingsReader input, String name) {
    return new TableSettings(input.at(name), name, ZoneOffset.UTC, "auto");
  }

  static TableSettings log(SettingsReader input, String name) {
    SettingsReader reader = input.at(name);
    return new TableSettings(reader, name, zone(reader), timestamp(reader));
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
    if (timestamp.equals("auto") || timestamp.equals("millis") || timestamp.equals("seconds")) {
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
          "auto, millis, seconds or a pattern such as \"yyyy-MM-dd HH:mm:ss.SSS\"");
      return "auto";
    }
  }

  /** The table's name: impressions, clicks, conversions, users or items. */
  public String name() {
    return name;
  }

  /**
   * The file or folder, on any Hadoop file system.
   *
   * @return a path or URI
   * @throws SettingsException when none is set
   */
  public String path() {
    if (path.isEmpty()) {
      throw new SettingsException(
          "Missing input."
              + name
              + ".path; expected the file or folder of the "
              + name
              + " table. Set it in the settings file or with --set input."
              + name
              + ".path=PATH.");
    }
    return path;
  }

  /** Whether a path is set. */
  public boolean hasPath() {
    return !path.isEmpty();
  }

  /** The file format. */
  public Format format() {
    return format;
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

  /** How {@code ts} is read: auto, millis, seconds, or a {@link DateTimeFormatter} pattern. */
  public String timestamp() {
    return timestamp;
  }

  /** Options handed to Spark's reader, such as {@code sep} of CSV. */
  public Map<String, String> options() {
    return options;
  }
}
