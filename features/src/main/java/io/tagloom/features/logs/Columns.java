package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_utc_timestamp;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.tagloom.conf.TableSettings;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;

/** How a log's own columns become standard ones: expressions over a column and its type. */
final class Columns {
  private static final String DIGITS = "^\\s*-?[0-9]+(\\.[0-9]*)?\\s*$";
  private static final String WITH_ZONE = "[:T ].*(Z|[+-][0-9]{1,2}:?[0-9]{2})\\s*$";

  private Columns() {}

  /** An id as text; null where it is blank or one of the values that stand for no id. */
  static Column id(Column column, DataType type, List<String> missing) {
    boolean fraction = type.equals(DataTypes.DoubleType) || type.equals(DataTypes.FloatType);
    // 1.0E7 is no id: whole numbers that a reader took for fractions are written out.
    Column text = (fraction ? column.cast("decimal(38,0)") : column).cast("string");
    Column blank = trim(text).equalTo(lit(""));
    Column none = missing.isEmpty() ? blank : blank.or(text.isin(missing.toArray()));
    return when(none, lit(null)).otherwise(text);
  }

  /** Epoch milliseconds; null where the value cannot be read. */
  static Column millis(Column column, DataType type, TableSettings table) {
    String kind = table.timestamp();
    if (type.equals(DataTypes.TimestampType) || type.equals(DataTypes.DateType)) {
      return ofTimestamp(column.cast("timestamp"));
    }
    if (type instanceof NumericType) {
      return kind.equals("seconds") ? ofSeconds(column) : column.cast("long");
    }
    Column text = column.cast("string");
    switch (kind) {
      case "millis":
        return when(text.rlike(DIGITS), trim(text).cast("long"));
      case "seconds":
        return when(text.rlike(DIGITS), ofSeconds(trim(text)));
      case "auto":
        return when(text.rlike(DIGITS), trim(text).cast("long"))
            .otherwise(ofText(trim(text), table));
      default:
        return udf(new PatternTimestamp(kind, table.timeZone()), DataTypes.LongType).apply(text);
    }
  }

  /** A number; null where the value cannot be read or is not a number. */
  static Column number(Column column) {
    Column number = column.cast("double");
    return when(isnan(number), lit(null)).otherwise(number);
  }

  private static Column ofSeconds(Column seconds) {
    return floor(seconds.cast("decimal(20,6)").multiply(lit(1000))).cast("long");
  }

  private static Column ofTimestamp(Column timestamp) {
    // The cast goes through a double, exact to the microsecond once it is rounded.
    return floor(timestamp.cast("decimal(20,6)").multiply(lit(1000))).cast("long");
  }

  private static Column ofText(Column text, TableSettings table) {
    Column local = to_utc_timestamp(text.cast("timestamp"), table.timeZone().getId());
    return ofTimestamp(when(text.rlike(WITH_ZONE), text.cast("timestamp")).otherwise(local));
  }
}
