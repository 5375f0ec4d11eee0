package io.tagloom.features.fields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.FieldKind;
import io.tagloom.conf.FieldSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.mllib.feature.HashingTF;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

class FieldEncoderTest {
  private static final Vocabulary COLOURS = vocabulary("red", "green", "blue", "42", "ünï", "日本");

  private static Vocabulary vocabulary(String... values) {
    List<Vocabulary.Entry> entries = new ArrayList<>();
    for (String value : values) {
      entries.add(new Vocabulary.Entry(value, Vocabulary.State.LIVE, 1, 0));
    }
    return Vocabulary.ofValues("f", FieldKind.CATEGORICAL, entries);
  }

  private static FieldSettings field(String rest) {
    return FieldSettings.parse("[{name = f, side = user, " + rest + "}]").get(0);
  }

  private static int single(String kind, Vocabulary vocabulary, Object value) {
    Object stored = value instanceof String ? UTF8String.fromString((String) value) : value;
    return new FieldEncoder(field("kind = " + kind), vocabulary, false, 0)
        .id(new GenericInternalRow(new Object[] {stored}));
  }

  private static Object texts(String... values) {
    return new GenericArrayData(
        Arrays.stream(values)
            .map(v -> v == null ? null : UTF8String.fromString(v))
            .toArray(Object[]::new));
  }

  private static Object numbers(Double... values) {
    return new GenericArrayData((Object[]) values);
  }

