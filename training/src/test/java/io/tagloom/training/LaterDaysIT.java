package io.tagloom.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.ModelSettings;
import io.tagloom.features.LocalSpark;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.fields.FeatureEncoder;
import io.tagloom.features.fields.FeatureEncoderModel;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.trainer.BlockScorer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Models and encoders beyond the day they were made on. */
class LaterDaysIT {
  private static final LocalDate DAY_ONE = LocalDate.of(2026, 1, 1);
  private static final String MODEL =
      "embedding-dim = 8, attention-dim = 8, kernels = 3, expert-hidden = [8], output-dim = 8, "
          + "tasks = [{ name = ctr, label = click, rows = all, kernels = [0, 1, 2], weight = 1.0 }]";

  /** Samples of a day; users and tags from {@code first} on. */
  private static Dataset<Row> samples(int day, int first) {
    long start = DAY_ONE.plusDays(day).toEpochDay() * 86_400_000L;
    return LocalSpark.session()
        .range(1500)
        .selectExpr(
            "concat('d" + day + "-', id) as impression_id",
            "concat('u', " + first + " + pmod(hash(id, 1), 30)) as user",
            "array(concat('t', " + first + " + pmod(hash(id, 2), 10))) as tags",
            "cast(pmod(hash(id, 1) + hash(id, 2), 2) as int) as click",
            start + " + id as ts",
            "if(id % 10 = 0, 'valid', 'train') as split");
  }

  private static FeatureEncoder encoder(int day) {
    return new FeatureEncoder()
        .setFields(
            "[{name = user, side = user, kind = categorical},"
                + "{name = tags, side = item, kind = multi-valued}]")
        .setLabels("click")
        .setBlockRows(128)
        .setDate(DAY_ONE.plusDays(day));
  }

  private static Mvke mvke(FeatureEncoderModel encoder) {
    return new Mvke()
        .setModel(MODEL)
        .setFields(TrainJob.fields(encoder, "tags"))
        .setBatchSize(256)
        .setEpochs(2);
  }

  private static List<Float> logits(MvkeModel model, Dataset<Row> blocks) {
    BlockScorer scorer = new BlockScorer(model.bundle().shape());
    List<Float> logits = new ArrayList<>();
    for (Row row : blocks.orderBy("split", "block_order").collectAsList()) {
      for (float logit : scorer.logits(model.bundle().parameters(), Block.fromRow(row))[0]) {
        logits.add(logit);
      }
    }
    return logits;
  }

  @Test
  void theModelOfDayOneScoresTheDataOfDayTwo() {
    FeatureEncoderModel one = encoder(0).fit(samples(0, 0));
    MvkeModel model = mvke(one).fit(one.transform(samples(0, 0)));

    // Half of the second day's users and tags are new.
    Dataset<Row> dayTwo = samples(1, 5);
    List<Float> logits = logits(model, one.transform(dayTwo));

    assertThat(logits).hasSize(1500).allSatisfy(logit -> assertThat(logit).isFinite());
    assertThat(logits.stream().distinct().count()).isGreaterThan(100);
    // A day's fit that goes on from the first gives known values the same ids: where both the user
    // and the tag are known, the score is the same.
    FeatureEncoderModel two = encoder(1).setPrevious(one).fit(dayTwo);
    Dataset<Row> known =
        dayTwo.filter("cast(substr(user, 2) as int) < 30 and cast(substr(tags[0], 2) as int) < 10");
    List<Float> byOne = logits(model, one.transform(known));
    assertThat(byOne).hasSizeBetween(300, 1400);
    List<Float> byTwo = logits(model, two.transform(known));
    assertThat(byTwo).hasSameSizeAs(byOne);
    for (int row = 0; row < byOne.size(); row++) {
      assertThat(byTwo.get(row)).isCloseTo(byOne.get(row), within(1e-5f));
    }
  }

  @Test
  void fixedScaleAndBiasStayWhatTheSettingsSay() {
    FeatureEncoderModel encoder = encoder(0).fit(samples(0, 0));
    Dataset<Row> blocks = encoder.transform(samples(0, 0));
    String fixed =
        MODEL
            + ", score = dot, scale = { mode = fixed, start = 2.0 }, bias = { mode = fixed, start ="
            + " -0.5 }";

    MvkeModel model = mvke(encoder).setModel(fixed).fit(blocks);

    ModelSettings settings = model.bundle().shape().model();
    assertThat(settings.scaleLearning()).isEqualTo(ModelSettings.Learning.FIXED);
    assertThat(model.bundle().shape().slots())
        .noneMatch(slot -> slot.name().equals("scale") || slot.name().equals("bias"));
    MvkeParameters trained = model.bundle().parameters();
    assertThat(trained.dense()).isNotEqualTo(model.bundle().shape().initialize(42).dense());
  }
}
