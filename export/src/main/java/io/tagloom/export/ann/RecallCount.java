package io.tagloom.export.ann;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Results of the same queries from a part of an index and from exact search over the same part:
 * parts are merged, then compared.
 */
public final class RecallCount implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Deepest rank that is compared. */
  public static final int DEPTH = 100;

  private final List<List<Neighbour>> found;
  private final List<List<Neighbour>> exact;

  private RecallCount(List<List<Neighbour>> found, List<List<Neighbour>> exact) {
    this.found = found;
    this.exact = exact;
  }

  /** Nothing, for a number of queries. */
  public static RecallCount none(int queries) {
    List<List<Neighbour>> empty = new ArrayList<>();
    for (int i = 0; i < queries; i++) {
      empty.add(Collections.<Neighbour>emptyList());
    }
    return new RecallCount(empty, empty);
  }

  /** Asks an index, and looks at every vector it holds. */
  public static RecallCount of(
      AnnIndex index, List<String> names, List<float[]> vectors, List<float[]> queries) {
    List<List<Neighbour>> found = new ArrayList<>();
    List<List<Neighbour>> exact = new ArrayList<>();
    Map<String, float[]> byName = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      byName.put(names.get(i), vectors.get(i));
    }
    for (float[] query : queries) {
      // Scored as the exact ones are: rounded in another way, an equal score would be no hit.
      List<Neighbour> some = new ArrayList<>();
      for (Neighbour neighbour : index.nearest(query, DEPTH)) {
        some.add(new Neighbour(neighbour.name(), product(query, byName.get(neighbour.name()))));
      }
      found.add(best(some));
      List<Neighbour> all = new ArrayList<>(names.size());
      for (int i = 0; i < names.size(); i++) {
        all.add(new Neighbour(names.get(i), product(query, vectors.get(i))));
      }
      exact.add(best(all));
    }
    return new RecallCount(found, exact);
  }

  /** This part and another. */
  public RecallCount with(RecallCount other) {
    return new RecallCount(merge(found, other.found), merge(exact, other.exact));
  }

  /**
   * Mean share of the exact best that were found; an item with the score of the last of them
   * counts, too.
   *
   * @param depth 1 to {@link #DEPTH}
   * @return 0 to 1; 1 when there is nothing to find
   */
  public double recall(int depth) {
    double sum = 0;
    int counted = 0;
    for (int query = 0; query < exact.size(); query++) {
      int wanted = Math.min(depth, exact.get(query).size());
      if (wanted > 0) {
        float last = exact.get(query).get(wanted - 1).score();
        List<Neighbour> some = found.get(query);
        int hits = 0;
        for (int i = 0; i < Math.min(wanted, some.size()); i++) {
          hits += some.get(i).score() >= last ? 1 : 0;
        }
        sum += (double) hits / wanted;
        counted++;
      }
    }
    return counted == 0 ? 1 : sum / counted;
  }

  private static List<List<Neighbour>> merge(List<List<Neighbour>> a, List<List<Neighbour>> b) {
    List<List<Neighbour>> merged = new ArrayList<>();
    for (int query = 0; query < a.size(); query++) {
      List<Neighbour> both = new ArrayList<>(a.get(query));
      both.addAll(b.get(query));
      merged.add(best(both));
    }
    return merged;
  }

  private static List<Neighbour> best(List<Neighbour> all) {
    Collections.sort(all);
    return new ArrayList<>(all.subList(0, Math.min(DEPTH, all.size())));
  }

  private static float product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return (float) sum;
  }
}
