package io.tagloom.features.fields;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a fit has seen of one field in training rows. Immutable. */
public final class FieldStatistics implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Values that {@link #top()} holds at most. */
  public static final int TOP = 100;

  private final String field;
  private final long rows;
  private final long covered;
  private final long occurrences;
  private final long unknown;
  private final int size;
  private final int added;
  private final int evicted;
  private final Map<String, Long> top;
  private final double drift;

  FieldStatistics(
      String field,
      long rows,
      long covered,
      long occurrences,
      long unknown,
      int[] sizeAddedEvicted,
      Map<String, Long> top,
      double drift) {
    this.field = field;
    this.rows = rows;
    this.covered = covered;
    this.occurrences = occurrences;
    this.unknown = unknown;
    this.size = sizeAddedEvicted[0];
    this.added = sizeAddedEvicted[1];
    this.evicted = sizeAddedEvicted[2];
    this.top = Collections.unmodifiableMap(new LinkedHashMap<>(top));
    this.drift = drift;
  }

  /** The field's name. */
  public String field() {
    return field;
  }

  /** Training rows. */
  public long rows() {
    return rows;
  }

  /** Share of training rows with at least one value, 0 to 1. */
  public double coverage() {
    return rows == 0 ? 0 : (double) covered / rows;
  }

  /** Share of the values in training rows that have the unknown id, 0 to 1. */
  public double unknownShare() {
    return occurrences == 0 ? 0 : (double) unknown / occurrences;
  }

  /** Number of ids, padding and unknown included. */
  public int size() {
    return size;
  }

  /** Values that this fit has added. */
  public int added() {
    return added;
  }

  /** Values that this fit has evicted. */
  public int evicted() {
    return evicted;
  }

  /**
   * The most frequent values with the number of rows they are in, most frequent first, at most
   * {@code #TOP}. For bucketed and hashed fields scaled up from a sample of rows.
   */
  public Map<String, Long> top() {
    return top;
  }

  /**
   * Population stability index against the fit before: sum over that fit's 20 top values, the rest
   * and missing rows of (q - p) ln(q / p), p and q being their shares then and now. Empty at the
   * first fit.
   */
  public Optional<Double> drift() {
    return Double.isNaN(drift) ? Optional.<Double>empty() : Optional.of(drift);
  }

  long covered() {
    return covered;
  }

  long occurrences() {
    return occurrences;
  }

  long unknown() {
    return unknown;
  }

  FieldStatistics withDrift(double index) {
    int[] sizes = {size, added, evicted};
    return new FieldStatistics(field, rows, covered, occurrences, unknown, sizes, top, index);
  }

  @Override
  public String toString() {
    return String.format(
        java.util.Locale.ROOT,
        "%s: %d ids, coverage %.4f, unknown %.4f",
        field,
        size,
        coverage(),
        unknownShare());
  }
}
