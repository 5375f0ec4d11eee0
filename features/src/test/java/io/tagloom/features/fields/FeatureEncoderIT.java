package io.tagloom.features.fields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.InputException;
import io.tagloom.conf.SettingsException;
import io.tagloom.conf.Side;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.FieldColumn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("every-spark")
class FeatureEncoderIT {
  private static final List<Row> ROWS = ExampleSamples.rows(3000, 5);
  private static Dataset<Row> samples;
  private static FeatureEncoderModel model;

  @BeforeAll
  static void fit() {
    samples = ExampleSamples.table(ROWS, 3).cache();
    model = encoder().fit(samples);
  }

  static FeatureEncoder encoder() {
    return new FeatureEncoder().setFields(ExampleSamples.FIELDS).setBlockRows(64);
  }

  /** The blocks in their order, each as text of all its arrays. */
  static List<String> texts(Dataset<Row> blocks) {
    List<Block> list = blocks(blocks);
    List<String> texts = new ArrayList<>();
    for (Block block : list) {
      texts.add(text(block));
    }
    return texts;
  }

  static List<Block> blocks(Dataset<Row> table) {
    List<Block> list = new ArrayList<>();
    for (Row row : table.collectAsList()) {
      list.add(Block.fromRow(row));
    }
    list.sort(Comparator.comparingLong(Block::order));
    return list;
  }

  private static String text(Block block) {
    StringBuilder text = new StringBuilder(block.split() + block.order() + block.layout());
    text.append(String.join(",", block.key("impression_id")));
    for (String field : block.layout().fields()) {
      FieldColumn column = block.field(field);
      text.append(Arrays.toString(column.ids()));
      text.append(Arrays.toString(column.offsets()));
      text.append(Arrays.toString(column.weights()));
    }
    for (String label : block.layout().labels()) {
      text.append(Arrays.toString(block.label(label)));
    }
    return text.append(Arrays.toString(block.weight())).toString();
  }

