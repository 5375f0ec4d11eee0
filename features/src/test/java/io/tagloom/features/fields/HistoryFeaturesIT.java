package io.tagloom.features.fields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.FieldKind;
import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.HistoryValues;
import io.tagloom.conf.InputException;
import io.tagloom.features.LocalSpark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("every-spark")
class HistoryFeaturesIT {
  private static final long DAY = 86_400_000L;
  private static final List<FieldSettings> FIELDS =
      FieldSettings.parse(
          "[{name = items, side = user, kind = history, of = click, last = 5, look-back-days = 3},"
              + "{name = bought, side = user, kind = history, of = conversion, values = tags,"
              + " last = 4, half-life-days = 1, look-back-days = 9},"
              + "{name = counts, side = user, kind = history-counts, of = click, look-back-days = 4,"
              + " half-life-days = 2},"
              + "{name = plain, side = user, kind = history-counts, of = conversion, values = items,"
              + " half-life-days = 0, look-back-days = 30}]");
  private static final StructType SAMPLES =
      new StructType()
          .add("impression_id", DataTypes.StringType)
          .add("user_id", DataTypes.StringType)
          .add("ts", DataTypes.LongType);
  private static final StructType EVENTS =
      new StructType()
          .add("user_id", DataTypes.StringType)
          .add("item_id", DataTypes.StringType)
          .add("ts", DataTypes.LongType)
          .add("event", DataTypes.StringType)
          .add("tags", DataTypes.createArrayType(DataTypes.StringType));

  private static Dataset<Row> table(List<Row> rows, StructType schema, int partitions) {
    return LocalSpark.session().createDataFrame(rows, schema).repartition(partitions);
  }

