package io.tagloom.features.fields;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.conf.FieldKind;
import io.tagloom.conf.FieldSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.mllib.feature.HashingTF;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same edges for every kind whose rows hold several values. */
class ListFieldEdgesTest {
  private static final String[] KNOWN = {"red", "42", "ünï", "日本", "4.20"};

  /** A kind, its declaration and how a list comes to it. */
  enum Kind {
    MULTI_VALUED("kind = multi-valued"),
    MULTI_VALUED_WEIGHTED("kind = multi-valued-weighted, weights-column = w"),
    HASHED("kind = hashed, size = 100000"),
    HISTORY("kind = history, of = click, last = 10000"),
    HISTORY_COUNTS(
        "kind = history-counts, of = click, last = 10000, half-life-days = 0, values = items");

    private final FieldSettings field;

    Kind(String declaration) {
      this.field =
          FieldSettings.parse("[{name = f, side = user, normalize = none, " + declaration + "}]")
              .get(0);
    }

    private boolean isHistory() {
      return field.kind().isHistory();
    }

    /** The id of a value. */
    private int id(String value) {
      if (this == HASHED) {
        return 2 + new HashingTF(100_000).indexOf(value);
      }
      int at = Arrays.asList(KNOWN).indexOf(value);
      return at < 0 ? 1 : 2 + at;
    }

    /** What becomes of a list of values, oldest first, as {@code id*weight} in ascending order. */
    private List<String> encoded(String... values) {
      List<Vocabulary.Entry> entries = new ArrayList<>();
      for (String value : KNOWN) {
        entries.add(new Vocabulary.Entry(value, Vocabulary.State.LIVE, 1, 0));
      }
      Vocabulary vocabulary =
          this == HASHED
              ? Vocabulary.ofHash("f", 100_000)
              : Vocabulary.ofValues("f", FieldKind.CATEGORICAL, entries);
      IdBuffer buffer = new IdBuffer();
      InternalRow row = isHistory() ? walked(values) : listed(values);
      new FieldEncoder(field, vocabulary, true, 0).ids(row, buffer);
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < buffer.size(); i++) {
        texts.add(text(buffer.id(i), buffer.weight(i)));
      }
      texts.sort(null);
      return texts;
    }

    private static InternalRow listed(String... values) {
      Object[] weights = new Object[values.length];
      Arrays.fill(weights, 1.0);
      return new GenericInternalRow(new Object[] {array(values), new GenericArrayData(weights)});
    }

    /** One event a second, then the sample. */
    private InternalRow walked(String... values) {
      List<InternalRow> rows = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        rows.add(row(1000L * i, HistoryRows.EVENT, utf8(values[i]), null));
      }
      InternalRow sample = new GenericInternalRow(new Object[] {7L});
      rows.add(row(1000L * values.length, HistoryRows.SAMPLE, null, sample));
      StructType schema = new StructType().add("n", DataTypes.LongType);
      InternalRow out = new HistoryRows(Arrays.asList(field), schema).call(rows.iterator()).next();
      Object[] weights = new Object[out.getArray(2).numElements()];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (double) out.getArray(2).getFloat(i);
      }
      return new GenericInternalRow(new Object[] {out.getArray(1), new GenericArrayData(weights)});
    }

    private static InternalRow row(long ts, int kind, UTF8String item, InternalRow sample) {
      return new GenericInternalRow(
          new Object[] {utf8("u"), ts, kind, utf8("click"), item, null, sample, 1L});
    }
  }

  private static UTF8String utf8(String value) {
    return value == null ? null : UTF8String.fromString(value);
  }

  private static Object array(String... values) {
    return new GenericArrayData(
        Arrays.stream(values).map(ListFieldEdgesTest::utf8).toArray(Object[]::new));
  }

  private static String text(int id, double weight) {
    return String.format(Locale.ROOT, "%d*%.1f", id, weight);
  }

  private static List<String> sorted(String... texts) {
    List<String> list = new ArrayList<>(Arrays.asList(texts));
    list.sort(null);
    return list;
  }

  @ParameterizedTest
  @EnumSource
  void nothingNullsAndEmptyTextsAreNoValues(Kind kind) {
    assertThat(kind.encoded()).isEmpty();
    assertThat(kind.encoded((String) null)).isEmpty();
    assertThat(kind.encoded("", null, "")).isEmpty();
    assertThat(kind.encoded("", "red", null)).containsExactly(text(kind.id("red"), 1));
  }

  @ParameterizedTest
  @EnumSource
  void valuesAreTakenByteForByte(Kind kind) {
    assertThat(kind.encoded("ünï", "日本", "42", "4.20"))
        .isEqualTo(
            sorted(
                text(kind.id("ünï"), 1),
                text(kind.id("日本"), 1),
                text(kind.id("42"), 1),
                text(kind.id("4.20"), 1)));
    // Another number text, another case, a space more, the letter ü as u and a dot: other values.
    for (String other : Arrays.asList("4.2", "042", "Red", "red ", "u\u0308nï")) {
      assertThat(kind.encoded(other)).as(other).containsExactly(text(kind.id(other), 1));
      assertThat(kind == Kind.HASHED || kind.id(other) == 1).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void equalValuesAndUnseenOnesAddUp(Kind kind) {
    assertThat(kind.encoded("red", "42", "red", "red"))
        .isEqualTo(sorted(text(kind.id("red"), 3), text(kind.id("42"), 1)));
    if (kind != Kind.HASHED) {
      assertThat(kind.encoded("x", "red", "y")).isEqualTo(sorted("1*2.0", "2*1.0"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void tenThousandValuesAreAllCounted(Kind kind) {
    String[] values = new String[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 10 < 6 ? "red" : i % 10 < 9 ? "日本" : "42";
    }

    assertThat(kind.encoded(values))
        .isEqualTo(
            sorted(
                text(kind.id("red"), 6000), text(kind.id("日本"), 3000), text(kind.id("42"), 1000)));
  }
}
