package io.tagloom.export;

import io.tagloom.export.publish.Check;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What an export has published. Immutable. */
public final class Publication {
  private final String version;
  private final String modelId;
  private final SortedMap<String, String> tables;
  private final SortedMap<String, Long> rows;
  private final SortedMap<String, Double> numbers;
  private final List<Check> checks;
  private final List<String> warnings;

  Publication(
      String version,
      String modelId,
      Map<String, String> tables,
      Map<String, Long> rows,
      Map<String, Double> numbers,
      List<Check> checks,
      List<String> warnings) {
    this.version = version;
    this.modelId = modelId;
    this.tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
    this.rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
    this.numbers = Collections.unmodifiableSortedMap(new TreeMap<>(numbers));
    this.checks = Collections.unmodifiableList(new ArrayList<>(checks));
    this.warnings = Collections.unmodifiableList(new ArrayList<>(warnings));
  }

  /** Name of the published version. */
  public String version() {
    return version;
  }

  /** The model's id. */
  public String modelId() {
    return modelId;
  }

  /** Folder of each table by its name; {@code manifest} is the folder of the manifest table. */
  public SortedMap<String, String> tables() {
    return tables;
  }

  /** Rows of each table by its name. */
  public SortedMap<String, Long> rows() {
    return rows;
  }

  /**
   * Measures of the export by name, such as {@code proof.users} and {@code proof.worst_identity}.
   */
  public SortedMap<String, Double> numbers() {
    return numbers;
  }

  /** The checks, all passed. */
  public List<Check> checks() {
    return checks;
  }

  /** What could not be done about the views of the catalog, a line each. */
  public List<String> warnings() {
    return warnings;
  }

  /** The same with more numbers. */
  Publication with(Map<String, Double> others) {
    Map<String, Double> more = new TreeMap<>(numbers);
    more.putAll(others);
    return new Publication(version, modelId, tables, rows, more, checks, warnings);
  }
}