  @Test
  void everySampleIsInOneBlockOfItsSplitWithItsLabels() {
    List<Block> blocks = blocks(model.transform(samples));

    int rows = 0;
    for (Block block : blocks) {
      for (int row = 0; row < block.rows(); row++) {
        Row sample = ROWS.get(Integer.parseInt(block.key("impression_id")[row].substring(1)));
        assertThat(block.split()).isEqualTo(sample.getString(9));
        assertThat(block.key("user_id")[row]).isEqualTo(sample.getString(1));
        assertThat(block.ts()[row]).isEqualTo(sample.getLong(3));
        assertThat(block.label("click")[row]).isEqualTo(sample.getInt(5));
        assertThat(block.label("conversion")[row])
            .isEqualTo(sample.isNullAt(6) ? 0 : sample.getInt(6));
        assertThat(block.label("mature")[row]).isEqualTo(sample.getBoolean(7) ? 1 : 0);
        assertThat(block.weight(row)).isEqualTo(sample.getFloat(8));
        String city = sample.getString(10);
        int id = block.field("city").ids()[row];
        assertThat(id < 2 ? id == 0 ? null : "unknown" : model.vocabulary("city").value(id).get())
            .isEqualTo(city == null || model.vocabulary("city").id(city) >= 2 ? city : "unknown");
        rows++;
      }
    }
    assertThat(rows).isEqualTo(3000);
    assertThat(model.rowsBySplit().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(3000);
  }

  @Test
  void vocabulariesAreByFrequencyInTrainingRowsTiesByValue() {
    Vocabulary city = model.vocabulary("city");

    for (int id = 2; id < city.size(); id++) {
      String value = city.value(id).get();
      long rows =
          ROWS.stream()
              .filter(row -> row.getString(9).equals("train") && value.equals(row.getString(10)))
              .count();
      assertThat(city.count(id)).isEqualTo(rows);
      if (id > 2) {
        boolean before = city.count(id - 1) > rows;
        boolean tie = city.count(id - 1) == rows && city.value(id - 1).get().compareTo(value) < 0;
        assertThat(before || tie).isTrue();
      }
      assertThat(city.id(value)).isEqualTo(id);
    }
    assertThat(city.id("nowhere")).isEqualTo(1);
    assertThat(city.value(0)).isEmpty();
    assertThat(city.value(1)).isEmpty();
  }

  @Test
  void fitAndBlocksDoNotDependOnPartitioningOrRowOrder() {
    List<Row> shuffled = new ArrayList<>(ROWS);
    Collections.shuffle(shuffled, new Random(8));
    Dataset<Row> other = ExampleSamples.table(shuffled, 7);

    FeatureEncoderModel again = encoder().fit(other);

    assertThat(again.fingerprint()).isEqualTo(model.fingerprint());
    assertThat(again.vocabulary("age").edges()).containsExactly(model.vocabulary("age").edges());
    assertThat(texts(again.transform(other))).isEqualTo(texts(model.transform(samples)));
  }

  @Test
  void rowsOutsideTheTrainingSplitDoNotTouchTheFit() {
    FeatureEncoderModel alone = encoder().fit(samples.filter("split = 'train'"));

    assertThat(alone.fingerprint()).isEqualTo(model.fingerprint());
  }

  @Test
  void aLoadedModelEncodesTheSame(@TempDir Path folder) throws Exception {
    model.save(folder.resolve("model").toString());
    FeatureEncoderModel loaded = FeatureEncoderModel.load(folder.resolve("model").toString());

    assertThat(loaded.uid()).isEqualTo(model.uid());
    assertThat(loaded.fingerprint()).isEqualTo(model.fingerprint());
    assertThat(loaded.declaredFields()).isEqualTo(model.declaredFields());
    assertThat(loaded.statistics("city").top()).isEqualTo(model.statistics("city").top());
    assertThat(loaded.rowsBySplit()).isEqualTo(model.rowsBySplit());
    assertThat(texts(loaded.transform(samples))).isEqualTo(texts(model.transform(samples)));
  }

  @Test
  void stagesWorkInASavedPipeline(@TempDir Path folder) throws Exception {
    String path = folder.resolve("pipeline").toString();
    new Pipeline().setStages(new PipelineStage[] {encoder()}).save(path);
    PipelineModel fitted = Pipeline.load(path).fit(samples);
    String modelPath = folder.resolve("model").toString();
    fitted.save(modelPath);

    assertThat(texts(PipelineModel.load(modelPath).transform(samples)))
        .isEqualTo(texts(model.transform(samples)));
  }

  @Test
  void aCopyEncodesTheSameAndTakesOtherParams() {
    FeatureEncoderModel copy = model.copy(new ParamMap().put(model.blockRows().w(128)));

    assertThat(copy.fingerprint()).isEqualTo(model.fingerprint());
    assertThat(blocks(copy.transform(samples)).get(0).rows()).isEqualTo(128);
    assertThat(blocks(model.transform(samples)).get(0).rows()).isEqualTo(64);
    assertThat(encoder().copy(ParamMap.empty()).fit(samples).fingerprint())
        .isEqualTo(model.fingerprint());
  }

  @Test
  void aSideIsEncodedAlone() {
    Dataset<Row> users =
        samples.select("user_id", "city", "age", "words", "word_weights", "zip").limit(10);
    Block block = blocks(model.forSide(Side.USER).transform(users.coalesce(1))).get(0);

    assertThat(block.layout().keys()).containsExactly("user_id");
    assertThat(block.layout().labels()).isEmpty();
    assertThat(block.layout().fields()).containsExactly("city", "age", "words", "zip");
    assertThat(block.rows()).isEqualTo(10);
    assertThat(block.ts()).isEmpty();
    Dataset<Row> items = samples.select("item_id", "tags").limit(5);
    assertThat(
            blocks(model.forSide(Side.ITEM).transform(items.coalesce(1))).get(0).layout().fields())
        .containsExactly("tags");
  }

  @Test
  void minCountAndMaxSizeLimitTheVocabulary() {
    List<FieldSettings> fields =
        FieldSettings.parse(
            "[{name = city, side = user, kind = categorical, max-size = 7},"
                + "{name = often, column = city, side = user, kind = categorical, min-count = 200}]");
    FeatureEncoderModel small = new FeatureEncoder().setFields(fields).fit(samples);

    assertThat(small.vocabulary("city").size()).isEqualTo(7);
    for (int id = 2; id < 7; id++) {
      assertThat(small.vocabulary("city").value(id)).isEqualTo(model.vocabulary("city").value(id));
    }
    assertThat(small.statistics("city").unknownShare()).isGreaterThan(0.3);
    Vocabulary often = small.vocabulary("often");
    for (int id = 2; id < model.vocabulary("city").size(); id++) {
      boolean enough = model.vocabulary("city").count(id) >= 200;
      assertThat(often.id(model.vocabulary("city").value(id).get()) >= 2).isEqualTo(enough);
    }
  }

  @Test
  void theSeparatorSaysWhereATextIsCut() {
    FeatureEncoder other =
        new FeatureEncoder()
            .setFields("[{name = tags, side = item, kind = multi-valued}]")
            .setListSeparator("t");

    Vocabulary cut = other.fit(samples).vocabulary("tags");

    assertThat(model.vocabulary("tags").id("t3")).isGreaterThan(1);
    assertThat(model.vocabulary("tags").size()).isEqualTo(2 + 8);
    // "t3|t5" is "", "3|" and "5" then.
    assertThat(cut.id("3|")).isGreaterThan(1);
    assertThat(cut.id("5")).isGreaterThan(1);
    assertThat(cut.size()).isEqualTo(2 + 16);
  }

  @Test
  void statisticsSayCoverageSizeAndTopValues() {
    FieldStatistics city = model.statistics("city");

    long train = ROWS.stream().filter(row -> row.getString(9).equals("train")).count();
    long covered =
        ROWS.stream().filter(row -> row.getString(9).equals("train") && !row.isNullAt(10)).count();
    assertThat(city.rows()).isEqualTo(train);
    assertThat(city.coverage()).isEqualTo((double) covered / train);
    assertThat(city.unknownShare()).isZero();
    assertThat(city.size()).isEqualTo(model.vocabulary("city").size());
    assertThat(city.top().keySet().iterator().next())
        .isEqualTo(model.vocabulary("city").value(2).get());
    assertThat(city.drift()).isEmpty();
  }

  @Test
  void missingColumnsAreNamedBeforeAnyJob() {
    assertThatThrownBy(() -> encoder().transformSchema(samples.drop("age").schema()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot encode field age: column age is not in [impression_id,")
        .hasMessageEndingWith("Join users first (JoinSnapshots), or correct the field's column.");
    assertThatThrownBy(() -> encoder().fit(samples.drop("click")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot encode: label column click is not in [impression_id,");
    assertThatThrownBy(() -> model.transform(samples.drop("impression_id")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot encode: key column impression_id is not in [user_id,");
  }

  @Test
  void wrongTypesAreNamedBeforeAnyJob() {
    assertThatThrownBy(
            () ->
                new FeatureEncoder()
                    .setFields("[{name = words, side = user, kind = categorical}]")
                    .transformSchema(samples.schema()))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Cannot encode field words of kind categorical: column words is array<string>, expected"
                + " text, number, boolean, date or timestamp. Change the field's kind or column.");
    assertThatThrownBy(
            () ->
                new FeatureEncoder()
                    .setFields("[{name = age, side = user, kind = multi-valued}]")
                    .transformSchema(samples.schema()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("column age is double, expected array of text or numbers");
    assertThatThrownBy(() -> new FeatureEncoder().fit(samples))
        .isInstanceOf(SettingsException.class)
        .hasMessage("Invalid fields of the encoder: none; expected at least one. Call setFields.");
  }

  @Test
  void aFitWithoutTrainingRowsIsRefused() {
    assertThatThrownBy(() -> encoder().fit(samples.filter("split = 'test'")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            "Cannot fit fields: there are no rows of split train, rows by split are {test=");
  }
}
