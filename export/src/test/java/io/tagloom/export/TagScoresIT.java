package io.tagloom.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.SettingsException;
import io.tagloom.conf.TaskSettings;
import io.tagloom.export.ann.Neighbour;
import io.tagloom.export.scoring.ScoreKind;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.export.tables.RankedTag;
import io.tagloom.export.tables.UserProfile;
import io.tagloom.features.LocalSpark;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockBuilder;
import io.tagloom.features.blocks.BlockLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tags as the mean of their items. Item i carries tags i % 7 and, when even, i % 5 + 7. */
class TagScoresIT {
  private static final int ITEMS = 60;
  private static final int USERS = 30;
  private static final int TAGS = 14;
  private static final List<String> NONE = Collections.emptyList();
  private static final ScoringModel MODEL = new TestModel(4, ScoreKind.KERNEL_COSINE);

  @TempDir Path root;

  private static String item(int i) {
    return String.format("item%03d", i);
  }

  /** Items 0 to 19 are not shown; item 20 + i is shown i % 4 + 1 times, in rows of weight 2. */
  private static int exposure(int i) {
    return i < 20 ? 0 : 2 * ((i - 20) % 4 + 1);
  }

  private static boolean clicked(int row) {
    return row % 3 > 0;
  }

  /** Training rows of an item by task: all, and the clicked ones. */
  private static double[] exposures(int wanted) {
    double[] exposures = new double[2];
    int row = 0;
    for (int i = 20; i < ITEMS; i++) {
      for (int shown = 0; shown < exposure(i); shown += 2) {
        exposures[0] += i == wanted ? 2 : 0;
        exposures[1] += i == wanted && clicked(row) ? 2 : 0;
        row++;
      }
    }
    return exposures;
  }

  private static void addItem(BlockBuilder builder, int first, int i) {
    builder.add(first, i % 7 + 2);
    if (i % 2 == 0) {
      builder.add(first, i % 5 + 9);
    }
    builder.add(first + 1, i + 2);
  }

