package io.tagloom.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.export.publish.VersionStore;
import io.tagloom.export.scoring.MatrixProduct;
import io.tagloom.export.tables.RankedTag;
import io.tagloom.export.tables.UserProfile;
import io.tagloom.features.LocalSpark;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockBuilder;
import io.tagloom.features.blocks.BlockLayout;
import io.tagloom.features.blocks.FieldColumn;
import io.tagloom.training.Mvke;
import io.tagloom.training.MvkeModel;
import io.tagloom.training.models.FieldShape;
import io.tagloom.training.models.MvkeScorer;
import io.tagloom.training.models.RowProducts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainedModelIT {
  private static final int USERS = 24;
  private static final int TAGS = 9;
  private static final List<String> NONE = Collections.emptyList();
  private static final List<String> FIELDS = Arrays.asList("user", "age", "tags", "category");

  @TempDir Path root;

  @Test
  void probabilitiesAreThoseOfTheModelForTheSamePair() throws IOException {
    MvkeModel model = model();
    export(model);
    Publications tables = new ExportFixture(root).publications();
    BlockLayout layout = new BlockLayout(NONE, Arrays.asList("click", "conversion"), FIELDS);
    for (int tag = 0; tag < TAGS; tag++) {
      BlockBuilder pairs = Block.builder(layout, "test");
      for (int user = 0; user < USERS; user++) {
        pairs
            .label(0, 0)
            .label(1, 0)
            .add(0, user + 2)
            .add(1, user % 5 + 2)
            .add(2, tag + 2)
            .add(3, 0);
        pairs.endRow();
      }
      Row scored =
          model
              .transform(
                  LocalSpark.session()
                      .createDataFrame(
                          Collections.singletonList(pairs.build().toRow()), layout.schema()))
              .first();
      List<Float> ctr = scored.getList(scored.fieldIndex("ctr_probability"));
      List<Float> cvr = scored.getList(scored.fieldIndex("cvr_probability"));
      for (int user = 0; user < USERS; user++) {
        UserProfile profile = tables.profile("u" + user);
        assertThat(probability(profile.interests(), tag)).isCloseTo(ctr.get(user), within(1e-6f));
        assertThat(probability(profile.intentions(), tag)).isCloseTo(cvr.get(user), within(1e-6f));
      }
    }
  }

  @Test
  void whatIsNotKnownIsFedAsTrainingHidesIt() {
    MvkeScorer scorer = model().scorer();
    ExportSource source = source(scorer);
    float[] cold = new float[scorer.kernels() * scorer.outputDim()];
    float[] hidden = new float[cold.length];
    scorer.experts(source.coldUser(), cold);
    // Unknown, as id 1 is: a user whom training hides, or who is in no vocabulary.
    scorer.experts(Block.of(scorer.userFields(), single(1), single(1)), hidden);
    assertThat(cold).isEqualTo(hidden);

    float[] vectors = new float[TAGS * scorer.outputDim()];
    float[] gates = new float[TAGS * 2];
    float[] vector = new float[scorer.outputDim()];
    float[] gate = new float[2];
    scorer.tags(source.singleTags(0, TAGS), 0, vectors, gates);
    for (int tag = 0; tag < TAGS; tag++) {
      scorer.tags(Block.of(scorer.itemFields(), single(tag + 2), single(1)), 0, vector, gate);
      for (int d = 0; d < vector.length; d++) {
        assertThat(vectors[tag * vector.length + d]).isCloseTo(vector[d], within(1e-5f));
      }
    }
  }

  private static FieldColumn single(int id) {
    return FieldColumn.single(new int[] {id});
  }

  private static float probability(List<RankedTag> list, int tag) {
    return list.stream()
        .filter(entry -> entry.tag().equals("t" + tag))
        .findFirst()
        .get()
        .probability();
  }

  private Publication export(MvkeModel model) throws IOException {
    ExportSource source = source(model.scorer());
    Map<String, Double> none = Collections.emptyMap();
    MatrixProduct product = RowProducts::times;
    return new ExportRun(
            LocalSpark.session(),
            ExportFixture.settings("export.ann.index=off"),
            new ExportNumbers(
                none, none, ExportFixture.floors(), Collections.<String, String>emptyMap()),
            new VersionStore(
                new Configuration(), new org.apache.hadoop.fs.Path(root.toString(), "tables")),
            ExportFixture.DATE,
            product)
        .run(source, TagSelection.all(), ExportFixture.CONTENT);
  }

  private static ExportSource source(MvkeScorer scorer) {
    List<String> vocabulary = new ArrayList<>();
    for (int tag = 0; tag < TAGS; tag++) {
      vocabulary.add("t" + tag);
    }
    return new ExportSource(
        "trained",
        new TrainedModel(scorer),
        side("user_id", "u", USERS, 0),
        side("item_id", "i", 7, 2),
        scorer.userFields(),
        scorer.itemFields(),
        "tags",
        vocabulary,
        IntStream.range(2, TAGS + 2).toArray());
  }

  /** Users or items as blocks of two fields. */
  private static Dataset<Row> side(String key, String prefix, int count, int firstField) {
    BlockLayout layout =
        new BlockLayout(
            Collections.singletonList(key), NONE, FIELDS.subList(firstField, firstField + 2));
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(prefix + i);
    }
    Collections.sort(ids);
    BlockBuilder builder = Block.builder(layout, "");
    for (String id : ids) {
      int i = Integer.parseInt(id.substring(1));
      builder.key(0, id).add(0, i + 2).add(1, i % 5 + 2).endRow();
    }
    return LocalSpark.session()
        .createDataFrame(Collections.singletonList(builder.build().toRow()), layout.schema())
        .coalesce(1);
  }

  private static MvkeModel model() {
    BlockLayout layout = new BlockLayout(NONE, Arrays.asList("click", "conversion"), FIELDS);
    Random random = new Random(3);
    BlockBuilder builder = Block.builder(layout, "train");
    for (int i = 0; i < 400; i++) {
      int user = random.nextInt(USERS);
      int tag = random.nextInt(TAGS);
      int click = random.nextInt(3) == 0 ? 1 : 0;
      builder.label(0, click).label(1, click * random.nextInt(2));
      builder.add(0, user + 2).add(1, user % 5 + 2).add(2, tag + 2).add(3, 2 + tag % 3).endRow();
    }
    List<Row> rows = Collections.singletonList(builder.build().toRow());
    return new Mvke()
        .setModel(
            "embedding-dim = 8, attention-dim = 8, kernels = 3, expert-hidden = [16], output-dim ="
                + " 8, start { embedding = 0.5 }, tasks = [{ name = ctr, label = click, rows = all,"
                + " kernels = [0, 1], weight = 1.0 }, { name = cvr, label = conversion, rows ="
                + " click, kernels = [1, 2], weight = 1.0 }]")
        .setFields(
            Arrays.asList(
                new FieldShape("user", FieldShape.Side.USER, USERS + 2),
                new FieldShape("age", FieldShape.Side.USER, 8),
                new FieldShape("tags", FieldShape.Side.ITEM, TAGS + 2),
                new FieldShape("category", FieldShape.Side.ITEM, 8)))
        .setBatchSize(100)
        .setEpochs(2)
        .setWorkers(1)
        .setSeed(7)
        .fit(LocalSpark.session().createDataFrame(rows, layout.schema()));
  }
}
