package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_utc_timestamp;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.unix_millis;
import static org.apache.spark.sql.functions.when;

import io.tagloom.conf.TableSettings;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.TimestampNTZType;

/**
 * How a log's own columns become standard ones: expressions over a column, by its quoted name, and
 * its type.
 */
final class Columns {
  private static final String DIGITS = "^\\s*-?[0-9]+(\\.[0-9]*)?\\s*$";

  /** A text that Spark would read as a time of today is none. */
  private static final String DATED = "^[0-9]{4,6}-.*";

  private static final String WITH_ZONE =
      "^[0-9]+-[0-9]+-[0-9]+[T ].*([+-][0-9]{1,2}(:?[0-9]{2}){0,2}|[A-Za-z][A-Za-z0-9_/+:-]*)$";

  private static final IntegralType LONG = (IntegralType) DataTypes.LongType;

  private Columns() {}

  /** An id as text; null where it is blank or one of the values that stand for no id. */
  static Column id(String column, DataType type, List<String> missing) {
    boolean fraction = type.equals(DataTypes.DoubleType) || type.equals(DataTypes.FloatType);
    // 1.0E7 is no id: whole numbers that a reader took for fractions are written out.
    Column text = (fraction ? Casts.tried(column, "decimal(38,0)") : expr(column)).cast("string");
    Column blank = trim(text).equalTo(lit(""));
    Column none = missing.isEmpty() ? blank : blank.or(text.isin(missing.toArray()));
    return when(none, lit(null)).otherwise(text);
  }

  /** Epoch milliseconds; null where the value cannot be read. */
  static Column millis(String column, DataType type, TableSettings table) {
    String kind = table.timestamp();
    if (type instanceof TimestampNTZType) {
      return unix_millis(utc(expr(column).cast(DataTypes.TimestampType), table));
    }
    if (Casts.isTime(type)) {
      return Casts.millis(column, type);
    }
    if (type instanceof NumericType) {
      return kind.equals("seconds") ? ofSeconds(column) : Casts.whole(column, type, LONG);
    }
    String text = "trim(cast(" + column + " AS string))";
    Column digits = expr(text).rlike(DIGITS);
    Column millis = Casts.whole(text, DataTypes.StringType, LONG);
    switch (kind) {
      case "millis":
        return when(digits, millis);
      case "seconds":
        return when(digits, ofSeconds(text));
      case "auto":
        return when(digits, millis).otherwise(ofText(text, table));
      default:
        return udf(new PatternTimestamp(kind, table.timeZone()), DataTypes.LongType)
            .apply(expr(column).cast("string"));
    }
  }

  /** A number; null where the value cannot be read or is not a number. */
  static Column number(String column) {
    Column number = Casts.real(column);
    return when(isnan(number), lit(null)).otherwise(number);
  }

  private static Column ofSeconds(String seconds) {
    Column exact = Casts.tried(seconds, "decimal(20,6)");
    return floor(exact.multiply(lit(1000))).cast("long");
  }

  private static Column ofText(String text, TableSettings table) {
    Column time = Casts.tried(text, "timestamp_ltz");
    Column at = when(expr(text).rlike(WITH_ZONE), time).otherwise(utc(time, table));
    return when(expr(text).rlike(DATED), unix_millis(at));
  }

  /** The instant of a time of the table's zone that was read as one of UTC. */
  private static Column utc(Column time, TableSettings table) {
    return to_utc_timestamp(time, table.timeZone().getId());
  }
}
