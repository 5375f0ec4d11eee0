package io.tagloom.features.fields;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.InputException;
import io.tagloom.conf.Settings;
import io.tagloom.conf.SettingsException;
import io.tagloom.features.LocalSpark;
import io.tagloom.features.blocks.Block;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodeJobIT {
  private static final String FIELDS =
      "{name = city, side = user, kind = categorical},"
          + "{name = age, side = user, kind = bucketed, edges = [30, 50]},"
          + "{name = user, column = user_id, side = user, kind = categorical},"
          + "{name = clicked, side = user, kind = history, of = click, last = 20,"
          + " look-back-days = 3},"
          + "{name = bought, side = user, kind = history-counts, of = conversion,"
          + " look-back-days = 9},"
          + "{name = position, side = context, kind = categorical}";
  @TempDir static Path folder;
  private static SparkSession spark;
  private static ExampleRun run;
  private static EncodeResult result;

  @BeforeAll
  static void encode() {
    spark = LocalSpark.session();
    run = new ExampleRun(folder.resolve("root"), 15, 1500);
    result = EncodeJob.run(spark, run.settings(FIELDS), ExampleRun.DATE);
  }

  @Test
  void everySampleOfTheWindowIsEncodedOnce() {
    assertThat(result.rowsBySplit().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(7500);
    assertThat(result.samples().blocks().selectExpr("sum(rows)").first().getLong(0))
        .isEqualTo(7500);
    assertThat(result.samples().blocks("valid").selectExpr("sum(rows)").first().getLong(0))
        .isEqualTo(result.rowsBySplit().get("valid"));
    assertThat(result.stateBytesPerSample()).isBetween(50.0, 400.0);
    assertThat(result.warnings()).isEmpty();
    assertThat(Files.exists(run.root().resolve("encoded/_writing-dt=" + ExampleRun.DATE)))
        .isFalse();
  }

  @Test
  void historiesReachBackBehindTheTrainingWindow() {
    assertThat(result.encoder().statistics("clicked").coverage()).isGreaterThan(0.95);
    assertThat(result.encoder().statistics("bought").coverage()).isGreaterThan(0.9);
  }

  @Test
  void clicksOfHeldOutRowsStayOutOfHistoriesWhereTheSplitScattersAUsersRows() {
    assertThat(historiesThatHeldOutClicksChange("samples.split.key=impression")).isZero();
    assertThat(historiesThatHeldOutClicksChange("samples.split.key=user")).isPositive();
    assertThat(historiesThatHeldOutClicksChange("samples.split.by=day")).isPositive();
  }

  /** Rows whose histories are others when no row outside the training split was clicked. */
  private static long historiesThatHeldOutClicksChange(String assignment) {
    Settings settings = run.settings(FIELDS, assignment);
    EncodeInput input = EncodeInput.of(spark, settings, ExampleRun.DATE);
    Dataset<Row> unclicked =
        input
            .past()
            .withColumn("click", expr("if(split = 'train', click, 0)"))
            .withColumn("conversion", expr("if(split = 'train', conversion, 0)"));
    EncodeInput other = new EncodeInput(input.samples(), unclicked, input.users(), input.items());
    String[] columns = {"impression_id", "clicked", "clicked_weights", "bought", "bought_weights"};
    return EncodeJob.joined(settings, input)
        .selectExpr(columns)
        .exceptAll(EncodeJob.joined(settings, other).selectExpr(columns))
        .count();
  }

  @Test
  void whatWasWrittenIsOpenedAgain() {
    EncodedSamples opened = EncodedSamples.open(spark, run.root().toString(), ExampleRun.DATE);

    assertThat(opened.encoder().fingerprint()).isEqualTo(result.encoder().fingerprint());
    assertThat(FeatureEncoderIT.texts(opened.blocks()))
        .isEqualTo(FeatureEncoderIT.texts(result.samples().blocks()));
    assertThatThrownBy(
            () -> EncodedSamples.open(spark, run.root().toString(), ExampleRun.DATE.plusDays(1)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot open encoded samples of 2026-01-21: there is no ");
  }

  @Test
  void usersAreEncodedWithTheirHistoryAtTheEndOfTheDate() {
    List<Block> blocks =
        FeatureEncoderIT.blocks(
            EncodeJob.users(spark, run.settings(FIELDS), ExampleRun.DATE, result.encoder(), 2));

    int users = 0;
    int clicked = 0;
    for (Block block : blocks) {
      users += block.rows();
      clicked += block.field("clicked").ids().length;
    }
    assertThat(users).isEqualTo(200);
    assertThat(clicked).isGreaterThan(1000);
    assertThat(blocks.get(0).layout().fields())
        .containsExactly("city", "age", "user", "clicked", "bought");
    List<Block> items =
        FeatureEncoderIT.blocks(
            EncodeJob.items(spark, run.settings(FIELDS), ExampleRun.DATE, result.encoder(), 2));
    assertThat(items.stream().mapToInt(Block::rows).sum()).isEqualTo(40);
  }

  @Test
  void aFieldThatKnowsTheLabelFailsTheRunByNameAndLeavesTheLastResult(@TempDir Path other) {
    ExampleRun own = new ExampleRun(other.resolve("root"), 5, 600);
    EncodeResult before =
        EncodeJob.run(
            spark, own.settings("{name = city, side = user, kind = categorical}"), ExampleRun.DATE);
    String leaky =
        "{name = city, side = user, kind = categorical},"
            + "{name = leak, side = context, kind = categorical}";

    assertThatThrownBy(() -> EncodeJob.run(spark, own.settings(leaky), ExampleRun.DATE))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Cannot train on these fields: leak predicts click with AUC 1.0000, allowed is 0.9800"
                + " (features.leak-auc). Take out what is known only after the impression, or raise"
                + " the limit.");

    EncodedSamples after = EncodedSamples.open(spark, own.root().toString(), ExampleRun.DATE);
    assertThat(after.encoder().fingerprint()).isEqualTo(before.encoder().fingerprint());
    assertThat(Files.exists(own.root().resolve("encoded/_writing-dt=" + ExampleRun.DATE)))
        .isFalse();
    EncodeJob.run(spark, own.settings(leaky, "features.leak-auc=1.0"), ExampleRun.DATE);
  }

  @Test
  void noiseUniqueValuesAndHistoriesPredictNothing() {
    EncodeResult noise =
        EncodeJob.run(
            spark,
            run.settings(
                FIELDS + ",{name = never_twice, side = context, kind = categorical}",
                "training.days=4"),
            ExampleRun.DATE.minusDays(1));

    assertThat(noise.aucs()).hasSize(16);
    for (FieldAuc auc : noise.aucs()) {
      assertThat(auc.auc()).as(auc.toString()).isBetween(0.42, 0.58);
    }
    assertThat(noise.heldOutUnknownShares().get("never_twice")).isEqualTo(1.0);
    assertThat(noise.warnings())
        .containsExactly(
            "Field never_twice: 100.0 % of its values in held-out rows are unknown, above 50.0 %"
                + " (features.warn-unknown-share). Lower min-count or raise max-size.");
  }

  @Test
  void theNextDayGoesOnFromTheDayBefore(@TempDir Path other) {
    ExampleRun own = new ExampleRun(other.resolve("root"), 6, 400);
    String fields = "{name = u, column = user_id, side = user, kind = categorical, max-size = 150}";
    EncodeResult first = EncodeJob.run(spark, own.settings(fields), ExampleRun.DATE.minusDays(1));
    EncodeResult second =
        EncodeJob.run(spark, own.settings(fields.replace("150", "500")), ExampleRun.DATE);

    assertThat(second.encoder().extendsFrom(first.encoder())).isTrue();
    assertThat(second.encoder().vocabulary("u").size())
        .isGreaterThan(first.encoder().vocabulary("u").size());
    assertThat(second.encoder().statistics("u").drift()).isPresent();

    EncodeResult changed =
        EncodeJob.run(
            spark,
            own.settings("{name = u, column = user_id, side = user, kind = hashed, size = 50}"),
            ExampleRun.DATE);
    assertThat(changed.warnings())
        .contains(
            "Vocabularies start afresh: fields [u] are declared differently than at the last run.");
  }

  @Test
  void theLimitsOfEvictionAndDriftHaveEffect(@TempDir Path other) {
    ExampleRun own = new ExampleRun(other.resolve("root"), 6, 400);
    String fields =
        "{name = once, column = never_twice, side = context, kind = categorical},"
            + "{name = city, side = user, kind = categorical}";
    LocalDate before = ExampleRun.DATE.minusDays(1);
    EncodeJob.run(spark, own.settings(fields, "training.days=3"), before);

    EncodeResult kept =
        EncodeJob.run(
            spark,
            own.settings(fields, "features.warn-drift=100", "training.days=2"),
            ExampleRun.DATE);
    EncodeResult evicted =
        EncodeJob.run(
            spark,
            own.settings(
                fields, "features.warn-drift=0", "features.evict-after-days=2", "training.days=2"),
            ExampleRun.DATE);

    assertThat(kept.encoder().resetIds()).isEmpty();
    assertThat(kept.warnings()).noneMatch(warning -> warning.contains("drifted"));
    assertThat(evicted.encoder().resetIds().get("once")).isNotEmpty();
    assertThat(evicted.warnings())
        .anyMatch(
            warning ->
                warning.startsWith("Field city has drifted: population stability index 0.")
                    && warning.endsWith("above 0.000 (features.warn-drift)."));
  }

  @Test
  void constantAndEmptyFieldsAreWarnedOf() {
    EncodeResult odd =
        EncodeJob.run(
            spark,
            run.settings(
                "{name = same, column = weight, side = context, kind = categorical},"
                    + "{name = city, side = user, kind = categorical},"
                    + "{name = none, column = nothing, side = context, kind = bucketed}",
                "training.days=2",
                "features.warn-unknown-share=1"),
            ExampleRun.DATE.minusDays(3));

    assertThat(odd.warnings())
        .containsExactly(
            "Field same is constant: every training row has the value 1.0.",
            "Field none has no value in any training row. Check its column.");
  }

  @Test
  void wrongDeclarationsAreRefusedBeforeAnyJob() {
    assertThatThrownBy(
            () ->
                EncodeJob.run(
                    spark,
                    run.settings("{name = carts, side = user, kind = history, of = cart}"),
                    ExampleRun.DATE))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "Invalid event of history field carts: cart; expected click, conversion or one of"
                + " samples.label-types [].");
    assertThatThrownBy(
            () ->
                EncodeJob.run(
                    spark,
                    run.settings("{name = town, side = user, kind = categorical}"),
                    ExampleRun.DATE))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot join users: columns [town] are not in [");
    assertThatThrownBy(
            () -> EncodeJob.run(spark, run.settings(FIELDS), ExampleRun.DATE.minusDays(300)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot read samples: no day from 2025-03-22 to 2025-03-26");
  }
}
