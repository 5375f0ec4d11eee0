package io.tagloom.conf;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the five input tables are and how they are read: block {@code input} of {@code
 * reference.conf}. Immutable.
 */
public final class InputSettings {
  /** How a text column holds several values. */
  public enum ListFormat {
    /** As JSON where a value is in brackets or braces, else with the separator between. */
    AUTO,
    /** With the separator between, whatever a value looks like. */
    SEPARATED,
    /**
     * As a JSON array of texts, or of objects with a text and a weight, or an object of weights.
     */
    JSON
  }

  private final TableSettings impressions;
  private final TableSettings clicks;
  private final TableSettings conversions;
  private final TableSettings users;
  private final TableSettings items;
  private final String listSeparator;
  private final ListFormat listFormat;
  private final List<String> contextColumns;
  private final List<String> missingIds;

  private InputSettings(SettingsReader reader) {
    this.impressions = TableSettings.log(reader, "impressions");
    this.clicks = TableSettings.log(reader, "clicks");
    this.conversions = TableSettings.log(reader, "conversions");
    this.users = TableSettings.snapshot(reader, "users");
    this.items = TableSettings.snapshot(reader, "items");
    this.listSeparator = reader.text("list-separator");
    this.listFormat = reader.choice("list-format", ListFormat.class);
    this.contextColumns = Collections.unmodifiableList(reader.texts("context-columns"));
    this.missingIds = Collections.unmodifiableList(reader.texts("missing-ids"));
  }

  private InputSettings(InputSettings other, Map<String, String> versions) {
    this.impressions = at(other.impressions, versions);
    this.clicks = at(other.clicks, versions);
    this.conversions = at(other.conversions, versions);
    this.users = at(other.users, versions);
    this.items = at(other.items, versions);
    this.listSeparator = other.listSeparator;
    this.listFormat = other.listFormat;
    this.contextColumns = other.contextColumns;
    this.missingIds = other.missingIds;
  }

  private static TableSettings at(TableSettings table, Map<String, String> versions) {
    String version = versions.get(table.name());
    return version == null ? table : table.at(version);
  }

  static InputSettings read(SettingsReader reader) {
    InputSettings input = new InputSettings(reader);
    if (input.listSeparator.isEmpty()) {
      reader.fault("list-separator", "\"\"", "one character or more");
    }
    if (new HashSet<>(input.contextColumns).size() < input.contextColumns.size()) {
      reader.fault("context-columns", input.contextColumns.toString(), "each name once");
    }
    for (String column : input.contextColumns) {
      if (SampleSettings.SAMPLE_COLUMNS.contains(column.toLowerCase(Locale.ROOT))) {
        reader.fault(
            "context-columns",
            column,
            "names that no standard sample column has, such as shown_"
                + column
                + " with input.impressions.columns { shown_"
                + column
                + " = "
                + column
                + " }");
      }
    }
    return input;
  }

  /**
   * The same tables, some of them at a version.
   *
   * @param versions version by the table's name, such as clicks
   */
  public InputSettings at(Map<String, String> versions) {
    return new InputSettings(this, versions);
  }

  /** What was shown to whom, and when. */
  public TableSettings impressions() {
    return impressions;
  }

  /** What was clicked. */
  public TableSettings clicks() {
    return clicks;
  }

  /** What was bought, put into a cart, followed, ... after a click. */
  public TableSettings conversions() {
    return conversions;
  }

  /** Daily snapshot of the users. */
  public TableSettings users() {
    return users;
  }

  /** Daily snapshot of the items and their tags. */
  public TableSettings items() {
    return items;
  }

  /** Separator of a text column that holds several values. At least one character. */
  public String listSeparator() {
    return listSeparator;
  }

  /** How a text column holds several values. */
  public ListFormat listFormat() {
    return listFormat;
  }

  /** Columns of the impression log that samples carry beside the standard ones. */
  public List<String> contextColumns() {
    return contextColumns;
  }

  /** Values of id columns that stand for no id, beside null and blanks. */
  public List<String> missingIds() {
    return missingIds;
  }
}
