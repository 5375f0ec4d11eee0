package io.tagloom.export;

import io.tagloom.export.scoring.CertifiedList;
import io.tagloom.export.scoring.CertifiedSearch;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.tables.RankedTag;
import io.tagloom.export.tables.UserVectors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What certified search takes on a sample of users, and whether it finds what the lists say. */
final class CertifiedCounts {
  private final Map<TagMatrix, CertifiedSearch> searches = new HashMap<>();
  private long lists;
  private long read;
  private long first;
  private long candidates;
  private long others;

  /** Searches for a user's list anew. */
  void add(UserVectors user, TagMatrix tags, List<RankedTag> list, int top) {
    CertifiedList found =
        searches
            .computeIfAbsent(tags, CertifiedSearch::new)
            .search(user.experts(), user.offset(), top);
    lists++;
    read += found.lists();
    first += found.rounds() == 1 ? 1 : 0;
    candidates += found.candidates();
    // A list may end early, below the least probability.
    boolean same = list.size() <= found.count();
    for (int rank = 0; same && rank < list.size(); rank++) {
      same = tags.name(found.tag(rank)).equals(list.get(rank).tag());
    }
    others += same ? 0 : 1;
  }

  /** Lists that were not as found. */
  long others() {
    return others;
  }

  /**
   * Mean lists read, share certified at the first reading, mean tags scored; none without a search.
   */
  SortedMap<String, Double> numbers() {
    SortedMap<String, Double> numbers = new TreeMap<>();
    if (lists > 0) {
      numbers.put("certified.mean_lists", (double) read / lists);
      numbers.put("certified.first_try_share", (double) first / lists);
      numbers.put("certified.mean_candidates", (double) candidates / lists);
    }
    return numbers;
  }
}
