package io.tagloom.export.ann;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.export.scoring.MatrixProduct;
import io.tagloom.export.scoring.RankedTags;
import io.tagloom.export.scoring.ScoreKind;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.scoring.TagRanking;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnnIndexTest {
  private static final int DIM = 12;
  private final TagMatrix items = items(2000);

  /** Vectors around a few centres, as trained ones are, with gates of a task of three kernels. */
  private static TagMatrix items(int count) {
    Random random = new Random(5);
    ScoredTask task = new ScoredTask("ctr", new int[] {0, 1, 2}, 5, 0, ScoreKind.KERNEL_COSINE);
    float[][] centres = new float[20][DIM];
    for (float[] centre : centres) {
      for (int d = 0; d < DIM; d++) {
        centre[d] = (float) random.nextGaussian();
      }
    }
    String[] names = new String[count];
    float[] vectors = new float[count * DIM];
    float[] gates = new float[count * 3];
    for (int i = 0; i < count; i++) {
      names[i] = String.format("item%06d", i);
      float[] centre = centres[random.nextInt(centres.length)];
      for (int d = 0; d < DIM; d++) {
        vectors[i * DIM + d] = centre[d] + 0.4f * (float) random.nextGaussian();
      }
      float a = random.nextFloat();
      float b = (1 - a) * random.nextFloat();
      gates[3 * i] = a;
      gates[3 * i + 1] = b;
      gates[3 * i + 2] = 1 - a - b;
    }
    return new TagMatrix(task, DIM, names, vectors, gates).normalised();
  }

  private static AnnIndex index(TagMatrix items) {
    List<String> names = new ArrayList<>();
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      names.add(items.name(i));
      vectors.add(items.annVector(i));
    }
    return AnnIndex.build(names, vectors, 16, 200, 200);
  }

  @Test
  void recallIsHigh() {
    AnnIndex index = index(items);
    Random random = new Random(9);
    RankedTags exact = new RankedTags(10);
    TagRanking ranking = TagRanking.of(items, 3, MatrixProduct.plain());
    int hits = 0;
    for (int query = 0; query < 100; query++) {
      float[] experts = new float[3 * DIM];
      for (int i = 0; i < experts.length; i++) {
        experts[i] = (float) random.nextGaussian();
      }
      ranking.rank(experts, 1, exact);
      Set<String> found = new HashSet<>();
      for (Neighbour neighbour : index.nearest(experts, 10)) {
        found.add(neighbour.name());
        int item = items.indexOf(neighbour.name());
        assertThat((double) neighbour.score())
            .isCloseTo(items.score(experts, 0, item), org.assertj.core.api.Assertions.within(1e-4));
      }
      for (int rank = 0; rank < 10; rank++) {
        hits += found.contains(items.name(exact.tag(0, rank))) ? 1 : 0;
      }
    }
    assertThat(hits / 1000.0).isGreaterThanOrEqualTo(0.95);
  }

  @Test
  void equalScoresAreHits() {
    List<String> names = new ArrayList<>();
    List<float[]> vectors = new ArrayList<>();
    Random random = new Random(5);
    // Ten items of each vector, long ones: their scores are rounded on the way.
    for (int i = 0; i < 40; i++) {
      float[] vector = new float[DIM];
      for (int d = 0; d < DIM; d++) {
        vector[d] = 30 * (float) random.nextGaussian();
      }
      for (int copy = 0; copy < 10; copy++) {
        names.add(i + "-" + copy);
        vectors.add(vector);
      }
    }
    AnnIndex index = AnnIndex.build(names, vectors, 32, 400, 400);
    List<float[]> queries = new ArrayList<>();
    for (int query = 0; query < 50; query++) {
      float[] one = new float[DIM];
      for (int d = 0; d < DIM; d++) {
        one[d] = (float) random.nextGaussian();
      }
      queries.add(one);
    }
    RecallCount recall = RecallCount.of(index, names, vectors, queries);
    assertThat(recall.recall(5)).isEqualTo(1);
    assertThat(recall.recall(15)).isEqualTo(1);
  }

  @Test
  void theSameItemsGiveTheSameBytesAndLoadAsSaved() throws IOException {
    byte[] first = bytes(index(items));
    assertThat(bytes(index(items))).isEqualTo(first);
    AnnIndex loaded = AnnIndex.load(new ByteArrayInputStream(first));
    assertThat(loaded.size()).isEqualTo(2000);
    float[] query = Arrays.copyOf(items.vectors(), 3 * DIM);
    assertThat(loaded.nearest(query, 5)).isEqualTo(index(items).nearest(query, 5));
  }

  private static byte[] bytes(AnnIndex index) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    index.save(out);
    return out.toByteArray();
  }

  @Test
  void fvecsAndNpyHaveTheirLayout() throws IOException {
    List<float[]> vectors = Arrays.asList(new float[] {1f, -2f}, new float[] {0.5f, 3f});
    ByteArrayOutputStream fvecs = new ByteArrayOutputStream();
    VectorFiles.writeFvecs(fvecs, vectors);
    assertThat(fvecs.toByteArray())
        .hasSize(24)
        .startsWith(2, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 2, 0, 0, 0);
    ByteArrayOutputStream npy = new ByteArrayOutputStream();
    VectorFiles.writeNpy(npy, vectors, 2, 2);
    byte[] bytes = npy.toByteArray();
    String header = new String(bytes, 10, bytes.length - 26, "US-ASCII");
    assertThat((bytes.length - 16) % 64).isZero();
    assertThat(header)
        .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }")
        .endsWith("\n");
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    VectorFiles.writeNames(names, Arrays.asList("a", "b\nc", "d\\"));
    assertThat(names.toString("UTF-8")).isEqualTo("a\nb\\nc\nd\\\\\n");
  }
}
