package io.tagloom.features.fields;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.features.blocks.Block;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

/** Fits that go on from the day before. */
class LaterFitsIT {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 1);

  @Test
  void laterFitsAppendAndNeverRenumber() {
    FeatureEncoderModel last =
        FeatureEncoderIT.encoder()
            .setDate(LocalDate.of(2026, 1, 1))
            .fit(ExampleSamples.table(ExampleSamples.rows(3000, 5), 2));
    for (int day = 1; day <= 3; day++) {
      List<Row> rows = new ArrayList<>();
      for (Row row : ExampleSamples.rows(500, 100 + day)) {
        Object[] values = new Object[row.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = row.get(i);
        }
        values[10] = "town" + day + "-" + (values.length + (row.hashCode() & 3));
        rows.add(RowFactory.create(values));
      }
      FeatureEncoderModel next =
          FeatureEncoderIT.encoder()
              .setPrevious(last)
              .setDate(LocalDate.of(2026, 1, 1 + day))
              .fit(ExampleSamples.table(rows, 2));
      assertThat(next.extendsFrom(last)).isTrue();
      assertThat(next.vocabulary("age").edges()).isEqualTo(last.vocabulary("age").edges());
      for (int id = 2; id < last.vocabulary("city").size(); id++) {
        assertThat(next.vocabulary("city").value(id)).isEqualTo(last.vocabulary("city").value(id));
      }
      assertThat(next.vocabulary("city").size()).isGreaterThan(last.vocabulary("city").size());
      assertThat(next.statistics("city").drift().get()).isGreaterThan(0.25);
      assertThat(next.statistics("zip").drift().get()).isLessThan(0.3);
      last = next;
    }
  }

  @Test
  void anIdKeepsItsMeaningThroughDaysThatEvictAndReuse() {
    Random random = new Random(17);
    Map<Integer, String> meaning = new HashMap<>();
    FeatureEncoderModel last = null;
    int evicted = 0;
    int reused = 0;
    for (int day = 0; day < 8; day++) {
      // Towns come and go: each day knows 6 of 16.
      Dataset<Row> rows = ExampleSamples.table(withTowns(200, day, random), 2);
      FeatureEncoder encoder =
          FeatureEncoderIT.encoder()
              .setDate(DAY.plusDays(day))
              .setEvictAfterDays(1)
              .setLabels("click");
      if (last != null) {
        encoder.setPrevious(last);
      }
      FeatureEncoderModel next = encoder.fit(rows);
      Vocabulary city = next.vocabulary("city");
      List<Integer> reset = new ArrayList<>();
      for (int id : next.resetIds().getOrDefault("city", new int[0])) {
        reset.add(id);
      }
      for (int id = 2; id < city.size(); id++) {
        String value = city.value(id).orElse("");
        String before = meaning.getOrDefault(id, "");
        if (value.isEmpty()) {
          assertThat(before.isEmpty() || reset.contains(id)).as("id %s is reset", id).isTrue();
          evicted += before.isEmpty() ? 0 : 1;
        } else if (!before.isEmpty()) {
          assertThat(value).isEqualTo(before);
        } else if (last != null && id < last.vocabulary("city").size()) {
          reused++;
        }
        meaning.put(id, value);
      }
      if (last != null) {
        assertThat(next.extendsFrom(last)).isTrue();
        // The day before encodes this day's rows, with the ids that both know.
        assertSameIds(last, next, rows);
      }
      last = day % 2 == 1 ? next.confirmReset() : next;
    }
    assertThat(evicted).isPositive();
    assertThat(reused).isPositive();
  }

  private static List<Row> withTowns(int count, int day, Random random) {
    long start = DAY.plusDays(day).toEpochDay() * 86_400_000L;
    List<Row> rows = new ArrayList<>();
    for (Row row : ExampleSamples.rows(count, day)) {
      Object[] values = new Object[row.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.get(i);
      }
      values[3] = start + random.nextInt(86_000_000);
      values[10] = "town" + (day * 3 + random.nextInt(6)) % 16;
      rows.add(RowFactory.create(values));
    }
    return rows;
  }

  private static void assertSameIds(
      FeatureEncoderModel before, FeatureEncoderModel now, Dataset<Row> rows) {
    List<Block> old = FeatureEncoderIT.blocks(before.transform(rows));
    List<Block> fresh = FeatureEncoderIT.blocks(now.transform(rows));
    for (int block = 0; block < old.size(); block++) {
      int[] ids = old.get(block).field("city").ids();
      for (int row = 0; row < ids.length; row++) {
        assertThat(ids[row]).isLessThan(before.vocabulary("city").size());
        if (ids[row] > 1) {
          assertThat(fresh.get(block).field("city").ids()[row]).isEqualTo(ids[row]);
        }
      }
    }
  }
}
