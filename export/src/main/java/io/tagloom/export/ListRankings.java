package io.tagloom.export;

import io.tagloom.export.scoring.MatrixProduct;
import io.tagloom.export.scoring.RankedTags;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.scoring.TagRanking;
import java.util.ArrayList;
import java.util.List;

/** Both rankings of a plan without making profiles of them. Not safe for use by several threads. */
final class ListRankings {
  private final List<TagRanking> rankings = new ArrayList<>();
  private final List<RankedTags> ranked = new ArrayList<>();

  ListRankings(ProfilePlan plan, MatrixProduct product) {
    plan.interests().ifPresent(tags -> add(plan, tags, product));
    plan.intentions().ifPresent(tags -> add(plan, tags, product));
  }

  private void add(ProfilePlan plan, TagMatrix tags, MatrixProduct product) {
    rankings.add(TagRanking.of(tags, plan.kernels(), product));
    ranked.add(new RankedTags(plan.top()));
  }

  void rank(float[] experts, int rows) {
    for (int i = 0; i < rankings.size(); i++) {
      rankings.get(i).rank(experts, rows, ranked.get(i));
    }
  }
}
