package io.tagloom.features.logs;

import io.tagloom.conf.InputSettings;
import io.tagloom.conf.TableSettings;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The three event logs, their columns and which of these they must have. */
public enum LogTable {
  /** What was shown: one row an impression. */
  IMPRESSIONS(
      Arrays.asList("impression_id", "user_id", "item_id", "ts", "position"),
      Collections.singletonList(Arrays.asList("impression_id", "user_id", "item_id", "ts"))),

  /** What was clicked. */
  CLICKS(
      Arrays.asList("click_id", "impression_id", "user_id", "item_id", "ts", "dwell_ms"),
      Arrays.asList(
          Arrays.asList("ts", "impression_id"), Arrays.asList("ts", "user_id", "item_id"))),

  /** What followed a click. */
  CONVERSIONS(
      Arrays.asList(
          "conversion_id",
          "click_id",
          "impression_id",
          "user_id",
          "item_id",
          "ts",
          "type",
          "value"),
      Arrays.asList(
          Arrays.asList("ts", "click_id"),
          Arrays.asList("ts", "impression_id"),
          Arrays.asList("ts", "user_id", "item_id")));

  private final List<String> columns;
  private final List<List<String>> keys;

  LogTable(List<String> columns, List<List<String>> keys) {
    this.columns = Collections.unmodifiableList(columns);
    this.keys = Collections.unmodifiableList(keys);
  }

  /** The standard columns, in order. */
  public List<String> columns() {
    return columns;
  }

  /** The sets of columns of which a log must have one. */
  List<List<String>> keys() {
    return keys;
  }

  /** The columns that hold ids or the names of types. */
  List<String> ids() {
    return columns.stream()
        .filter(name -> name.endsWith("_id") || name.equals("type"))
        .collect(Collectors.toList());
  }

  /** The column that names a row, by which copies are told. */
  public String id() {
    return columns.get(0);
  }

  /** The table's name in the settings and in messages. */
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The settings of this table. */
  public TableSettings settings(InputSettings input) {
    switch (this) {
      case IMPRESSIONS:
        return input.impressions();
      case CLICKS:
        return input.clicks();
      default:
        return input.conversions();
    }
  }
}