  private static List<Row> randomEvents(Random random, int count) {
    List<Row> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String item = "i" + random.nextInt(12);
      String[] tags = {"t" + item.hashCode() % 5, "é" + item.hashCode() % 3, null, ""};
      events.add(
          RowFactory.create(
              random.nextInt(40) == 0 ? null : "u" + random.nextInt(12),
              item,
              // Coarse times give many ties.
              DAY * 20 + random.nextInt(400) * (DAY / 20),
              random.nextInt(3) == 0 ? "conversion" : random.nextInt(9) == 0 ? "cart" : "click",
              random.nextInt(10) == 0 ? null : tags));
    }
    return events;
  }

  @Test
  void everySampleSeesExactlyTheEventsBeforeIt() {
    Random random = new Random(11);
    List<Row> events = randomEvents(random, 1500);
    List<Row> samples = new ArrayList<>();
    for (int i = 0; i < 1200; i++) {
      String user = random.nextInt(30) == 0 ? null : "u" + random.nextInt(13);
      samples.add(RowFactory.create("s" + i, user, DAY * 20 + random.nextInt(420) * (DAY / 20)));
    }

    List<Row> rows =
        HistoryFeatures.add(table(samples, SAMPLES, 3), table(events, EVENTS, 2), FIELDS)
            .collectAsList();

    assertThat(rows).hasSize(samples.size());
    int seen = 0;
    for (Row row : rows) {
      Row sample = samples.get(Integer.parseInt(row.getString(0).substring(1)));
      assertThat(row.get(1) + "" + row.getLong(2)).isEqualTo(sample.get(1) + "" + sample.get(2));
      for (FieldSettings field : FIELDS) {
        seen += check(row, field, before(events, row, field));
      }
    }
    assertThat(seen).isGreaterThan(5000);
  }

  /** The events a row may see, newest first, by looking at all of them. */
  private static List<Row> before(List<Row> events, Row row, FieldSettings field) {
    List<Row> before = new ArrayList<>();
    for (Row event : events) {
      long age = row.getLong(2) - event.getLong(2);
      if (!event.isNullAt(0)
          && event.getString(0).equals(row.getString(1))
          && event.getString(3).equals(field.of())
          && age > 0
          && age <= field.lookBackDays() * DAY) {
        before.add(event);
      }
    }
    before.sort(
        (a, b) ->
            a.getLong(2) != b.getLong(2)
                ? Long.compare(b.getLong(2), a.getLong(2))
                : b.getString(1).compareTo(a.getString(1)));
    return before;
  }

  private static int check(Row row, FieldSettings field, List<Row> before) {
    List<String> values = new ArrayList<>();
    List<Long> ages = new ArrayList<>();
    Map<String, Double> counts = new HashMap<>();
    for (Row event : before) {
      long age = row.getLong(2) - event.getLong(2);
      for (String value : values(event, field)) {
        values.add(value);
        ages.add(age);
        counts.merge(value, weight(field, age), Double::sum);
      }
    }
    List<String> found = row.getList(row.fieldIndex(field.name()));
    List<Float> weights = row.getList(row.fieldIndex(field.name() + "_weights"));
    if (field.kind() == FieldKind.HISTORY) {
      int size = Math.min(field.last(), values.size());
      List<Long> foundAges = row.getList(row.fieldIndex(field.name() + "_ages_ms"));
      assertThat(foundAges).isEqualTo(ages.subList(0, size));
      // Tags of events at the same time may come in either event's order: items of a tie are
      // sorted.
      if (field.historyValues() == HistoryValues.ITEMS) {
        assertThat(found).isEqualTo(values.subList(0, size));
      }
      for (int i = 0; i < size; i++) {
        assertThat(weights.get(i).doubleValue())
            .isCloseTo(weight(field, ages.get(i)), within(1e-6));
      }
    } else {
      Map<String, Double> foundCounts = new HashMap<>();
      for (int i = 0; i < found.size(); i++) {
        foundCounts.put(found.get(i), weights.get(i).doubleValue());
      }
      assertThat(foundCounts.keySet()).isEqualTo(counts.keySet());
      for (String value : counts.keySet()) {
        assertThat(foundCounts.get(value)).isCloseTo(counts.get(value), within(1e-5));
      }
    }
    return values.size();
  }

  private static List<String> values(Row event, FieldSettings field) {
    if (field.historyValues() == HistoryValues.ITEMS) {
      return Collections.singletonList(event.getString(1));
    }
    List<String> tags = new ArrayList<>();
    if (!event.isNullAt(4)) {
      for (Object tag : (Object[]) event.get(4)) {
        if (tag != null && !tag.equals("")) {
          tags.add((String) tag);
        }
      }
    }
    return tags;
  }

  private static double weight(FieldSettings field, long age) {
    return field.halfLifeDays() == 0 ? 1 : Math.pow(2, -age / (field.halfLifeDays() * DAY));
  }

  @Test
  void aClickAtTheImpressionsTimeOrLaterIsNotSeenOneMillisecondEarlierIs() {
    List<Row> events =
        Arrays.asList(
            RowFactory.create("u", "at", DAY, "click", null),
            RowFactory.create("u", "before", DAY - 1, "click", null),
            RowFactory.create("u", "after", DAY + 1, "click", null),
            RowFactory.create("u", "oldest", DAY - 3 * DAY, "click", null),
            RowFactory.create("u", "tooOld", DAY - 3 * DAY - 1, "click", null),
            RowFactory.create("v", "other", DAY - 1, "click", null));
    List<Row> samples = Arrays.asList(RowFactory.create("s", "u", DAY));

    Row row =
        HistoryFeatures.add(table(samples, SAMPLES, 1), table(events, EVENTS, 2), FIELDS).first();

    assertThat(row.<String>getList(row.fieldIndex("items"))).containsExactly("before", "oldest");
    assertThat(row.<Long>getList(row.fieldIndex("items_ages_ms"))).containsExactly(1L, 3 * DAY);
  }

  @Test
  void ownEventsAreUnseenEvenWhenTheClickCarriesAnEarlierTime() {
    StructType schema =
        new StructType()
            .add("impression_id", DataTypes.StringType)
            .add("user_id", DataTypes.StringType)
            .add("item_id", DataTypes.StringType)
            .add("ts", DataTypes.LongType)
            .add("click", DataTypes.IntegerType)
            .add("click_ts", DataTypes.LongType);
    List<Row> rows =
        Arrays.asList(
            RowFactory.create("a", "u", "x", DAY, 1, DAY - 3000),
            RowFactory.create("b", "u", "y", DAY + 1, 0, null));
    List<FieldSettings> fields = FIELDS.subList(0, 1);
    Dataset<Row> samples = table(rows, schema, 1);

    Dataset<Row> events = HistoryEvents.of(samples, null, fields, null, "|");
    List<Row> seen = HistoryFeatures.add(samples, events, fields).orderBy("ts").collectAsList();

    assertThat(seen.get(0).<String>getList(6)).isEmpty();
    assertThat(seen.get(1).<String>getList(6)).containsExactly("x");
    assertThatThrownBy(() -> HistoryEvents.of(samples.drop("click_ts"), null, fields, null, "|"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot build the history of click: column click_ts is not in");
  }

  @Test
  void aConversionIsUnknownUntilItArrives() {
    StructType schema =
        new StructType()
            .add("impression_id", DataTypes.StringType)
            .add("user_id", DataTypes.StringType)
            .add("item_id", DataTypes.StringType)
            .add("ts", DataTypes.LongType)
            .add("click", DataTypes.IntegerType)
            .add("click_ts", DataTypes.LongType)
            .add("conversion", DataTypes.IntegerType)
            .add("conversion_ts", DataTypes.LongType);
    long arrival = DAY + 2 * DAY;
    List<Row> rows =
        Arrays.asList(
            RowFactory.create("a", "u", "x", DAY, 1, DAY + 5, 1, arrival),
            RowFactory.create("b", "u", "y", DAY + 5, 0, null, 0, null),
            RowFactory.create("c", "u", "y", DAY + 6, 0, null, 0, null),
            RowFactory.create("d", "u", "y", arrival, 0, null, 0, null),
            RowFactory.create("e", "u", "y", arrival + 1, 0, null, 0, null));
    List<FieldSettings> fields =
        FieldSettings.parse(
            "[{name = clicked, side = user, kind = history, of = click},"
                + "{name = bought, side = user, kind = history-counts, of = conversion,"
                + " values = items}]");
    Dataset<Row> samples = table(rows, schema, 2);

    List<Row> seen =
        HistoryFeatures.add(samples, HistoryEvents.of(samples, null, fields, null, "|"), fields)
            .selectExpr("impression_id", "clicked", "bought")
            .orderBy("impression_id")
            .collectAsList();

    List<String> texts = new ArrayList<>();
    for (Row row : seen) {
      texts.add(row.getString(0) + row.getList(1) + row.getList(2));
    }
    assertThat(texts).containsExactly("a[][]", "b[][]", "c[x][]", "d[x][]", "e[x][x]");
  }

  @Test
  void aUserWithTwoHundredThousandEventsIsFine() {
    Dataset<Row> events =
        LocalSpark.session()
            .range(200_000)
            .selectExpr(
                "'heavy' as user_id",
                "concat('i', id % 5000) as item_id",
                "id * 10000 as ts",
                "'click' as event",
                "array(concat('t', id % 700), 'all') as tags");
    Dataset<Row> samples =
        LocalSpark.session()
            .range(20_000)
            .selectExpr(
                "concat('s', id) as impression_id", "'heavy' as user_id", "id * 100000 as ts");
    List<FieldSettings> fields =
        FieldSettings.parse(
            "[{name = items, side = user, kind = history, of = click},"
                + "{name = counts, side = user, kind = history-counts, of = click, last = 20}]");

    Row total =
        HistoryFeatures.add(samples, events, fields)
            .selectExpr("sum(size(items))", "max(size(counts))", "max(get(counts_weights, 0))")
            .first();

    assertThat(total.getLong(0)).isEqualTo(50L * 20_000 - 50 - 40 - 30 - 20 - 10);
    assertThat(total.getInt(1)).isEqualTo(20);
    assertThat(total.getFloat(2)).isGreaterThan(70_000);
  }

  @Test
  void anUnusableTableIsNamed() {
    Dataset<Row> samples = table(Arrays.asList(RowFactory.create("s", "u", DAY)), SAMPLES, 1);
    Dataset<Row> events = table(Collections.<Row>emptyList(), EVENTS, 1);

    assertThatThrownBy(() -> HistoryFeatures.add(samples, events.drop("tags"), FIELDS))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Cannot add history: column tags of events is not in [user_id, item_id, ts, event]. Add"
                + " it.");
    assertThatThrownBy(
            () ->
                new HistoryFeatures()
                    .setFields(FIELDS)
                    .setEventsTable("no_such")
                    .transform(samples))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Cannot add history: the session has no table or view no_such. Register it with"
                + " createOrReplaceTempView.");
    assertThatThrownBy(
            () ->
                new HistoryFeatures()
                    .setFields(FIELDS)
                    .transformSchema(SAMPLES.add("counts_weights", DataTypes.LongType)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the table has a column counts_weights already");
  }
}
