package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_utc_timestamp;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.unix_millis;
import static org.apache.spark.sql.functions.when;

import io.tagloom.conf.SampleSettings;
import io.tagloom.conf.TableSettings;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampNTZType;

/**
 * How a log's own columns become standard ones: expressions over a column, by its quoted name, and
 * its type.
 */
final class Columns {
  /** In the place of an id that came as a floating-point number which cannot tell it exactly. */
  static final String INEXACT = "\uFFFF";

  /** In the place of an id whose bytes are none of the file's encoding. */
  static final String UNDECODED = "\uFFFE";

  /** What a decoder writes for bytes that it cannot decode. */
  static final String REPLACEMENT = "\uFFFD";

  private static final String NUMBER = "^[+-]?[0-9]+([.][0-9]*)?([eE][+-]?[0-9]+)?$";

  /** A number as floating-point columns are written to text: with an exponent. */
  private static final String EXPONENT = "^[+-]?[0-9]+([.][0-9]+[eE][+]?|[eE][+])[0-9]+$";

  private static final String WHOLE = "^[+-]?[0-9]+([.]0*)?$";

  /** What may stand around an id: blanks, line ends, a byte order mark. */
  private static final String BLANKS = "' \t\r\n\u00a0\ufeff'";

  /** How many of a unit make a millisecond, by the unit's place in {@link TableSettings#UNITS}. */
  private static final long[] THOUSANDS = {0, 1, 1000, 1_000_000};

  private static final int MILLIS = TableSettings.UNITS.indexOf("millis");
  private static final long FIRST = Days.start(SampleSettings.FIRST_DAY);
  private static final long END = Days.start(SampleSettings.END_DAY);

  private Columns() {}

  /**
   * An id in the one form that it has in all logs: without blanks around it, whole numbers as their
   * digits. {@link #INEXACT} for a floating-point number from 2^53 on (a float: 2^24), where
   * different ids fall together, or with a fraction, {@link #UNDECODED} for bytes that are no text;
   * null where it is blank or one of the values that stand for no id.
   */
  static Column id(String column, StructField field, List<String> missing) {
    Column text = expr(idText(column, field.dataType()));
    if (CsvFiles.isText(field)) {
      text = when(text.contains(REPLACEMENT), lit(UNDECODED)).otherwise(text);
    }
    Column blank = text.equalTo(lit(""));
    Column none = missing.isEmpty() ? blank : blank.or(text.isin(missing.toArray()));
    return when(none, lit(null)).otherwise(text);
  }

  private static String idText(String column, DataType type) {
    if (type instanceof DoubleType || type instanceof FloatType) {
      return exactId(column, type instanceof FloatType ? "16777216D" : "9007199254740992D");
    }
    if (type instanceof DecimalType) {
      String whole = "try_cast(" + column + " AS decimal(38,0))";
      return ((DecimalType) type).scale() == 0
          ? "cast(" + column + " AS string)"
          : "CASE WHEN "
              + whole
              + " = "
              + column
              + " THEN cast("
              + whole
              + " AS string)"
              + " ELSE cast("
              + column
              + " AS string) END";
    }
    if (!(type instanceof StringType) && !(type instanceof BinaryType)) {
      return "cast(" + column + " AS string)";
    }
    String own = type instanceof StringType ? column : "cast(" + column + " AS string)";
    String text = "trim(BOTH " + BLANKS + " FROM " + own + ")";
    // Most texts have neither letter, and no pattern need be tried.
    return "CASE WHEN instr("
        + own
        + ", '.') = 0 AND instr("
        + own
        + ", '+') = 0 THEN "
        + text
        + " WHEN "
        + text
        + " RLIKE '"
        + WHOLE
        + "' THEN "
        + wholeText(text)
        + " WHEN "
        + text
        + " RLIKE '"
        + EXPONENT
        + "' THEN "
        + exactId("try_cast(" + text + " AS double)", "9007199254740992D")
        + " ELSE "
        + text
        + " END";
  }

  /** A text of digits with a point behind is of a floating-point column. */
  private static String wholeText(String text) {
    String digits = "regexp_replace(" + text + ", '^[+]|[.]0*$', '')";
    return "CASE WHEN instr("
        + text
        + ", '.') = 0 OR length("
        + digits
        + ") < 16 THEN "
        + digits
        + " ELSE "
        + exactId("try_cast(" + text + " AS double)", "9007199254740992D")
        + " END";
  }

