package io.tagloom.export;

import java.io.Serializable;

/** How often tags were seen and answered, per list; rates of them. */
final class ProfileRates implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Impressions that a user's own rate of a tag is worth less than: so many are added at the rate
   * of all users.
   */
  private static final double SMOOTHING = 10;

  private final double[][] seen;
  private final double[][] positive;

  ProfileRates(int lists, int tags) {
    this.seen = new double[lists][tags];
    this.positive = new double[lists][tags];
  }

  /**
   * Adds a row.
   *
   * @param tags its tags
   * @param counts per list its weight, and its weight if it is positive
   */
  void add(int[] tags, double[] counts) {
    for (int tag : tags) {
      for (int list = 0; list < seen.length; list++) {
        seen[list][tag] += counts[2 * list];
        positive[list][tag] += counts[2 * list + 1];
      }
    }
  }

  void add(ProfileRates other) {
    for (int list = 0; list < seen.length; list++) {
      for (int tag = 0; tag < seen[list].length; tag++) {
        seen[list][tag] += other.seen[list][tag];
        positive[list][tag] += other.positive[list][tag];
      }
    }
  }

  /** Rate over all users; 0 for a tag that was never seen. */
  double of(int list, int tag) {
    return seen[list][tag] == 0 ? 0 : positive[list][tag] / seen[list][tag];
  }

  /** A user's own rate, with some impressions added at the rate of all users. */
  double own(int list, int tag, double ownSeen, double ownPositive) {
    return (ownPositive + SMOOTHING * of(list, tag)) / (ownSeen + SMOOTHING);
  }
}
