package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_utc_timestamp;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.unix_millis;
import static org.apache.spark.sql.functions.when;

import io.tagloom.conf.SampleSettings;
import io.tagloom.conf.TableSettings;
import io.tagloom.features.logs.IdText.Source;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampNTZType;

/**
 * How a log's own columns become standard ones: expressions over a column, by its quoted name, and
 * its type.
 *
 * <p>What is done in Java is called not deterministic, so that the optimizer leaves it where it is:
 * copied into all rules that use an id or a time it would be done ten times a row.
 */
final class Columns {
  private Columns() {}

  /**
   * An id in its one form, see {@link IdText}: {@link IdText#INEXACT} for a floating-point number
   * from 2^53 on (a float: 2^24), where different ids fall together, or with a fraction, {@link
   * IdText#UNDECODED} for bytes that are no text; null where it is blank or one of the values that
   * stand for no id.
   */
  static Column id(String column, StructField field, List<String> missing) {
    Column text = idText(column, field);
    return missing.isEmpty() ? text : when(text.isin(missing.toArray()), lit(null)).otherwise(text);
  }

  private static Column idText(String column, StructField field) {
    DataType type = field.dataType();
    Column text = expr("cast(" + column + " AS string)");
    if (CsvFiles.isText(field)) {
      return called(new IdText(Source.FILE), DataTypes.StringType, text);
    }
    if (type instanceof DoubleType) {
      return called(new IdText(Source.DOUBLE), DataTypes.StringType, text);
    }
    if (type instanceof FloatType) {
      return called(new IdText(Source.FLOAT), DataTypes.StringType, text);
    }
    if (type instanceof DecimalType && ((DecimalType) type).scale() > 0) {
      return called(new IdText(Source.EXACT), DataTypes.StringType, text);
    }
    if (!(type instanceof StringType) && !(type instanceof BinaryType)) {
      return text;
    }
    Column trimmed = trim(text);
    // Most texts have neither letter.
    Column plain = text.contains(".").or(text.contains("+"));
    return when(plain, called(new IdText(Source.TEXT), DataTypes.StringType, text))
        .when(trimmed.equalTo(lit("")), lit(null))
        .otherwise(trimmed);
  }

  /** Epoch milliseconds, rounded down; null where the value cannot be read. */
  static Column millis(String column, DataType type, TableSettings table) {
    if (type instanceof TimestampNTZType) {
      return unix_millis(
          to_utc_timestamp(expr(column).cast(DataTypes.TimestampType), table.timeZone().getId()));
    }
    if (Casts.isTime(type)) {
      return Casts.millis(column, type);
    }
    TextTime time = new TextTime(table.timestamp(), table.timeZone());
    Column read = called(time, DataTypes.LongType, expr("cast(" + column + " AS string)"));
    boolean auto = table.timestamp().equals(TableSettings.AUTO);
    if (!(type instanceof IntegralType) || !auto && !table.timestamp().equals("millis")) {
      return read;
    }
    Column whole = expr("cast(" + column + " AS bigint)");
    return auto
        ? when(
                whole
                    .geq(lit(Days.start(SampleSettings.FIRST_DAY)))
                    .and(whole.lt(lit(Days.start(SampleSettings.END_DAY)))),
                whole)
            .otherwise(read)
        : whole;
  }

  /** A number; null where the value cannot be read or is not a number. */
  static Column number(String column) {
    Column number = Casts.real(column);
    return when(isnan(number), lit(null)).otherwise(number);
  }

  private static Column called(UDF1<String, ?> function, DataType type, Column text) {
    return udf(function, type).asNondeterministic().apply(text);
  }
}