  /** Ids and weights as text: {@code 2*0.5 3*0.5}. */
  private static String list(String rest, Object... columns) {
    IdBuffer buffer = new IdBuffer();
    InternalRow row = new GenericInternalRow(columns);
    new FieldEncoder(field(rest), COLOURS, true, 0).ids(row, buffer);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < buffer.size(); i++) {
      text.append(i == 0 ? "" : " ").append(buffer.id(i)).append('*').append(buffer.weight(i));
    }
    return text.toString();
  }

  private static final String PLAIN = "kind = multi-valued, normalize = none";
  private static final String MEAN = "kind = multi-valued";
  private static final String WEIGHTED =
      "kind = multi-valued-weighted, weights-column = w, normalize = none";
  private static final String WEIGHTED_MEAN = "kind = multi-valued-weighted, weights-column = w";

  @Test
  void categoricalValuesAreLookedUp() {
    assertThat(single("categorical", COLOURS, "red")).isEqualTo(2);
    assertThat(single("categorical", COLOURS, "ünï")).isEqualTo(6);
    assertThat(single("categorical", COLOURS, "日本")).isEqualTo(7);
    assertThat(single("categorical", COLOURS, "42")).isEqualTo(5);
    assertThat(single("categorical", COLOURS, "unseen")).isEqualTo(1);
    assertThat(single("categorical", COLOURS, "Red")).isEqualTo(1);
    assertThat(single("categorical", COLOURS, " red")).isEqualTo(1);
    assertThat(single("categorical", COLOURS, "")).isEqualTo(0);
    assertThat(single("categorical", COLOURS, null)).isEqualTo(0);
  }

  @Test
  void aBucketHoldsItsLowerEdge() {
    Vocabulary ages = Vocabulary.ofEdges("f", new double[] {0, 18, 25.5}, new long[4]);

    assertThat(single("bucketed", ages, -0.001)).isEqualTo(2);
    assertThat(single("bucketed", ages, 0.0)).isEqualTo(3);
    assertThat(single("bucketed", ages, -0.0)).isEqualTo(3);
    assertThat(single("bucketed", ages, 17.999)).isEqualTo(3);
    assertThat(single("bucketed", ages, 18.0)).isEqualTo(4);
    assertThat(single("bucketed", ages, 25.5)).isEqualTo(5);
    assertThat(single("bucketed", ages, Double.POSITIVE_INFINITY)).isEqualTo(5);
    assertThat(single("bucketed", ages, Double.NEGATIVE_INFINITY)).isEqualTo(2);
    assertThat(single("bucketed", ages, null)).isEqualTo(0);
    assertThat(single("bucketed", ages, Double.NaN)).isEqualTo(1);
    assertThat(ages.size()).isEqualTo(6);
    assertThat(ages.value(2)).contains("(-Infinity, 0.0)");
    assertThat(ages.value(5)).contains("[25.5, Infinity)");
    assertThat(ages.id("18")).isEqualTo(4);
    assertThat(ages.id("old")).isEqualTo(1);
  }

  @Test
  void hashesAreThoseOfMllib() {
    Vocabulary hashed = Vocabulary.ofHash("f", 1000);
    HashingTF mllib = new HashingTF(1000);

    for (String value : Arrays.asList("a", "ab", "abc", "abcde", "12345", "città", "日本", " ")) {
      assertThat(single("hashed, size = 1000", hashed, value)).isEqualTo(2 + mllib.indexOf(value));
    }
    assertThat(single("hashed, size = 1000", hashed, "")).isEqualTo(0);
    assertThat(single("hashed, size = 1000", hashed, null)).isEqualTo(0);
    assertThat(hashed.size()).isEqualTo(1002);
  }

  @Test
  void listsKeepTheirOrderAndLeaveOutNullsAndEmptyTexts() {
    assertThat(list(PLAIN, texts("blue", null, "red", "", "x"))).isEqualTo("4*1.0 2*1.0 1*1.0");
    assertThat(list(PLAIN, texts())).isEmpty();
    assertThat(list(PLAIN, texts((String) null))).isEmpty();
    assertThat(list(PLAIN, (Object) null)).isEmpty();
  }

  @Test
  void equalIdsAreMergedAtTheirFirstPlace() {
    assertThat(list(PLAIN, texts("red", "blue", "red", "x", "y"))).isEqualTo("2*2.0 4*1.0 1*2.0");
    assertThat(list(MEAN, texts("red", "blue", "red", "green"))).isEqualTo("2*0.5 4*0.25 3*0.25");
  }

  @Test
  void weightsThatAreMissingZeroNanOrInfiniteLeaveTheirValueOut() {
    Object values = texts("red", "green", "blue", "42", "ünï", "日本");
    Double[] weights = {2.0, 0.0, Double.NaN, null, Double.POSITIVE_INFINITY, -0.0};

    assertThat(list(WEIGHTED, values, numbers(weights))).isEqualTo("2*2.0");
    assertThat(list(WEIGHTED, values, (Object) null)).isEmpty();
    assertThat(list(WEIGHTED, values, numbers(0.0, 0.0))).isEmpty();
  }

  @Test
  void negativeWeightsStayAndCountByTheirSize() {
    assertThat(list(WEIGHTED, texts("red", "blue"), numbers(1.0, -3.0))).isEqualTo("2*1.0 4*-3.0");
    assertThat(list(WEIGHTED_MEAN, texts("red", "blue"), numbers(1.0, -3.0)))
        .isEqualTo("2*0.25 4*-0.75");
  }

  @Test
  void weightsThatCancelDropTheirId() {
    assertThat(list(WEIGHTED, texts("red", "blue", "red"), numbers(1.0, 5.0, -1.0)))
        .isEqualTo("4*5.0");
  }

  @Test
  void listsOfDifferentLengthsCountAsFarAsBothGo() {
    assertThat(list(WEIGHTED, texts("red", "blue"), numbers(7.0))).isEqualTo("2*7.0");
    assertThat(list(WEIGHTED, texts("red"), numbers(7.0, 8.0))).isEqualTo("2*7.0");
  }

  @Test
  void tenThousandValuesAreMergedAsFewAre() {
    String[] values = new String[10_000];
    Double[] weights = new Double[values.length];
    Map<String, Double> sums = new HashMap<>();
    for (int i = 0; i < values.length; i++) {
      values[i] = Arrays.asList("red", "green", "blue", "42", "z").get(i * 7 % 5);
      weights[i] = 1.0 + i % 3;
      sums.merge(values[i], weights[i], Double::sum);
    }

    assertThat(list(WEIGHTED, texts(values), numbers(weights)))
        .isEqualTo(
            String.format(
                Locale.ROOT,
                "2*%.1f 4*%.1f 1*%.1f 3*%.1f 5*%.1f",
                sums.get("red"),
                sums.get("blue"),
                sums.get("z"),
                sums.get("green"),
                sums.get("42")));
  }

  @Test
  void evictedIdsAreReusedOnlyAfterTheyWereReset() {
    FieldSettings field = field("kind = categorical");
    FieldCounts.Field first = counts("a", 5, 100, "b", 3, 90, "c", 2, 100);
    Vocabulary day1 = new VocabularyFit(field, first, null, Integer.MIN_VALUE).vocabulary();
    FieldCounts.Field second = counts("a", 5, 110, "c", 4, 110, "d", 1, 110);
    Vocabulary day2 = new VocabularyFit(field, second, day1, 95).vocabulary();

    assertThat(day1.id("b")).isEqualTo(3);
    assertThat(day2.resetIds()).containsExactly(3);
    assertThat(day2.id("b")).isEqualTo(1);
    assertThat(day2.value(3)).isEmpty();
    assertThat(day2.id("d")).isEqualTo(5);
    assertThat(day2.extendsFrom(day1)).isTrue();

    FieldCounts.Field third = counts("e", 9, 111, "b", 2, 111);
    Vocabulary pending = new VocabularyFit(field, third, day2, 95).vocabulary();
    assertThat(pending.id("e")).isEqualTo(6);
    assertThat(pending.resetIds()).containsExactly(3);
    assertThat(pending.extendsFrom(day2)).isTrue();

    Vocabulary reset = new VocabularyFit(field, third, day2.confirmReset(), 95).vocabulary();
    assertThat(reset.resetIds()).isEmpty();
    assertThat(reset.id("e")).isEqualTo(3);
    assertThat(reset.id("b")).isEqualTo(6);
    assertThat(reset.extendsFrom(day2.confirmReset())).isTrue();
    assertThat(reset.extendsFrom(day1)).isFalse();
  }

  private static FieldCounts.Field counts(Object... valueRowsDay) {
    FieldCounts.Field counts = new FieldCounts.Field();
    for (int i = 0; i < valueRowsDay.length; i += 3) {
      counts.values.add(
          new FieldCounts.Value(
              UTF8String.fromString((String) valueRowsDay[i]),
              (Integer) valueRowsDay[i + 1],
              (Integer) valueRowsDay[i + 2]));
    }
    return counts;
  }

  @Test
  void fingerprintsTellVocabulariesApart() {
    assertThat(vocabulary("a", "b").fingerprint()).hasSize(64);
    assertThat(vocabulary("a", "b").fingerprint()).isEqualTo(vocabulary("a", "b").fingerprint());
    assertThat(vocabulary("a", "b").fingerprint()).isNotEqualTo(vocabulary("b", "a").fingerprint());
    assertThat(vocabulary("ab").fingerprint()).isNotEqualTo(vocabulary("a", "b").fingerprint());
    assertThat(Vocabulary.ofHash("f", 10).fingerprint())
        .isNotEqualTo(Vocabulary.ofHash("f", 11).fingerprint());
  }

  @Test
  void aucCountsTiesHalf() {
    boolean[] labels = {true, false, true, false};

    assertThat(RankingAuc.of(new float[] {2, 1, 2, 1}, labels, 4, 1)).isEqualTo(1);
    assertThat(RankingAuc.of(new float[] {-2, -1, -2, -1}, labels, 4, 1)).isEqualTo(0);
    assertThat(RankingAuc.of(new float[] {1, 1, 1, 1}, labels, 4, 1)).isEqualTo(0.5);
    assertThat(RankingAuc.of(new float[] {0f, -0f, 1, -1}, labels, 4, 1)).isEqualTo(0.875);
    assertThat(RankingAuc.of(new float[] {1, 2, 3, 4}, labels, 4, 3)).isNaN();
  }

  @Test
  void driftIsZeroForTheSameSharesAndGrowsWithTheChange() {
    FieldStatistics before = statistics(1000, "a", 600L, "b", 400L);

    assertThat(Drift.index(before, statistics(2000, "a", 1200L, "b", 800L), COLOURS))
        .isCloseTo(0, within(1e-3));
    double some = Drift.index(before, statistics(1000, "a", 500L, "b", 500L), COLOURS);
    double much = Drift.index(before, statistics(1000, "a", 100L, "b", 900L), COLOURS);
    assertThat(some).isCloseTo(0.0405, within(1e-3));
    assertThat(much).isCloseTo(1.3, within(0.02));
  }

  private static FieldStatistics statistics(long rows, Object... top) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < top.length; i += 2) {
      counts.put((String) top[i], (Long) top[i + 1]);
    }
    return new FieldStatistics("f", rows, rows, rows, 0, new int[] {4, 0, 0}, counts, Double.NaN);
  }

  @Test
  void emptyVocabulariesKnowNothing() {
    Vocabulary none =
        Vocabulary.ofValues("f", FieldKind.CATEGORICAL, Collections.<Vocabulary.Entry>emptyList());

    assertThat(none.size()).isEqualTo(2);
    assertThat(none.id("a")).isEqualTo(1);
  }
}
