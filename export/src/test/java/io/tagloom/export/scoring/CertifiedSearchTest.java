package io.tagloom.export.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CertifiedSearchTest {
  @Test
  void equalsBruteForceOnAThousandRandomModels() {
    long first = 0;
    for (int seed = 0; seed < 1000; seed++) {
      RandomModel model = new RandomModel(5000 + seed);
      ScoreKind kind = seed % 2 == 0 ? ScoreKind.DOT : ScoreKind.KERNEL_COSINE;
      TagMatrix tags =
          seed % 4 == 0
              ? model.means(model.task(kind), 1 + model.nextInt(400))
              : model.tags(model.task(kind), 1 + model.nextInt(400));
      if (seed % 9 == 0 && !tags.hasMeans()) {
        tags = tags.hardened();
      }
      float[] experts = model.experts(2, kind);
      RankedTags expected = new RankedTags(1 + model.nextInt(20));
      TagRanking.of(tags, model.kernels(), MatrixProduct.plain()).rank(experts, 2, expected);
      CertifiedSearch search = new CertifiedSearch(tags);
      for (int user = 0; user < 2; user++) {
        int at = user * model.kernels() * model.outputDim();
        CertifiedList found = search.search(experts, at, expected.top());
        assertThat(found.count()).isEqualTo(expected.count(user));
        double[] all = bruteForce(tags, experts, at);
        for (int rank = 0; rank < found.count(); rank++) {
          assertThat(found.tag(rank)).as("seed %d", seed).isEqualTo(expected.tag(user, rank));
          assertThat(found.score(rank)).isCloseTo(expected.score(user, rank), within(1e-5f));
          assertThat((double) found.score(rank)).isCloseTo(all[rank], within(1e-5));
        }
        assertThat(found.lists()).isEqualTo(found.rounds() * tags.task().kernelCount());
        first += found.rounds() == 1 ? 1 : 0;
      }
    }
    assertThat(first).as("searches certified at once").isBetween(200L, 1999L);
  }

  /** Scores of all tags by their definition, the largest first. */
  private static double[] bruteForce(TagMatrix tags, float[] experts, int user) {
    return IntStream.range(0, tags.size())
        .mapToDouble(tag -> -tags.score(experts, user, tag))
        .sorted()
        .map(score -> -score)
        .toArray();
  }

  @Test
  void oneExpertIsCertifiedAtOnceAndLooksAtFewTags() {
    RandomModel model = new RandomModel(3);
    ScoredTask task = new ScoredTask("t", new int[] {0}, 1, 0, ScoreKind.KERNEL_COSINE);
    TagMatrix tags = model.tags(task, 500);
    float[] experts = model.experts(1, ScoreKind.KERNEL_COSINE);
    CertifiedList found = new CertifiedSearch(tags).search(experts, 0, 10);
    assertThat(found.rounds()).isEqualTo(1);
    assertThat(found.candidates()).isEqualTo(20);
    assertThat(found.depth()).isEqualTo(20);
  }

  @Test
  void equalScoresAreNotCertifiedByATie() {
    ScoredTask task = new ScoredTask("t", new int[] {0, 1}, 1, 0, ScoreKind.DOT);
    int count = 50;
    String[] names = new String[count];
    float[] vectors = new float[count];
    float[] gates = new float[2 * count];
    for (int i = 0; i < count; i++) {
      names[i] = String.format("%02d", i);
      vectors[i] = 1f;
      gates[2 * i] = 0.5f;
      gates[2 * i + 1] = 0.5f;
    }
    TagMatrix tags = new TagMatrix(task, 1, names, vectors, gates);
    CertifiedList found = new CertifiedSearch(tags).search(new float[] {1f, 1f}, 0, 3);
    assertThat(found.tag(0)).isEqualTo(0);
    assertThat(found.tag(2)).isEqualTo(2);
    assertThat(found.depth()).isEqualTo(count);
  }

  @Test
  void cosineHasNoBound() {
    RandomModel model = new RandomModel(3);
    TagMatrix tags = model.tags(model.task(ScoreKind.COSINE), 5);
    assertThatThrownBy(() -> new CertifiedSearch(tags))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Invalid score of task t: cosine; expected dot or kernel-cosine");
  }
}
