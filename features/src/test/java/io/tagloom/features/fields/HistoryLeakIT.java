package io.tagloom.features.fields;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.FieldSettings;
import io.tagloom.features.LocalSpark;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Histories that would predict their own sample's label if they saw it. */
@Tag("every-spark")
class HistoryLeakIT {
  @Test
  void aHistoryThatOnlyALeakCouldFillPredictsNothing() {
    // Every user has one impression: only its own click could be in its history.
    Dataset<Row> samples =
        LocalSpark.session()
            .range(3000)
            .selectExpr(
                "concat('s', id) as impression_id",
                "concat('u', id) as user_id",
                "'i' as item_id",
                "1700000000000 + id as ts",
                "cast(pmod(hash(id), 2) as int) as click",
                "case when pmod(hash(id), 2) = 1 then 1699999996000 + id end as click_ts",
                "'train' as split");
    List<FieldSettings> fields =
        FieldSettings.parse(
            "[{name = counts, side = user, kind = history-counts, of = click, values = items},"
                + "{name = items, side = user, kind = history, of = click}]");
    Dataset<Row> rows =
        HistoryFeatures.add(samples, HistoryEvents.of(samples, null, fields, null, "|"), fields);
    FeatureEncoder encoder = new FeatureEncoder().setFields(fields).setLabels("click");
    FeatureEncoderModel model = encoder.fit(rows);

    assertThat(model.statistics("counts").coverage()).isZero();
    for (FieldAuc auc : LeakGuard.measure(model.transform(rows))) {
      assertThat(auc.auc()).isEqualTo(0.5);
    }
    // The same with the click's own time and no guard against it would be a leak, and found.
    Dataset<Row> early =
        HistoryEvents.of(samples, null, fields, null, "|").withColumn("ts", expr("ts - 1"));
    Dataset<Row> leaking = HistoryFeatures.add(samples, early, fields);
    List<FieldAuc> found = LeakGuard.measure(encoder.fit(leaking).transform(leaking));
    assertThat(found).hasSize(2);
    assertThatThrownBy(() -> LeakGuard.check(found, 0.98))
        .hasMessageStartingWith(
            "Cannot train on these fields: counts predicts click with AUC 1.0000; items predicts"
                + " click with AUC 1.0000, allowed is 0.9800");
  }

  @Test
  void aPoisonedHistoryOfBusyUsersIsNoise() {
    // Forgets within seconds: only the row's own click would weigh anything.
    String kind = "side = user, of = click, half-life-days = 0.0001, normalize = none";
    List<FieldSettings> fields =
        FieldSettings.parse(
            "[{name = counts, kind = history-counts, values = items, "
                + kind
                + "}, {name = latest, kind = history, last = 1, "
                + kind
                + "}]");
    Dataset<Row> samples =
        LocalSpark.session()
            .range(12_000)
            .selectExpr("id", "pmod(hash(id, 1), 2) as click", "1700000000000 + id * 1000 as ts")
            .selectExpr(
                "concat('s', id) as impression_id",
                "concat('u', id % 200) as user_id",
                "concat('i', id % 7) as item_id",
                "ts",
                "click",
                "case when click = 1 then ts end as click_ts",
                "'train' as split");
    FeatureEncoder encoder = new FeatureEncoder().setFields(fields).setLabels("click");
    Dataset<Row> events = HistoryEvents.of(samples, null, fields, null, "|");

    Dataset<Row> rows = HistoryFeatures.add(samples, events, fields);
    FeatureEncoderModel model = encoder.fit(rows);
    assertThat(model.statistics("counts").coverage()).isGreaterThan(0.95);
    List<FieldAuc> aucs = LeakGuard.measure(model.transform(rows));
    assertThat(aucs).hasSize(2);
    // The standard error of an AUC of 12,000 rows is .005.
    for (FieldAuc auc : aucs) {
      assertThat(auc.auc()).as(auc.toString()).isBetween(0.48, 0.52);
    }

    Dataset<Row> leaking =
        HistoryFeatures.add(samples, events.withColumn("ts", expr("ts - 1")), fields);
    for (FieldAuc auc : LeakGuard.measure(encoder.fit(leaking).transform(leaking))) {
      assertThat(auc.auc()).as(auc.toString()).isGreaterThan(0.98);
    }
  }
}
