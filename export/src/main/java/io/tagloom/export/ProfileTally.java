package io.tagloom.export;

import io.tagloom.export.scoring.TagMatrix;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Profiles beside what held-out users did, user by user: sums that can be added.
 *
 * <p>Pair order: over the tags with at least five held-out rows of a user, the pairs whose rates
 * differ; a pair counts 1 if the list orders it as the rates do, half for ties. Rates: per tag the
 * mean probability over its held-out rows against its rate there.
 */
final class ProfileTally implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final double LEAST_ROWS = 5;
  private static final double MANY_ROWS = 1000;
  private static final String[] GROUPS = {"history", "cold"};
  private static final String[] WAYS = {"", "_global", "_own"};
  private static final int USERS = 0;
  private static final int PAIRS = 1;

  private final transient TagMatrix[] matrices;
  private final transient ProfileRates rates;
  // Of the user at hand: by tag, per list seen and positive in training, then held out.
  private final transient Map<Integer, double[]> user = new TreeMap<>();
  private transient boolean known;
  private transient float[] experts = {};

  /** By group and list: users, pairs, then ordered pairs by each way. */
  private final double[][][] pairs;

  /** By group and list, five a tag: rows, positives, then sums of probabilities by each way. */
  private final double[][][] tags;

  ProfileTally(TagMatrix[] matrices, ProfileRates rates) {
    this.matrices = matrices;
    this.rates = rates;
    this.pairs = new double[GROUPS.length][matrices.length][PAIRS + 1 + WAYS.length];
    int size = matrices.length == 0 ? 0 : matrices[0].size();
    this.tags = new double[GROUPS.length][matrices.length][size * (2 + WAYS.length)];
  }

  /** Adds a row of the user at hand. */
  void add(boolean held, int[] rowTags, double[] counts) {
    known |= !held;
    int half = 2 * matrices.length;
    for (int tag : rowTags) {
      double[] sums = user.computeIfAbsent(tag, key -> new double[2 * half]);
      for (int i = 0; i < half; i++) {
        sums[(held ? half : 0) + i] += counts[i];
      }
    }
  }

  boolean hasExperts() {
    return experts.length > 0;
  }

  /** Sets the experts of the user at hand. */
  void experts(float[] values) {
    experts = values;
  }

  /** Counts the user at hand, if anything of him was held out, and makes room for the next. */
  void endUser() {
    if (hasExperts()) {
      for (int list = 0; list < matrices.length; list++) {
        endList(list, known ? 0 : 1);
      }
    }
    user.clear();
    known = false;
    experts = new float[0];
  }

  private void endList(int list, int group) {
    int half = 2 * matrices.length;
    // By tag with enough rows: its rate, then its place by each way.
    double[][] compared = new double[user.size()][];
    int size = 0;
    for (Map.Entry<Integer, double[]> entry : user.entrySet()) {
      double[] sums = entry.getValue();
      double rows = sums[half + 2 * list];
      if (rows == 0) {
        continue;
      }
      int tag = entry.getKey();
      double score = matrices[list].score(experts, 0, tag);
      double global = rates.of(list, tag);
      double own = rates.own(list, tag, sums[2 * list], sums[2 * list + 1]);
      double positives = sums[half + 2 * list + 1];
      double[] all = tags[group][list];
      int at = tag * (2 + WAYS.length);
      all[at] += rows;
      all[at + 1] += positives;
      all[at + 2] += rows * matrices[list].probability(tag, score);
      all[at + 3] += rows * global;
      all[at + 4] += rows * own;
      if (rows >= LEAST_ROWS) {
        compared[size++] = new double[] {positives / rows, score, global, own};
      }
    }
    pairs[group][list][USERS]++;
    for (int a = 0; a < size; a++) {
      for (int b = 0; b < a; b++) {
        compare(compared[a], compared[b], pairs[group][list]);
      }
    }
  }

  private static void compare(double[] a, double[] b, double[] into) {
    double order = Math.signum(a[0] - b[0]);
    if (order != 0) {
      into[PAIRS]++;
      for (int way = 0; way < WAYS.length; way++) {
        into[PAIRS + 1 + way] += (1 + order * Math.signum(a[1 + way] - b[1 + way])) / 2;
      }
    }
  }

  /** Adds the users of another tally. */
  void add(ProfileTally other) {
    add(pairs, other.pairs);
    add(tags, other.tags);
  }

  private static void add(double[][][] into, double[][][] from) {
    for (int group = 0; group < into.length; group++) {
      for (int list = 0; list < into[group].length; list++) {
        for (int i = 0; i < into[group][list].length; i++) {
          into[group][list][i] += from[group][list][i];
        }
      }
    }
  }

  /**
   * The numbers by {@code LIST.GROUP.NAME}: {@code users}, {@code pairs}; {@code pair_order} of the
   * profiles, {@code pair_order_global} and {@code pair_order_own} of the rates over all users and
   * of the user's own, 0 to 1; {@code rate_error}, {@code rate_error_global}, {@code
   * rate_error_own}: mean distance of a tag's probability from its rate, tags weighted by rows;
   * {@code rate_worst}, {@code rate_worst_global}, {@code rate_worst_own}: largest distance as a
   * share of the rate, among the {@code rate_tags} tags of at least 1000 rows. What does not exist
   * is left out.
   *
   * @param lists names of the lists
   */
  SortedMap<String, Double> numbers(List<String> lists) {
    SortedMap<String, Double> numbers = new TreeMap<>();
    for (int list = 0; list < lists.size(); list++) {
      double[] allPairs = new double[PAIRS + 1 + WAYS.length];
      double[] allTags = new double[tags[0][list].length];
      for (int group = 0; group < GROUPS.length; group++) {
        put(
            numbers,
            lists.get(list) + "." + GROUPS[group] + ".",
            pairs[group][list],
            tags[group][list]);
        sum(allPairs, pairs[group][list]);
        sum(allTags, tags[group][list]);
      }
      put(numbers, lists.get(list) + ".all.", allPairs, allTags);
    }
    return numbers;
  }

  private static void sum(double[] into, double[] from) {
    for (int i = 0; i < into.length; i++) {
      into[i] += from[i];
    }
  }

  private static void put(
      SortedMap<String, Double> numbers, String prefix, double[] order, double[] sums) {
    double rows = 0;
    double[] errors = new double[WAYS.length];
    double[] worst = new double[WAYS.length];
    int many = 0;
    for (int at = 0; at < sums.length; at += 2 + WAYS.length) {
      rows += sums[at];
      for (int way = 0; way < WAYS.length; way++) {
        errors[way] += Math.abs(sums[at + 2 + way] - sums[at + 1]);
        if (sums[at] >= MANY_ROWS && sums[at + 1] > 0) {
          worst[way] = Math.max(worst[way], Math.abs(sums[at + 2 + way] / sums[at + 1] - 1));
        }
      }
      many += sums[at] >= MANY_ROWS && sums[at + 1] > 0 ? 1 : 0;
    }
    numbers.put(prefix + "users", order[USERS]);
    numbers.put(prefix + "pairs", order[PAIRS]);
    numbers.put(prefix + "rate_tags", (double) many);
    for (int way = 0; way < WAYS.length; way++) {
      if (order[PAIRS] > 0) {
        numbers.put(
            prefix + "pair_order" + WAYS[way], rounded(order[PAIRS + 1 + way] / order[PAIRS]));
      }
      if (rows > 0) {
        numbers.put(prefix + "rate_error" + WAYS[way], rounded(errors[way] / rows));
      }
      if (many > 0) {
        numbers.put(prefix + "rate_worst" + WAYS[way], rounded(worst[way]));
      }
    }
  }

  /** To a millionth: further digits would tell the order of additions. */
  private static double rounded(double value) {
    return Math.round(value * 1e6) / 1e6;
  }
}
