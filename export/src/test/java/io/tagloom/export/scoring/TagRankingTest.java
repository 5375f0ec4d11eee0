package io.tagloom.export.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TagRankingTest {
  @Test
  void topEqualsBruteForceOnRandomModels() {
    for (int seed = 0; seed < 1000; seed++) {
      RandomModel model = new RandomModel(seed);
      ScoreKind kind = ScoreKind.values()[seed % 3];
      ScoredTask task = model.task(kind);
      TagMatrix tags = model.tags(task, 1 + model.nextInt(seed % 50 == 0 ? 3000 : 60));
      if (seed % 7 == 0) {
        tags = tags.hardened();
      }
      int users = 1 + model.nextInt(5);
      float[] experts = model.experts(users, kind);
      RankedTags ranked = new RankedTags(1 + model.nextInt(30));
      TagRanking.of(tags, model.kernels(), MatrixProduct.plain()).rank(experts, users, ranked);
      for (int user = 0; user < users; user++) {
        checkList(model, tags, experts, user, ranked, seed);
      }
    }
  }

  /**
   * Against scores from the definition: equal to rounding, and equal scores in the order of tags.
   */
  private static void checkList(
      RandomModel model, TagMatrix tags, float[] experts, int user, RankedTags ranked, int seed) {
    int offset = user * model.kernels() * model.outputDim();
    List<Double> all = new ArrayList<>();
    for (int tag = 0; tag < tags.size(); tag++) {
      all.add(tags.score(experts, offset, tag));
    }
    all.sort((a, b) -> Double.compare(b, a));
    assertThat(ranked.count(user)).isEqualTo(Math.min(ranked.top(), tags.size()));
    for (int rank = 0; rank < ranked.count(user); rank++) {
      double score = tags.score(experts, offset, ranked.tag(user, rank));
      assertThat((double) ranked.score(user, rank))
          .as("seed %d", seed)
          .isCloseTo(score, within(1e-5))
          .isCloseTo(all.get(rank), within(1e-5));
      if (rank > 0) {
        boolean falls = ranked.score(user, rank) < ranked.score(user, rank - 1);
        boolean ties = ranked.score(user, rank) == ranked.score(user, rank - 1);
        boolean ascends = ranked.tag(user, rank) > ranked.tag(user, rank - 1);
        assertThat(falls || ties && ascends).as("seed %d rank %d", seed, rank).isTrue();
      }
    }
  }

  @Test
  void equalScoresAreCutByTheOrderOfTags() {
    ScoredTask task = new ScoredTask("t", new int[] {0}, 1, 0, ScoreKind.DOT);
    int count = 5000;
    String[] names = new String[count];
    float[] vectors = new float[count];
    float[] gates = new float[count];
    for (int i = 0; i < count; i++) {
      names[i] = String.format("%05d", i);
      vectors[i] = i % 100 == 99 ? 2f : 1f;
      gates[i] = 1f;
    }
    TagMatrix tags = new TagMatrix(task, 1, names, vectors, gates);
    RankedTags ranked = new RankedTags(60);
    TagRanking.of(tags, 1, MatrixProduct.plain()).rank(new float[] {1f}, 1, ranked);
    assertThat(ranked.tag(0, 0)).isEqualTo(99);
    assertThat(ranked.tag(0, 49)).isEqualTo(4999);
    assertThat(ranked.tag(0, 50)).isEqualTo(0);
    assertThat(ranked.tag(0, 59)).isEqualTo(9);
  }

  @Test
  void listsDoNotDependOnTheUsersBesideNorOnRoundingOfTheProduct() {
    RandomModel model = new RandomModel(4);
    ScoredTask task = model.task(ScoreKind.KERNEL_COSINE);
    TagMatrix tags = model.tags(task, 2500);
    int users = 200;
    float[] experts = model.experts(users, ScoreKind.KERNEL_COSINE);
    RankedTags all = new RankedTags(20);
    TagRanking.of(tags, model.kernels(), MatrixProduct.plain()).rank(experts, users, all);
    TagRanking shaken = TagRanking.of(tags, model.kernels(), shaken());
    int width = model.kernels() * model.outputDim();
    RankedTags one = new RankedTags(20);
    for (int user = 0; user < users; user++) {
      float[] alone = java.util.Arrays.copyOfRange(experts, user * width, (user + 1) * width);
      shaken.rank(alone, 1, one);
      for (int rank = 0; rank < 20; rank++) {
        assertThat(one.tag(0, rank)).isEqualTo(all.tag(user, rank));
        assertThat(one.score(0, rank)).isCloseTo(all.score(user, rank), within(1e-6f));
      }
    }
  }

  /** A product whose rounding errors are as large as they may be. */
  private static MatrixProduct shaken() {
    MatrixProduct plain = MatrixProduct.plain();
    java.util.Random random = new java.util.Random(7);
    return (m, n, k, a, aOffset, aStride, b, bOffset, bStride, c, cStride) -> {
      plain.multiply(m, n, k, a, aOffset, aStride, b, bOffset, bStride, c, cStride);
      for (int i = 0; i < m * n; i++) {
        int at = i / n * cStride + i % n;
        c[at] += (float) ((random.nextDouble() - 0.5) * k * 0x1p-24 * Math.abs(c[at]));
      }
    };
  }

  @Test
  void probabilityIsTheSigmoidOfTheScaledScore() {
    ScoredTask task = new ScoredTask("t", new int[] {0}, 5, -2, ScoreKind.DOT);
    assertThat(task.probability(0.4)).isEqualTo(0.5);
    assertThat(task.probability(1)).isCloseTo(1 / (1 + Math.exp(-3)), within(1e-15));
  }

  @Test
  void keysSortAsScoresAndThenTags() {
    float[] scores = {Float.NEGATIVE_INFINITY, -2f, -1e-30f, 0f, 1e-30f, 0.5f, 3f};
    for (int i = 0; i < scores.length; i++) {
      assertThat(ScoreKey.score(ScoreKey.of(scores[i], 7))).isEqualTo(scores[i]);
      assertThat(ScoreKey.tag(ScoreKey.of(scores[i], 7))).isEqualTo(7);
      assertThat(ScoreKey.of(scores[i], 3)).isGreaterThan(ScoreKey.of(scores[i], 4));
      if (i > 0) {
        assertThat(ScoreKey.of(scores[i], 9)).isGreaterThan(ScoreKey.of(scores[i - 1], 0));
      }
    }
    assertThat(ScoreKey.of(-0f, 1)).isEqualTo(ScoreKey.of(0f, 1));
  }

  @Test
  void keyOrderIsThatOfCodePoints() {
    assertThat(KeyOrder.compare("a", "b")).isNegative();
    assertThat(KeyOrder.compare("a", "a")).isZero();
    assertThat(KeyOrder.compare("ab", "a")).isPositive();
    assertThat(KeyOrder.compare("\uFFFD", "\uD83D\uDE00")).isNegative();
    assertThat(KeyOrder.compare("\uD83D\uDE00", "\uFFFD")).isPositive();
  }
}
