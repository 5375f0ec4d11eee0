package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.date_add;
import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Column;

/** Days of the UTC calendar as whole numbers since 1970-01-01, and their bounds in milliseconds. */
public final class Days {
  private static final long MILLIS = TimeUnit.DAYS.toMillis(1);
  private static final int LAST = 1 << 29;

  private Days() {}

  /** First millisecond of a day. */
  public static long start(LocalDate day) {
    return day.toEpochDay() * MILLIS;
  }

  /** First millisecond after a day. */
  public static long end(LocalDate day) {
    return start(day.plusDays(1));
  }

  /**
   * The day, as an int, of a column of epoch milliseconds. Times a million years off, as a broken
   * row may have them, are of the first or last of the days that differences can be taken of.
   */
  public static Column of(Column millis) {
    return when(millis.gt(lit(LAST * MILLIS)), lit(LAST))
        .when(millis.lt(lit(-LAST * MILLIS)), lit(-LAST))
        .otherwise(floor(millis.divide(lit(MILLIS))).cast("int"));
  }

  /** The text YYYY-MM-DD of a day as an int. */
  public static Column text(Column day) {
    return date(day).cast("string");
  }

  /** The date of a day as an int. */
  public static Column date(Column day) {
    return date_add(to_date(lit("1970-01-01")), day);
  }

  /** The day, as an int, of a text YYYY-MM-DD or a date. */
  public static Column number(Column date) {
    return datediff(date.cast("date"), to_date(lit("1970-01-01")));
  }

  /**
   * The day, as an int, of a column of texts or whole numbers YYYY-MM-DD or YYYYMMDD; null for
   * others.
   */
  static Column number(String column) {
    String text = "regexp_replace(cast(" + Casts.quoted(column) + " AS string), '-', '')";
    String dashed = "regexp_replace(" + text + ", '(....)(..)(..)', '$1-$2-$3')";
    return number(
        Casts.tried("CASE WHEN length(" + text + ") = 8 THEN " + dashed + " END", "date"));
  }

  /** The day of a text YYYY-MM-DD or YYYYMMDD. */
  static Optional<LocalDate> parse(String text) {
    String dashed =
        text.matches("[0-9]{8}")
            ? text.substring(0, 4) + "-" + text.substring(4, 6) + "-" + text.substring(6)
            : text;
    try {
      return Optional.of(LocalDate.parse(dashed));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
