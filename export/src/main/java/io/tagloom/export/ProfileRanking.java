package io.tagloom.export;

import io.tagloom.export.scoring.MatrixProduct;
import io.tagloom.export.scoring.RankedTags;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.scoring.TagRanking;
import io.tagloom.export.tables.RankedTag;
import io.tagloom.export.tables.UserProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes profiles of blocks of users. Not safe for use by several threads. */
final class ProfileRanking {
  private final ProfilePlan plan;
  private final Optional<ListRanking> interests;
  private final Optional<ListRanking> intentions;

  ProfileRanking(ProfilePlan plan, MatrixProduct product) {
    this.plan = plan;
    this.interests = plan.interests().map(tags -> new ListRanking(plan, tags, product));
    this.intentions = plan.intentions().map(tags -> new ListRanking(plan, tags, product));
  }

  /** Ranks the tags of users for {@link #profile}; experts are [rows][K][D]. */
  void rank(float[] experts, int rows) {
    interests.ifPresent(list -> list.rank(experts, rows));
    intentions.ifPresent(list -> list.rank(experts, rows));
  }

  /** The profile of a row of the last {@link #rank}. */
  UserProfile profile(int row, String user) {
    List<RankedTag> first = list(interests, row);
    List<RankedTag> second = list(intentions, row);
    return new UserProfile(
        user, plan.date(), first, second, UserProfile.union(first, second), plan.modelId());
  }

  private static List<RankedTag> list(Optional<ListRanking> ranking, int row) {
    return ranking.isPresent() ? ranking.get().list(row) : Collections.<RankedTag>emptyList();
  }

  /** One of the two lists. */
  private static final class ListRanking {
    private final ProfilePlan plan;
    private final TagMatrix tags;
    private final TagRanking ranking;
    private final RankedTags ranked;
    private final int width;
    private float[] experts = {};

    ListRanking(ProfilePlan plan, TagMatrix tags, MatrixProduct product) {
      this.plan = plan;
      this.tags = tags;
      this.ranking = TagRanking.of(tags, plan.kernels(), product);
      // A limit per category passes tags over, so more than the top are looked at.
      int deep = plan.maxPerCategory() > 0 ? 4 * plan.top() : plan.top();
      this.ranked = new RankedTags(Math.max(1, Math.min(deep, tags.size())));
      this.width = plan.kernels() * tags.outputDim();
    }

    void rank(float[] block, int rows) {
      experts = block;
      ranking.rank(block, rows, ranked);
    }

    List<RankedTag> list(int row) {
      List<RankedTag> list = new ArrayList<>(plan.top());
      boolean ended = take(ranked, row, list);
      if (!ended && ranked.top() < tags.size()) {
        RankedTags all = new RankedTags(tags.size());
        ranking.rank(Arrays.copyOfRange(experts, row * width, (row + 1) * width), 1, all);
        list.clear();
        take(all, 0, list);
      }
      return list;
    }

    /** Fills a list; tells whether deeper ranks could not add to it. */
    private boolean take(RankedTags from, int row, List<RankedTag> list) {
      Map<Integer, Integer> taken = new HashMap<>();
      for (int rank = 0; rank < from.count(row); rank++) {
        int tag = from.tag(row, rank);
        float score = from.score(row, rank);
        float probability = (float) tags.probability(tag, score);
        if (probability < plan.minProbability()) {
          // Means have logits of their own: one of a smaller score may be more probable.
          if (tags.hasMeans()) {
            continue;
          }
          return true;
        }
        if (plan.maxPerCategory() > 0 && plan.category(tag) >= 0) {
          int already = taken.getOrDefault(plan.category(tag), 0);
          if (already >= plan.maxPerCategory()) {
            continue;
          }
          taken.put(plan.category(tag), already + 1);
        }
        list.add(new RankedTag(tags.name(tag), score, probability, list.size() + 1));
        if (list.size() == plan.top()) {
          return true;
        }
      }
      return false;
    }
  }
}
