package io.tagloom.export;

import io.tagloom.export.scoring.CertifiedList;
import io.tagloom.export.scoring.CertifiedSearch;
import io.tagloom.export.scoring.MatrixProduct;
import io.tagloom.export.scoring.RankedTags;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.scoring.TagRanking;
import io.tagloom.export.tables.Gates;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What certified search for items takes, and whether it finds what ranking all finds. Immutable.
 */
final class CertifiedItems implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Items searched among; of more, the first are taken. */
  static final int MOST_ITEMS = 20_000;

  private static final int TOP = 10;

  private final long searches;
  private final long lists;
  private final long first;
  private final long others;

  private CertifiedItems(long searches, long lists, long first, long others) {
    this.searches = searches;
    this.lists = lists;
    this.first = first;
    this.others = others;
  }

  static CertifiedItems none() {
    return new CertifiedItems(0, 0, 0, 0);
  }

  /**
   * Searches the best 10 items of some users.
   *
   * @param task the task
   * @param items its gates
   * @param queries the users' experts that the task reads, one after another
   */
  static CertifiedItems of(ScoredTask task, List<Gates> items, List<float[]> queries) {
    if (items.isEmpty()) {
      return none();
    }
    TagMatrix matrix = matrix(task, items);
    TagRanking ranking = TagRanking.of(matrix, task.kernelCount(), MatrixProduct.plain());
    CertifiedSearch search = new CertifiedSearch(matrix);
    RankedTags expected = new RankedTags(TOP);
    long lists = 0;
    long first = 0;
    long others = 0;
    for (float[] query : queries) {
      CertifiedList found = search.search(query, 0, TOP);
      ranking.rank(query, 1, expected);
      lists += found.lists();
      first += found.rounds() == 1 ? 1 : 0;
      boolean same =
          found.count() == expected.count(0)
              && IntStream.range(0, found.count())
                  .allMatch(rank -> found.tag(rank) == expected.tag(0, rank));
      others += same ? 0 : 1;
    }
    return new CertifiedItems(queries.size(), lists, first, others);
  }

  /** The items as a task whose kernels are numbered from 0, as they stand in a query. */
  private static TagMatrix matrix(ScoredTask task, List<Gates> items) {
    int dim = items.get(0).vector().length;
    int kernels = task.kernelCount();
    List<String> names = new ArrayList<>();
    float[] vectors = new float[items.size() * dim];
    float[] gates = new float[items.size() * kernels];
    for (int i = 0; i < items.size(); i++) {
      names.add(items.get(i).key());
      System.arraycopy(items.get(i).vector(), 0, vectors, i * dim, dim);
      System.arraycopy(items.get(i).gate(), 0, gates, i * kernels, kernels);
    }
    ScoredTask own =
        new ScoredTask(
            task.name(),
            IntStream.range(0, kernels).toArray(),
            task.scale(),
            task.bias(),
            task.kind());
    return TagTables.sorted(own, dim, names, vectors, gates);
  }

  /** These searches and others. */
  CertifiedItems with(CertifiedItems more) {
    return new CertifiedItems(
        searches + more.searches, lists + more.lists, first + more.first, others + more.others);
  }

  /** Searches that did not find what ranking all items finds. */
  long others() {
    return others;
  }

  /** Mean lists read and share certified at the first reading; none without a search. */
  SortedMap<String, Double> numbers() {
    SortedMap<String, Double> numbers = new TreeMap<>();
    if (searches > 0) {
      numbers.put("mean_lists", (double) lists / searches);
      numbers.put("first_try_share", (double) first / searches);
    }
    return numbers;
  }
}
