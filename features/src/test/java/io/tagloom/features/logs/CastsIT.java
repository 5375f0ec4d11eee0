package io.tagloom.features.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.Settings;
import io.tagloom.conf.SettingsException;
import io.tagloom.features.LocalSpark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegralType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does not fit is null and nothing throws, in either ANSI mode and any time zone. */
@Tag("every-spark")
class CastsIT {
  private static final IntegralType LONG = (IntegralType) DataTypes.LongType;
  private static final IntegralType INT = (IntegralType) DataTypes.IntegerType;

  /** A conversion of a column c. */
  private interface Conversion {
    Column of(String column, DataType type);
  }

  @ParameterizedTest
  @CsvSource({"true,America/New_York", "false,Asia/Kolkata"})
  void valuesThatDoNotFitAreNull(String ansi, String zone) throws Exception {
    SparkSession session =
        LocalSpark.foreign("spark.sql.ansi.enabled=" + ansi, "spark.sql.session.timeZone=" + zone);
    LocalSpark.within(
        session,
        () -> {
          whole(session);
          real(session);
          times(session);
          columns(session);
          return null;
        });
  }

  private static void whole(SparkSession spark) {
    Conversion whole = (column, type) -> Casts.whole(column, type, INT);
    assertThat(
            values(spark, whole, "' 7 '", "'-7.9'", "'+3'", "'7.'", "'1e3'", "'x'", "''", "'2.x'"))
        .containsExactly(7, -7, 3, 7, null, null, null, null);
    assertThat(values(spark, whole, "3000000000L", "-8L")).containsExactly(null, -8);
    assertThat(values(spark, whole, "2.9D", "-2.9D", "1e300D", "double('NaN')"))
        .containsExactly(2, -2, null, null);
    assertThat(values(spark, whole, "2.9", "99999999999.5")).containsExactly(2, null);
    Conversion large = (column, type) -> Casts.whole(column, type, LONG);
    assertThat(values(spark, large, "'9223372036854775807'", "'9223372036854775808'"))
        .containsExactly(Long.MAX_VALUE, null);
    assertThat(values(spark, large, "1e19D", "-1e19D", "double('Infinity')", "12.5D"))
        .containsExactly(null, null, null, 12L);
    assertThat(values(spark, large, "cast('18446744073709551615' as decimal(20,0))", "5"))
        .containsExactly(null, 5L);
  }

  private static void real(SparkSession spark) {
    Conversion real = (column, type) -> Casts.real(column);
    assertThat(values(spark, real, "' 1.5 '", "'1e3'", "'x'", "''"))
        .containsExactly(1.5, 1000.0, null, null);
    Conversion reals = (column, type) -> functions.to_json(Casts.reals(column));
    assertThat(values(spark, reals, "array('1', 'x', null, '2.5')", "null"))
        .containsExactly("[1.0,null,null,2.5]", null);
    String quote = "split(c, " + Casts.literal("\\Q'\\E") + ")";
    Conversion parts = (column, type) -> functions.to_json(functions.expr(quote));
    assertThat(values(spark, parts, "\"a'b\"")).containsExactly("[\"a\",\"b\"]");
  }

  private static void times(SparkSession spark) {
    // A time that New York's clocks leave out, and one that they show twice.
    String gap = "timestamp_micros(1772937000123456)";
    String twice = "timestamp_micros(1793511000000000)";
    Conversion text = Casts::text;
    assertThat(values(spark, text, gap, twice, "timestamp_micros(-1)"))
        .containsExactly(
            "2026-03-08 02:30:00.123456", "2026-11-01 05:30:00", "1969-12-31 23:59:59.999999");
    Conversion texts = (c, type) -> functions.to_json(Casts.texts(c, (ArrayType) type));
    assertThat(values(spark, texts, "array(" + gap + ", null)"))
        .containsExactly("[\"2026-03-08 02:30:00.123456\",null]");
    Conversion millis = Casts::millis;
    Conversion exact = Casts::exactMillis;
    assertThat(values(spark, millis, gap, "timestamp_micros(-1)"))
        .containsExactly(1772937000123L, -1L);
    assertThat(values(spark, exact, "timestamp_micros(1772937000123500)"))
        .containsExactly(1772937000123.5);
    String local = "timestamp_ntz'2026-03-08 02:30:00.1235'";
    assertThat(values(spark, millis, local, "timestamp_ntz'1969-12-31 23:59:59.9999'"))
        .containsExactly(1772937000123L, -1L);
    assertThat(values(spark, exact, local)).containsExactly(1772937000123.5);
    assertThat(values(spark, millis, "date'1970-01-02'", "date'1969-12-31'"))
        .containsExactly(86_400_000L, -86_400_000L);
    assertThat(values(spark, exact, "date'1970-01-02'")).containsExactly(86_400_000.0);
  }

