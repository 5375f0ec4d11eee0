package io.tagloom.features.fields;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

/** What counting and encoding keep between rows. */
class CountingTest {
  @Test
  void countsAreThoseOfAMap() {
    ValueCounts counts = new ValueCounts();
    Map<String, Long> expected = new HashMap<>();
    Map<String, Integer> days = new HashMap<>();
    Random random = new Random(7);
    for (int row = 0; row < 20_000; row++) {
      String text = random.nextInt(10) == 0 ? "" : "ü" + random.nextInt(3_000);
      int day = random.nextInt(100) - 50;
      // Twice in a row counts once.
      counts.count(counts.entry(UTF8String.fromString(text)), row, day);
      counts.count(counts.entry(UTF8String.fromString(text)), row, day);
      expected.merge(text, 1L, Long::sum);
      days.merge(text, day, Math::max);
    }

    Map<String, Long> seen = new HashMap<>();
    for (int entry = 0; entry < counts.size(); entry++) {
      String text = counts.value(entry).toString();
      seen.put(text, counts.rows(entry));
      assertThat(counts.day(entry)).isEqualTo(days.get(text));
    }
    assertThat(seen).isEqualTo(expected);
    counts.clear();
    assertThat(counts.size()).isZero();
    assertThat(counts.rows(counts.entry(UTF8String.fromString("ü1")))).isZero();
  }

  @Test
  void theSmallestHashesAreKeptWhateverTheOrder() {
    Random random = new Random(7);
    List<long[]> rows = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      rows.add(new long[] {random.nextLong() >> 54, random.nextInt(1_000)});
    }
    TreeSet<String> samples = new TreeSet<>();
    for (int round = 0; round < 3; round++) {
      HashSample sample = new HashSample(300);
      for (long[] row : rows) {
        sample.add(row[0], row[1]);
      }
      List<String> kept = new ArrayList<>();
      for (int i = 0; i < sample.size(); i++) {
        kept.add(String.format("%016x %6.0f", sample.hash(i), sample.number(i)));
      }
      Collections.sort(kept);
      samples.add(kept.toString());
      Collections.shuffle(rows, random);
    }
    List<String> all = new ArrayList<>();
    for (long[] row : rows) {
      all.add(String.format("%016x %6.0f", row[0], (double) row[1]));
    }
    Collections.sort(all);

    assertThat(samples).containsExactly(all.subList(0, 300).toString());
  }

  @Test
  void aRowRepeatsOnlyWhatTheRowBeforeHad() {
    StructType schema =
        new StructType()
            .add("n", DataTypes.LongType)
            .add("texts", DataTypes.createArrayType(DataTypes.StringType))
            .add("weights", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("number", DataTypes.DoubleType);
    UnsafeProjection binary = UnsafeProjection.create(schema);
    Object[][] rows = {
      {1L, texts("a", "b"), numbers(1, 2), 0.0},
      {2L, texts("a", "b"), numbers(1, 2), -0.0},
      {3L, texts("a", "b"), numbers(1, 3), -0.0},
      {4L, texts("a", "c"), numbers(1, 3), null},
      {5L, null, numbers(1, 3), null},
      {6L, null, numbers(1, 3), 0.0},
      {7L, texts(), numbers(1, 3), 0.0},
    };
    LastInput list = new LastInput(1, 2, false);
    LastInput number = new LastInput(3, 1, true);
    StringBuilder seen = new StringBuilder();
    for (Object[] values : rows) {
      InternalRow row = binary.apply(new GenericInternalRow(values));
      seen.append(list.repeats(row) ? 'l' : '-').append(number.repeats(row) ? 'n' : '-');
    }

    assertThat(seen.toString()).isEqualTo("--" + "l-" + "-n" + "--" + "-n" + "l-" + "-n");
    list.forget();
    assertThat(list.repeats(binary.apply(new GenericInternalRow(rows[6])))).isFalse();
  }

  private static GenericArrayData texts(String... values) {
    Object[] texts = new Object[values.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = UTF8String.fromString(values[i]);
    }
    return new GenericArrayData(texts);
  }

  private static GenericArrayData numbers(double... values) {
    return new GenericArrayData(values);
  }
}
