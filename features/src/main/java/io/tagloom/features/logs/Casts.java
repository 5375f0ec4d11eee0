package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.expr;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Conversions that give null where a value does not fit, and the same whatever the session's ANSI
 * mode and time zone.
 *
 * <p>A plain cast throws under {@code spark.sql.ansi.enabled}, the default of Spark 4, where it
 * gives null or a wrapped number without. Which mode holds is that of the session that is active
 * when the expression is made, so it cannot be relied on. {@code try_cast} gives null in both; it
 * is SQL text here since {@code Column.try_cast} came with Spark 4.
 *
 * <p>Expressions are SQL text: a column by {@link #quoted}, or more. Times without a zone are taken
 * as UTC.
 */
public final class Casts {
  private static final String EPOCH = "timestamp_ntz'1970-01-01 00:00:00'";

  private Casts() {}

  /** A column, or the field of a struct, as SQL text. */
  public static String quoted(String... path) {
    StringBuilder text = new StringBuilder();
    for (String name : path) {
      text.append(text.length() == 0 ? "" : ".").append('`');
      text.append(name.replace("`", "``")).append('`');
    }
    return text.toString();
  }

  /** An expression as another type; null where it does not fit. */
  public static Column tried(String expression, String type) {
    return expr("try_cast(" + expression + " AS " + type + ")");
  }

  /** A text as SQL, however the session reads a backslash. */
  public static String literal(String text) {
    StringBuilder parts = new StringBuilder("concat(''");
    for (char letter : text.toCharArray()) {
      boolean plain = letter != '\'' && letter != '\\';
      parts.append(", ").append(plain ? "'" + letter + "'" : "chr(" + (int) letter + ")");
    }
    return parts.append(")").toString();
  }

  /** Whether a type is read by {@link #whole} and {@link #real}. */
  public static boolean isNumberOrText(DataType type) {
    return type instanceof NumericType || type instanceof StringType;
  }

  /** A whole number; what is behind the point, in a text too, is cut off. */
  public static Column whole(String expression, DataType from, IntegralType to) {
    if (from.equals(to)) {
      return expr(expression);
    }
    boolean text = from instanceof StringType;
    String whole = text ? "regexp_replace(" + expression + ", '[.][0-9]* *$', '')" : expression;
    return tried(whole, to.sql());
  }

  /** A double. */
  public static Column real(String expression) {
    return tried(expression, "double");
  }

  /** An array of doubles from one of numbers or texts. */
  public static Column reals(String expression) {
    return expr("transform(" + expression + ", x -> try_cast(x AS double))");
  }

  /** A text; of a timestamp that in UTC. */
  public static Column text(String expression, DataType from) {
    return expr(textOf(expression, from));
  }

  /** An array of texts, each as {@link #text} gives it. */
  public static Column texts(String expression, ArrayType from) {
    return expr("transform(" + expression + ", x -> " + textOf("x", from.elementType()) + ")");
  }

  private static String textOf(String expression, DataType from) {
    if (!(from instanceof TimestampType)) {
      return "cast(" + expression + " AS string)";
    }
    // A cast would write it in the session's zone.
    String seconds = "cast(unix_micros(" + expression + ") AS decimal(20,0)) / 1000000";
    String sinceEpoch = "make_dt_interval(0, 0, 0, cast(" + seconds + " AS decimal(18,6)))";
    return "cast(" + EPOCH + " + " + sinceEpoch + " AS string)";
  }

  /** Whether a type is read by {@link #millis}. */
  public static boolean isTime(DataType type) {
    return type instanceof TimestampType
        || type instanceof TimestampNTZType
        || type instanceof DateType;
  }

  /** Epoch milliseconds of a timestamp or date. */
  public static Column millis(String expression, DataType from) {
    if (from instanceof TimestampType) {
      return expr("unix_millis(" + expression + ")");
    }
    if (from instanceof DateType) {
      return expr("unix_date(" + expression + ") * 86400000L");
    }
    return expr(
        localMinutes(expression, "L")
            + " + cast(floor("
            + seconds(expression)
            + " * 1000) AS bigint)");
  }

  /** Epoch milliseconds of a timestamp or date with their fraction, as a double. */
  public static Column exactMillis(String expression, DataType from) {
    if (from instanceof TimestampNTZType) {
      return expr(
          localMinutes(expression, "D") + " + cast(" + seconds(expression) + " * 1000 AS double)");
    }
    return from instanceof DateType
        ? millis(expression, from).cast("double")
        : expr("cast(" + expression + " AS double) * 1000.0D");
  }

  /**
   * Milliseconds of the minutes of a time without a zone; differences would go by the session's.
   */
  private static String localMinutes(String expression, String suffix) {
    String days = "unix_date(cast(" + expression + " AS date))";
    String minutes = "hour(" + expression + ") * 60 + minute(" + expression + ")";
    return "(" + days + " * 1440" + suffix + " + " + minutes + ") * 60000" + suffix;
  }

  private static String seconds(String expression) {
    return "extract(SECOND FROM " + expression + ")";
  }

  /**
   * A column in a form that Spark can hash and put in order: as JSON where its type holds a map or
   * something else that has no order.
   */
  public static Column comparable(String name, DataType type) {
    String column = quoted(name);
    return expr(isComparable(type) ? column : "to_json(struct(" + column + "))");
  }

  private static boolean isComparable(DataType type) {
    if (type instanceof ArrayType) {
      return isComparable(((ArrayType) type).elementType());
    }
    if (type instanceof StructType) {
      for (StructField field : ((StructType) type).fields()) {
        if (!isComparable(field.dataType())) {
          return false;
        }
      }
      return true;
    }
    // The variants of Spark 4 have no class in 3.5.
    return !(type instanceof MapType) && !type.typeName().equals("variant");
  }
}