  private static void columns(SparkSession spark) {
    Map<String, String> none = new LinkedHashMap<>();
    Conversion auto =
        (c, type) -> Columns.millis(c, type, Settings.reference(none).input().clicks());
    assertThat(values(spark, auto, "double('NaN')", "1e300D", "1772937000123.9D"))
        .containsExactly(null, null, 1772937000123L);
    assertThat(
            values(
                spark, auto, "'99999999999999999999'", "'1772937000123.0'", "'12:30:00'", "'now'"))
        .containsExactly(null, 1772937000123L, null, null);
    none.put("input.clicks.timestamp", "seconds");
    assertThat(values(spark, auto, "1e300D", "double('NaN')", "1772937000.1239D"))
        .containsExactly(null, null, 1772937000123L);
    assertThat(values(spark, auto, "'1772937000.5'", "'99999999999999999999'", "'x'"))
        .containsExactly(1772937000500L, null, null);
    units(spark);
    ids(spark);
    Conversion day = (c, type) -> Days.of(functions.col("c"));
    assertThat(values(spark, day, "-1L", "9223372036854775807L", "-9223372036854775808L", "null"))
        .containsExactly(-1, 1 << 29, -(1 << 29), null);
  }

  private static void units(SparkSession spark) {
    Map<String, String> set = new LinkedHashMap<>();
    Conversion ts = (c, type) -> Columns.millis(c, type, Settings.reference(set).input().clicks());
    long millis = 1_772_937_000_123L;
    assertThat(
            values(
                spark,
                ts,
                "1772937000L",
                "1772937000123L",
                "1772937000123999L",
                "1772937000123999999L",
                "9223372036854775807L",
                "-9223372036854775808L",
                "0L"))
        .containsExactly(
            1_772_937_000_000L, millis, millis, millis, Long.MAX_VALUE, Long.MIN_VALUE, 0L);
    assertThat(values(spark, ts, "1772937000", "2147483647"))
        .containsExactly(1_772_937_000_000L, 2_147_483_647_000L);
    assertThat(values(spark, ts, "1772937000.123D", "1772937000123e3D", "1.772937000123e18D"))
        .containsExactly(millis, millis, millis);
    assertThat(values(spark, ts, "1772937000.123456", "1772937000123.999")).containsOnly(millis);
    assertThat(
            values(
                spark,
                ts,
                "'1.772937000123E9'",
                "' 1772937000.1239 '",
                "'+1.772937000123e+12'",
                "'1772937000123999'",
                "'1e30'"))
        .containsExactly(millis, millis, millis, millis, null);
    for (String unit : new String[] {"micros", "nanos"}) {
      set.put("input.clicks.timestamp", unit);
      String number = unit.equals("micros") ? "1772937000123999" : "1772937000123999999";
      assertThat(values(spark, ts, number + "L", "9L")).containsExactly(millis, 0L);
      assertThat(values(spark, ts, "'" + number + "'")).containsExactly(millis);
    }
    set.put("input.clicks.timestamp", "seconds");
    assertThat(values(spark, ts, "9223372036854775807L", "-5L")).containsExactly(null, -5000L);
  }

  private static void ids(SparkSession spark) {
    Conversion id =
        (c, type) ->
            Columns.id(
                c, DataTypes.createStructField("c", type, true), Collections.singletonList("0"));
    assertThat(
            values(
                spark, id, "'42'", "' 42  '", "'42.0'", "'+42'", "'42.'", "'4.2e+01'", "'4.2E1'"))
        .containsOnly("42");
    assertThat(
            values(
                spark, id, "'007'", "'1.5'", "'1e5'", "'a.b+c'", "'-3.0'", "' '", "'0.0'", "null"))
        .containsExactly("007", "1.5", "1e5", "a.b+c", "-3", null, null, null);
    assertThat(values(spark, id, "'9007199254740993.0'", "'9.1E15'", "'1.2345678901234568e+17'"))
        .containsOnly(IdText.INEXACT);
    assertThat(values(spark, id, "'9007199254740993'", "'123456789012345678901234567890'"))
        .containsExactly("9007199254740993", "123456789012345678901234567890");
    assertThat(values(spark, id, "7.0D", "12345678901.0D", "-7D", "double('NaN')", "null", "0D"))
        .containsExactly("7", "12345678901", "-7", null, null, null);
    assertThat(values(spark, id, "9007199254740992D", "1e300D", "1.5D", "double('Infinity')"))
        .containsOnly(IdText.INEXACT);
    assertThat(values(spark, id, "16777215F", "16777216F"))
        .containsExactly("16777215", IdText.INEXACT);
    assertThat(
            values(
                spark,
                id,
                "cast(100001 as decimal(38,10))",
                "cast(0 as decimal(38,10))",
                "cast('100001.5' as decimal(38,10))"))
        .containsExactly("100001", null, "100001.5");
    assertThat(values(spark, id, "cast('18446744073709551615' as decimal(20,0))", "5", "6Y"))
        .containsExactly("18446744073709551615", "5", "6");
  }

  @Test
  void aSessionOfSparkConnectIsRefused() {
    assertThatThrownBy(
            () -> WorkSession.requireClassic("org.apache.spark.sql.connect.SparkSession"))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("Cannot work in a session of Spark Connect: ")
        .hasMessageEndingWith("or hand the program to spark-submit.");
  }

  private static List<Object> values(SparkSession spark, Conversion conversion, String... texts) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      rows.add("select " + i + " n, " + texts[i] + " c");
    }
    // Not folded: the optimizer would hide what the generated code does.
    Dataset<Row> table =
        spark.sql(String.join(" union all ", rows)).repartition(1).sortWithinPartitions("n");
    DataType type = table.schema().apply("c").dataType();
    List<Object> values = new ArrayList<>();
    for (Row row : table.select(conversion.of("`c`", type)).collectAsList()) {
      values.add(row.get(0));
    }
    return values;
  }
}
