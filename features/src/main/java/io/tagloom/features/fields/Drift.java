package io.tagloom.features.fields;

import java.util.Map;

/**
 * Population stability index of a field between two fits.
 *
 * <p>The bins are the 20 top values of the earlier fit, one bin for all other values, and one for
 * rows without a value. Shares are smoothed by half a row per bin, so that an empty bin gives a
 * finite index.
 */
final class Drift {
  /** Chance alone adds about bins / rows to the index: few bins keep small fits quiet. */
  private static final int BINS = 20;

  private Drift() {}

  static double index(FieldStatistics before, FieldStatistics now, Vocabulary vocabulary) {
    int bins = Math.min(BINS, before.top().size()) + 2;
    double wasTotal = total(before) + 0.5 * bins;
    double isTotal = total(now) + 0.5 * bins;
    long wasRest = before.occurrences();
    long isRest = now.occurrences();
    double index = 0;
    int left = BINS;
    for (Map.Entry<String, Long> bin : before.top().entrySet()) {
      if (left-- == 0) {
        break;
      }
      long was = bin.getValue();
      long is = count(now, vocabulary, bin.getKey());
      index += term(was, wasTotal, is, isTotal);
      wasRest -= was;
      isRest -= is;
    }
    index += term(Math.max(0, wasRest), wasTotal, Math.max(0, isRest), isTotal);
    long wasMissing = before.rows() - before.covered();
    return index + term(wasMissing, wasTotal, now.rows() - now.covered(), isTotal);
  }

  private static double total(FieldStatistics statistics) {
    return statistics.occurrences() + statistics.rows() - statistics.covered();
  }

  private static long count(FieldStatistics now, Vocabulary vocabulary, String value) {
    Long inTop = now.top().get(value);
    if (inTop != null || !vocabulary.kind().hasVocabulary()) {
      return inTop == null ? 0 : inTop;
    }
    int id = vocabulary.id(value);
    return id < Vocabulary.FIRST ? 0 : vocabulary.count(id);
  }

  private static double term(double was, double wasTotal, double is, double isTotal) {
    double p = (was + 0.5) / wasTotal;
    double q = (is + 0.5) / isTotal;
    return (q - p) * Math.log(q / p);
  }
}