  private static ExportSource source(ScoringModel model, int items, int partitions) {
    BlockLayout itemLayout =
        new BlockLayout(
            Collections.singletonList("item_id"), NONE, Arrays.asList("tags", "category"));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      names.add(item(i));
    }
    Dataset<Row> placed =
        LocalSpark.session().createDataset(names, Encoders.STRING()).toDF("item_id");
    placed = placed.repartition(partitions, placed.col("item_id")).sortWithinPartitions("item_id");
    Dataset<Row> itemBlocks =
        LocalSpark.session()
            .createDataFrame(
                placed
                    .toJavaRDD()
                    .mapPartitions(
                        rows -> {
                          BlockBuilder builder = Block.builder(itemLayout, "");
                          while (rows.hasNext()) {
                            String name = rows.next().getString(0);
                            builder.key(0, name);
                            addItem(builder, 0, Integer.parseInt(name.substring(4)));
                            builder.endRow();
                          }
                          return Collections.singletonList(builder.build().toRow()).iterator();
                        }),
                itemLayout.schema());
    ExportSource made = TestSource.of(model, USERS, 1, TAGS);
    List<String> vocabulary = new ArrayList<>();
    for (int tag = 0; tag < TAGS; tag++) {
      vocabulary.add("t" + tag);
    }
    return new ExportSource(
            "model",
            model,
            made.users(),
            itemBlocks,
            Arrays.asList("user", "age"),
            Arrays.asList("tags", "category"),
            "tags",
            vocabulary,
            IntStream.range(2, TAGS + 2).toArray())
        .withTraining(
            training(),
            Arrays.asList(
                TaskSettings.of("ctr", "click", "all", 0, 1, 2),
                TaskSettings.of("cvr", "conversion", "click", 1, 2, 4)));
  }

  private static Dataset<Row> training() {
    BlockLayout layout =
        new BlockLayout(
            Arrays.asList("impression_id", "user_id", "item_id"),
            Arrays.asList("click", "conversion"),
            Arrays.asList("user", "age", "tags", "category"));
    BlockBuilder builder = Block.builder(layout, "train").order(0);
    int row = 0;
    for (int i = 20; i < ITEMS; i++) {
      for (int shown = 0; shown < exposure(i); shown += 2) {
        builder.key(0, "imp" + row).key(1, "user" + row % USERS).key(2, item(i)).weight(2);
        builder.label(0, clicked(row) ? 1 : 0).label(1, 0).add(0, row % USERS + 2).add(1, row % 7);
        addItem(builder, 2, i);
        builder.endRow();
        row++;
      }
    }
    return LocalSpark.session()
        .createDataFrame(Collections.singletonList(builder.build().toRow()), layout.schema());
  }

  private Publication export(ExportSource source, String... assignments) throws IOException {
    return new ExportFixture(root).export(source, assignments);
  }

  /** Scores and probabilities of an item for a user, by the model. */
  private static double score(int task, int user, int item) {
    BlockLayout users = new BlockLayout(NONE, NONE, Arrays.asList("user", "age"));
    BlockLayout items = new BlockLayout(NONE, NONE, Arrays.asList("tags", "category"));
    Block userBlock = Block.builder(users, "").add(0, user + 2).add(1, user % 7).endRow().build();
    BlockBuilder builder = Block.builder(items, "");
    addItem(builder, 0, item);
    ScoredTask scored = MODEL.tasks().get(task);
    float[] experts = new float[TestModel.KERNELS * TestModel.DIM];
    float[] vector = new float[TestModel.DIM];
    float[] gate = new float[scored.kernelCount()];
    MODEL.experts(userBlock, experts);
    MODEL.tags(builder.endRow().build(), task, vector, gate);
    double score = 0;
    for (int k = 0; k < gate.length; k++) {
      for (int d = 0; d < vector.length; d++) {
        score += gate[k] * experts[scored.kernel(k) * TestModel.DIM + d] * vector[d];
      }
    }
    return score;
  }

  private static boolean carries(int item, int tag) {
    return item % 7 == tag || item % 2 == 0 && item % 5 + 7 == tag;
  }

  /** By brute force: mean score and mean probability, items weighed. */
  private static double[] mean(int task, int user, int tag, boolean equal) {
    double weights = 0;
    double scores = 0;
    double probabilities = 0;
    for (int i = 0; i < ITEMS; i++) {
      if (carries(i, tag)) {
        double weight = equal ? 1 : Math.max(1e-6, exposures(i)[task]);
        weights += weight;
        scores += weight * score(task, user, i);
        probabilities += weight * MODEL.tasks().get(task).probability(score(task, user, i));
      }
    }
    return new double[] {scores / weights, probabilities / weights};
  }

  private static void checkMeans(UserProfile profile, int user, boolean equal) {
    List<List<RankedTag>> lists = Arrays.asList(profile.interests(), profile.intentions());
    for (int task = 0; task < 2; task++) {
      assertThat(lists.get(task)).hasSize(12);
      for (RankedTag entry : lists.get(task)) {
        double[] mean = mean(task, user, Integer.parseInt(entry.tag().substring(1)), equal);
        assertThat((double) entry.score()).isCloseTo(mean[0], within(1e-5));
        assertThat((double) entry.probability()).isCloseTo(mean[1], within(0.05));
      }
    }
  }

  @Test
  void scoresAreMeansOfTheItemsByExposureAndTagsWithoutItemsAreLeftOut() throws IOException {
    Publication publication = export(source(MODEL, ITEMS, 3), "export.ann.index=on");
    Publications tables = new ExportFixture(root).publications();
    for (int user = 0; user < USERS; user += 7) {
      checkMeans(tables.profile(String.format("user%05d", user)), user, false);
    }
    assertThat(publication.numbers())
        .containsEntry("tag_score.tags", 12.0)
        .containsEntry("tag_score.tags_without_items", 2.0);
    assertThat(publication.numbers().get("tag_score.ctr.probability_error")).isLessThan(0.02);
    assertThat(tables.latest().properties())
        .containsEntry("tag_score", "items")
        .containsEntry("tag_weights", "exposure");
    assertThat(publication.rows()).containsEntry("tag_gates", 24L);
  }

  @Test
  void equalWeightsCountItemsThatWereNotShown() throws IOException {
    export(source(MODEL, ITEMS, 1), "export.tag-weights=equal");
    checkMeans(new ExportFixture(root).publications().profile("user00008"), 8, true);
  }

  @Test
  void audiencesAndSharesFollowTheScoresOfProfiles() throws IOException {
    export(source(MODEL, ITEMS, 2));
    Publications tables = new ExportFixture(root).publications();
    for (AudienceMember member : tables.audience(LocalSpark.session(), "ctr", "t3", USERS)) {
      RankedTag entry =
          tables.profile(member.user()).interests().stream()
              .filter(one -> one.tag().equals("t3"))
              .findFirst()
              .get();
      assertThat(member.score()).isCloseTo(entry.score(), within(1e-5f));
      assertThat(member.probability()).isCloseTo(entry.probability(), within(1e-5f));
    }
    for (TagShare share : tables.shares("user00003")) {
      double score = 0;
      for (int k = 0; k < share.gates().length; k++) {
        score += share.gates()[k] * share.products()[k];
      }
      assertThat(score).isCloseTo(share.tag().score(), within(1e-5));
    }
    List<Neighbour> similar = tables.similar("ctr", "t3", 20);
    assertThat(similar).hasSize(11);
  }

  @Test
  void otherItemsRewriteUsersOfAnIncrementalExport() throws IOException {
    String on = "export.incremental=on";
    export(source(MODEL, ITEMS, 2), on);
    assertThat(export(source(MODEL, ITEMS, 2), on).numbers())
        .containsEntry("users.carried", (double) USERS);
    assertThat(export(source(MODEL, ITEMS - 1, 2), on).numbers())
        .containsEntry("users.carried", 0.0);
  }

  @Test
  void aLeastProbabilityLeavesOutTagsWhereverTheyStand() throws IOException {
    export(source(MODEL, ITEMS, 1));
    Publications tables = new ExportFixture(root).publications();
    List<RankedTag> all = tables.profile("user00005").interests();
    float least = all.get(all.size() / 2).probability();
    export(source(MODEL, ITEMS, 1), "export.min-probability=" + least);
    assertThat(tables.profile("user00005").interests())
        .extracting(RankedTag::tag)
        .containsExactlyElementsOf(
            () ->
                all.stream()
                    .filter(entry -> entry.probability() >= least)
                    .map(RankedTag::tag)
                    .iterator());
  }

  @Test
  void cosineScoresHaveNoMeans() {
    ScoringModel cosine = new TestModel(4, ScoreKind.COSINE);
    assertThatThrownBy(
            () ->
                export(
                    source(cosine, ITEMS, 1), "export.tag-score=items", "export.ann.vectors=off"))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("Cannot score tags by their items: with model.score = cosine");
  }

  @Test
  void tagAloneIsScoredWhenAskedFor() throws IOException {
    export(source(MODEL, ITEMS, 1), "export.tag-score=tag");
    Publications tables = new ExportFixture(root).publications();
    assertThat(tables.latest().properties()).containsEntry("tag_score", "tag");
    assertThat(tables.profile("user00005").interests()).hasSize(TAGS);
  }
}
