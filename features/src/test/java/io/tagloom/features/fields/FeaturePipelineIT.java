package io.tagloom.features.fields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.InputException;
import io.tagloom.conf.Side;
import io.tagloom.features.LocalSpark;
import io.tagloom.features.blocks.Block;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stages as a Spark user would chain them, without settings file and command line. */
class FeaturePipelineIT {
  private static final String FIELDS =
      "[{name = city, side = user, kind = categorical},"
          + " {name = age, side = user, kind = bucketed, buckets = 4},"
          + " {name = clicked, side = user, kind = history, of = click, last = 5},"
          + " {name = tags, side = item, kind = multi-valued},"
          + " {name = position, side = context, kind = categorical}]";

  @TempDir static Path folder;

  private static Dataset<Row> read(SparkSession spark, String root) {
    spark.read().parquet(root + "/users").createOrReplaceTempView("users");
    spark.read().parquet(root + "/items").createOrReplaceTempView("items");
    Dataset<Row> samples = spark.read().parquet(root + "/samples");
    List<FieldSettings> fields = FieldSettings.parse(FIELDS);
    HistoryEvents.of(samples, spark.table("items"), fields, fields.get(3), "|")
        .createOrReplaceTempView("events");
    return samples;
  }

  @Test
  void aPipelineFittedAndSavedHereEncodesTheSameInAnotherJvm() throws Exception {
    String root = folder.resolve("root").toString();
    new ExampleRun(folder.resolve("root"), 3, 500);
    SparkSession spark = LocalSpark.session().newSession();
    Dataset<Row> samples = read(spark, root);

    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new HistoryFeatures().setFields(FIELDS),
                  new JoinSnapshots().setFields(FIELDS),
                  new FeatureEncoder().setFields(FIELDS).setBlockRows(100)
                });
    PipelineModel model = pipeline.fit(samples);
    model.save(root + "/pipeline");
    List<String> here = FeatureEncoderIT.texts(model.transform(samples));

    assertThat(here).hasSizeGreaterThan(10);
    assertThat(inAnotherJvm(root)).isEqualTo(here);
    Dataset<Row> otherwise = samples.orderBy(functions.expr("hash(impression_id)")).repartition(5);
    assertThat(FeatureEncoderIT.texts(pipeline.fit(otherwise).transform(otherwise)))
        .isEqualTo(here);
  }

  private static List<String> inAnotherJvm(String root) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("--add-opens") || option.startsWith("-XX:+Ignore")) {
        command.add(option);
      }
    }
    String out = root + "/texts";
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command.addAll(
        Arrays.asList("-Xmx1g", "-cp", classPath, FeaturePipelineIT.class.getName(), root, out));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(new File(root + "/log"))
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return Files.readAllLines(new File(out).toPath(), StandardCharsets.UTF_8);
  }

  /** Loads the pipeline below a folder and writes the text of its blocks to a file. */
  public static void main(String[] arguments) throws Exception {
    SparkSession spark = LocalSpark.session();
    Dataset<Row> samples = read(spark, arguments[0]);
    Dataset<Row> blocks = PipelineModel.load(arguments[0] + "/pipeline").transform(samples);
    Files.write(new File(arguments[1]).toPath(), FeatureEncoderIT.texts(blocks));
    spark.stop();
  }

  @Test
  void usersAndItemsThatTheSnapshotLacksArePadding() {
    SparkSession spark = LocalSpark.session();
    Dataset<Row> samples =
        ExampleSamples.table(ExampleSamples.rows(300, 3), 2).drop("city", "tags");
    Dataset<Row> users =
        spark.sql("select * from values ('u1', 'rome'), ('nobody', 'pisa') as t(user_id, city)");
    Dataset<Row> items =
        spark.sql(
            "select * from values ('t1', array('x', 'y')), ('none', array()) as t(item_id, tags)");
    List<FieldSettings> fields =
        FieldSettings.parse(
            "[{name = city, side = user, kind = categorical},"
                + "{name = tags, side = item, kind = multi-valued}]");

    Dataset<Row> joined =
        JoinSnapshots.join(
            JoinSnapshots.join(samples, users, fields, Side.USER), items, fields, Side.ITEM);
    List<Block> blocks =
        FeatureEncoderIT.blocks(
            new FeatureEncoder().setFields(fields).fit(joined).transform(joined));

    for (Block block : blocks) {
      for (int row = 0; row < block.rows(); row++) {
        boolean known = block.key("user_id")[row].equals("u1");
        assertThat(block.field("city").ids()[row]).isEqualTo(known ? 2 : 0);
        int tags = block.field("tags").end(row) - block.field("tags").start(row);
        assertThat(tags).isEqualTo(block.key("item_id")[row].equals("t1") ? 2 : 0);
      }
    }
    assertThat(joined.count()).isEqualTo(300);
  }

  @Test
  void aKeyThatIsThereTwiceIsRefused() {
    SparkSession spark = LocalSpark.session();
    Dataset<Row> samples = ExampleSamples.table(ExampleSamples.rows(10, 3), 1);
    Dataset<Row> users =
        spark.sql("select 'u1' as user_id, 'rome' as city union all select 'u1', 'bari'");

    assertThatThrownBy(
            () ->
                JoinSnapshots.join(
                    samples, users, FieldSettings.parse(FIELDS).subList(0, 1), Side.USER))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Cannot join users: 2 rows have 1 distinct user_id, which would double samples. Give a"
                + " snapshot with one row per user_id.");
    assertThatThrownBy(
            () -> new JoinSnapshots().setFields(FIELDS).setUsersTable("nowhere").transform(samples))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot join users: the session has no table or view nowhere.");
  }

  @Test
  void numbersDatesAndTextsOfAllTypesAreRead() {
    SparkSession spark = LocalSpark.session();
    Dataset<Row> samples =
        spark.sql(
            "select concat('i', id) as impression_id, 1 as click, 'train' as split,"
                + " cast(id as int) as whole, if(id = 3, double('NaN'), id / 2.0D) as real,"
                + " id % 2 = 0 as flag, date_add('2026-01-01', cast(id as int)) as day,"
                + " if(id = 5, 'x', if(id = 6, ' ', concat(' ', id, ' '))) as text,"
                + " array(id, id) as ids, concat('a|b||', id) as list, '1|x|2|0.5' as weights"
                + " from range(10)");
    FeatureEncoderModel model =
        new FeatureEncoder()
            .setFields(
                "[{name = whole, side = context, kind = categorical},"
                    + "{name = real, side = context, kind = categorical},"
                    + "{name = flag, side = context, kind = categorical},"
                    + "{name = day, side = context, kind = bucketed, edges = [1767571200000]},"
                    + "{name = text, side = context, kind = bucketed, edges = [4.5]},"
                    + "{name = ids, side = context, kind = hashed, size = 10},"
                    + "{name = list, side = context, kind = multi-valued-weighted,"
                    + " weights-column = weights, normalize = none}]")
            .setLabels("click")
            .fit(samples);

    assertThat(model.vocabulary("whole").id("7")).isGreaterThan(1);
    assertThat(model.vocabulary("real").id("0.5")).isGreaterThan(1);
    assertThat(model.vocabulary("real").id("NaN")).isEqualTo(1);
    assertThat(model.statistics("real").coverage()).isEqualTo(0.9);
    assertThat(model.vocabulary("flag").size()).isEqualTo(4);
    Block block = FeatureEncoderIT.blocks(model.transform(samples)).get(0);
    for (int row = 0; row < 10; row++) {
      int id = Integer.parseInt(block.key("impression_id")[row].substring(1));
      assertThat(block.field("day").ids()[row]).isEqualTo(id < 4 ? 2 : 3);
      int text = id == 5 ? 1 : id == 6 ? 0 : id < 5 ? 2 : 3;
      assertThat(block.field("text").ids()[row]).isEqualTo(text);
      assertThat(block.field("ids").end(row) - block.field("ids").start(row)).isEqualTo(1);
      // a weighs 1; b has the weight x, which is none; the empty text does not count; the id weighs
      // .5.
      int start = block.field("list").start(row);
      assertThat(block.field("list").end(row) - start).isEqualTo(2);
      assertThat(block.field("list").weight(start)).isEqualTo(1f);
      assertThat(block.field("list").weight(start + 1)).isEqualTo(0.5f);
    }
  }
}
