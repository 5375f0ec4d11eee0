package io.tagloom.features.fields;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.conf.FieldSettings;
import io.tagloom.features.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks and vocabularies are the same in any session that a notebook may bring. */
@Tag("every-spark")
class EncoderSessionsIT {
  private static final String FIELDS =
      "[{name = day, side = user, kind = categorical},"
          + " {name = at, side = context, kind = categorical},"
          + " {name = local, side = context, kind = categorical},"
          + " {name = at_times, column = at, side = context, kind = bucketed, buckets = 5},"
          + " {name = local_times, column = local, side = context, kind = bucketed, buckets = 5},"
          + " {name = day_times, column = day, side = user, kind = bucketed, buckets = 5},"
          + " {name = number, side = context, kind = bucketed, buckets = 4},"
          + " {name = moments, side = context, kind = multi-valued},"
          + " {name = words, side = context, kind = multi-valued-weighted,"
          + " weights-column = weights},"
          + " {name = clicked, side = user, kind = history, of = click, last = 5},"
          + " {name = counts, side = user, kind = history-counts, of = click, last = 5,"
          + " values = tags},"
          + " {name = tags, side = item, kind = multi-valued}]";

  @TempDir static Path folder;
  private static List<String> expected;

  @BeforeAll
  static void inTheSharedSession() throws Exception {
    SparkSession spark = LocalSpark.session();
    spark
        .range(2000)
        .selectExpr("id", "timestamp_micros(1772900000000000 + id * 59000123) as at")
        .selectExpr(
            "concat('s', id) as impression_id",
            "concat('u', id % 37) as user_id",
            "concat('i', id % 23) as item_id",
            "at as ts",
            "id % 3 = 0 as click",
            "if(id % 3 = 0, timestampadd(SECOND, 5, at), null) as click_ts",
            "false as conversion",
            "true as mature",
            "date_trunc('HOUR', at) as at",
            "timestamp_ntz'2026-03-08 01:00:00' + make_dt_interval(0, id % 7) as local",
            "if(id % 5 = 0, 'none', cast(id * 0.25 as string)) as number",
            "array(date_trunc('DAY', at), null) as moments",
            "'a|b|c' as words",
            "concat(id % 4, '|x|', id % 9 / 2) as weights")
        .write()
        .parquet(folder + "/samples");
    spark
        .range(37)
        .selectExpr("concat('u', id) as user_id", "date_add(date'1900-01-01', int(id)) as day")
        .write()
        .parquet(folder + "/users");
    spark
        .range(23)
        .selectExpr("concat('i', id) as item_id", "concat('t', id % 5, '|t', id % 3) as tags")
        .write()
        .parquet(folder + "/items");
    expected = encoded(spark);
    assertThat(expected).anyMatch(line -> line.contains("2026-03-08 02:00:00"));
    assertThat(expected).anyMatch(line -> line.contains("1900-01-05"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.sql.adaptive.enabled=false spark.sql.shuffle.partitions=200",
        "spark.sql.ansi.enabled=true spark.sql.adaptive.enabled=true"
            + " spark.sql.shuffle.partitions=200 spark.sql.session.timeZone=America/New_York"
            + " spark.sql.caseSensitive=true",
        "spark.sql.ansi.enabled=false spark.sql.adaptive.enabled=false"
            + " spark.sql.shuffle.partitions=1 spark.sql.session.timeZone=Asia/Kolkata"
            + " spark.sql.timestampType=TIMESTAMP_NTZ"
      })
  void anySessionGivesTheSameBlocks(String settings) throws Exception {
    SparkSession session = LocalSpark.foreign(settings.split(" "));

    assertThat(LocalSpark.within(session, () -> encoded(session))).isEqualTo(expected);
  }

  /** The vocabularies and blocks of a pipeline that is fitted, saved and loaded in a session. */
  private static List<String> encoded(SparkSession spark) throws Exception {
    spark.read().parquet(folder + "/users").createOrReplaceTempView("users");
    spark.read().parquet(folder + "/items").createOrReplaceTempView("items");
    Dataset<Row> samples = spark.read().parquet(folder + "/samples");
    List<FieldSettings> fields = FieldSettings.parse(FIELDS);
    HistoryEvents.of(samples, spark.table("items"), fields, fields.get(fields.size() - 1), "|")
        .createOrReplaceTempView("events");
    PipelineStage[] stages = {
      new HistoryFeatures().setFields(fields),
      new JoinSnapshots().setFields(fields),
      new FeatureEncoder().setFields(fields).setBlockRows(100)
    };
    PipelineModel fitted = new Pipeline().setStages(stages).fit(samples);
    String path = folder + "/pipeline-" + System.identityHashCode(spark);
    fitted.save(path);
    PipelineModel loaded = PipelineModel.load(path);
    List<String> lines = new ArrayList<>();
    FeatureEncoderModel encoder = (FeatureEncoderModel) loaded.stages()[2];
    for (Vocabulary vocabulary : encoder.vocabularies()) {
      StringBuilder line = new StringBuilder(vocabulary.field() + vocabulary.fingerprint());
      for (int id = Vocabulary.FIRST; id < vocabulary.size(); id++) {
        line.append(' ').append(vocabulary.value(id).orElse(""));
      }
      lines.add(line.toString());
    }
    lines.addAll(FeatureEncoderIT.texts(loaded.transform(samples)));
    return lines;
  }
}
