package io.tagloom.export.tables;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Where one file of a table goes, and what its metadata says. Immutable. */
public final class TablePart {
  /** Metadata key of the schema version. */
  public static final String SCHEMA_VERSION_KEY = "tagloom.schema-version";

  /** Metadata key of the model's id. */
  public static final String MODEL_ID_KEY = "tagloom.model-id";

  /** Metadata key of the table's name. */
  public static final String TABLE_KEY = "tagloom.table";

  private final Configuration configuration;
  private final TableKind kind;
  private final Path target;
  private final String attempt;
  private final Map<String, String> metadata;

  /**
   * Names a file.
   *
   * @param configuration Hadoop configuration
   * @param versionFolder folder of the version
   * @param kind the table
   * @param part 0-based number of the file
   * @param attempt what tells two attempts at the file apart
   * @param modelId the model's id
   */
  public TablePart(
      Configuration configuration,
      Path versionFolder,
      TableKind kind,
      int part,
      String attempt,
      String modelId) {
    this.configuration = configuration;
    this.kind = kind;
    this.target = new Path(new Path(versionFolder, kind.folder()), name(part));
    this.attempt = attempt;
    Map<String, String> entries = new TreeMap<>();
    entries.put(SCHEMA_VERSION_KEY, String.valueOf(TableKind.SCHEMA_VERSION));
    entries.put(TABLE_KEY, kind.folder());
    entries.put(MODEL_ID_KEY, modelId);
    this.metadata = Collections.unmodifiableMap(entries);
  }

  /** Name of a file, such as {@code part-00003.parquet}. */
  public static String name(int part) {
    return String.format("part-%05d.parquet", part);
  }

  Configuration configuration() {
    return configuration;
  }

  TableKind kind() {
    return kind;
  }

  Path target() {
    return target;
  }

  String attempt() {
    return attempt;
  }

  Map<String, String> metadata() {
    return metadata;
  }
}