  private static String exactId(String number, String bound) {
    String whole = "try_cast(" + number + " AS decimal(38,0))";
    return "CASE WHEN "
        + number
        + " IS NULL OR isnan("
        + number
        + ") THEN NULL"
        + " WHEN abs("
        + number
        + ") < "
        + bound
        + " AND "
        + number
        + " = floor("
        + number
        + ")"
        + " THEN cast("
        + whole
        + " AS string) ELSE '"
        + INEXACT
        + "' END";
  }

  /** Epoch milliseconds, rounded down; null where the value cannot be read. */
  static Column millis(String column, DataType type, TableSettings table) {
    if (type instanceof TimestampNTZType) {
      return unix_millis(utc(expr(column).cast(DataTypes.TimestampType), table));
    }
    if (Casts.isTime(type)) {
      return Casts.millis(column, type);
    }
    String kind = table.timestamp();
    boolean number = kind.equals(TableSettings.AUTO) || TableSettings.UNITS.contains(kind);
    if (!number) {
      return text(column, table);
    }
    if (type instanceof IntegralType) {
      return expr(millis("cast(" + column + " AS bigint)", kind, Columns::ofWhole));
    }
    if (type instanceof NumericType) {
      return expr(millis(exact(column), kind, Columns::ofExact));
    }
    String text = "trim(BOTH " + BLANKS + " FROM cast(" + column + " AS string))";
    Column millis =
        when(expr(text).rlike(NUMBER), expr(millis(exact(text), kind, Columns::ofExact)));
    return kind.equals(TableSettings.AUTO) ? millis.otherwise(text(column, table)) : millis;
  }

  /** A number; null where the value cannot be read or is not a number. */
  static Column number(String column) {
    Column number = Casts.real(column);
    return when(isnan(number), lit(null)).otherwise(number);
  }

  private static Column text(String column, TableSettings table) {
    return udf(new TextTime(table.timestamp(), table.timeZone()), DataTypes.LongType)
        .apply(expr(column).cast("string"));
  }

  /**
   * Milliseconds of a number: by its unit, or, since the times of two units have none in common, by
   * the unit in which it is plausible; one that is so in none is taken for milliseconds, and breaks
   * the rule of times.
   */
  private static String millis(String number, String kind, BiFunction<String, Integer, String> in) {
    if (!kind.equals(TableSettings.AUTO)) {
      return in.apply(number, TableSettings.UNITS.indexOf(kind));
    }
    StringBuilder cases = new StringBuilder("CASE");
    for (int unit : new int[] {MILLIS, 0, 2, 3}) {
      cases.append(" WHEN ").append(number).append(" >= ").append(bound(FIRST, unit)).append("L");
      cases.append(" AND ").append(number).append(" < ").append(bound(END, unit)).append("L");
      cases.append(" THEN ").append(in.apply(number, unit));
    }
    return cases.append(" ELSE ").append(in.apply(number, MILLIS)).append(" END").toString();
  }

  /** Epoch milliseconds in another unit, rounded down. */
  static long bound(long millis, int unit) {
    return unit == 0 ? Math.floorDiv(millis, 1000L) : millis * THOUSANDS[unit];
  }

  private static String ofWhole(String number, int unit) {
    return unit == 0
        ? "try_multiply(" + number + ", 1000L)"
        : unit == MILLIS ? number : "(" + number + " div " + THOUSANDS[unit] + "L)";
  }

  private static String ofExact(String number, int unit) {
    String[] factors = {"1000BD", "1BD", "0.001BD", "0.000001BD"};
    return "try_cast(floor(" + number + " * " + factors[unit] + ") AS bigint)";
  }

  /** A number with nine digits behind the point and as many before it as a long may have. */
  private static String exact(String number) {
    return "try_cast(" + number + " AS decimal(28,9))";
  }

  /** The instant of a time of the table's zone that was read as one of UTC. */
  private static Column utc(Column time, TableSettings table) {
    return to_utc_timestamp(time, table.timeZone().getId());
  }
}
