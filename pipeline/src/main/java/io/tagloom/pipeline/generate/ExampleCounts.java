package io.tagloom.pipeline.generate;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What example logs hold: rows per table, and how many of them are peculiar in which way.
 * Immutable.
 */
public final class ExampleCounts {
  private final SortedMap<String, Long> rows;
  private final SortedMap<String, Long> anomalies;
  private final boolean reused;

  ExampleCounts(Map<String, Long> rows, Map<String, Long> anomalies, boolean reused) {
    this.rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
    this.anomalies = Collections.unmodifiableSortedMap(new TreeMap<>(anomalies));
    this.reused = reused;
  }

  /**
   * Rows of a table, with duplicates, late and orphaned ones.
   *
   * @param table impressions, clicks, conversions, users or items
   * @throws IllegalArgumentException for any other name
   */
  public long rows(String table) {
    Long count = rows.get(table);
    if (count == null) {
      throw new IllegalArgumentException(
          "Invalid table: " + table + "; expected one of " + rows.keySet() + ".");
    }
    return count;
  }

  /** Rows by table. */
  public SortedMap<String, Long> rows() {
    return rows;
  }

  /**
   * Peculiar rows by name: {@code duplicate_} impressions, clicks and conversions; {@code late_}
   * clicks and conversions (in the log of a later day); {@code out_of_window_clicks}; {@code
   * orphan_} clicks and conversions; {@code repeated_clicks}; {@code after_end_} clicks and
   * conversions, which are not in the logs.
   */
  public SortedMap<String, Long> anomalies() {
    return anomalies;
  }

  /** Whether the logs were there already, from the same settings, seed and dates. */
  public boolean reused() {
    return reused;
  }

  ExampleCounts asReused() {
    return new ExampleCounts(rows, anomalies, true);
  }
}
