package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.tagloom.conf.SampleSettings;
import org.apache.spark.sql.Column;

/**
 * What becomes of a row of an event log: one of {@link #TAKEN}, {@link #LATE}, {@link #OUTSIDE}, or
 * the name of the first rule it breaks.
 */
public final class RowRules {
  /** A row that takes part. */
  public static final String TAKEN = "taken";

  /** A row that came when the samples it would change were no longer rebuilt. */
  public static final String LATE = "late";

  /** A row before or after the days that are read. */
  public static final String OUTSIDE = "outside";

  /** What is to be done about inexact ids. */
  static final String EXACT_IDS =
      "Floating-point numbers from 2^53 on, or with a fraction, do not tell ids apart: write ids as"
          + " whole numbers or texts.";

  /** A time that cannot be read. */
  static final String UNREADABLE_TS = "unreadable_ts";

  /** An id that came as a floating-point number which cannot tell it exactly. */
  static final String INEXACT_ID = "inexact_id";

  /** An id whose bytes are no text in the file's encoding. */
  static final String UNDECODABLE_ID = "undecodable_id";

  /** Column that holds the outcome. */
  public static final String OUTCOME = "outcome";

  /** A folder of a local day may hold this many days after its own date. */
  private static final int DAYS_AHEAD = 1;

  private static final long END_MILLIS = Days.start(SampleSettings.END_DAY);

  private RowRules() {}

  /**
   * The outcome, over the standard columns and {@code folder_day}, the day of the row's folder as
   * an int, null in a flat log.
   */
  static Column outcome(LogTable table, ReadRange range) {
    Column ts = col("ts");
    Column day = Days.of(ts);
    Column folder = col("folder_day");
    Column late = folder.minus(day).gt(lit(range.lateAfterDays()));
    Column outside = ts.lt(lit(range.startMillis())).or(ts.geq(lit(range.endMillis())));
    Column kept = when(late, lit(LATE)).when(outside, lit(OUTSIDE)).otherwise(lit(TAKEN));
    // A flat log says nothing of when a row came: a broken row of a later day is not for this run.
    Column later = folder.isNull().and(ts.geq(lit(range.endMillis()))).and(ts.lt(lit(END_MILLIS)));
    return when(later, lit(OUTSIDE)).otherwise(coalesce(broken(table, day, folder), kept));
  }

  /** The day an outcome is counted under, as an int. */
  static Column day(ReadRange range) {
    int first = (int) range.readFrom().toEpochDay();
    int last = (int) range.asOf().toEpochDay();
    Column own = Days.of(col("ts"));
    Column within = when(own.between(lit(first), lit(last)), own);
    return when(col(OUTCOME).isin(TAKEN, OUTSIDE), own)
        .otherwise(coalesce(col("folder_day"), within, lit(last)));
  }

  private static Column broken(LogTable table, Column day, Column folder) {
    Column implausible =
        col("ts")
            .lt(lit(Days.start(SampleSettings.FIRST_DAY)))
            .or(col("ts").geq(lit(END_MILLIS)))
            .or(coalesce(day.minus(folder).gt(lit(DAYS_AHEAD)), lit(false)));
    Column time =
        when(col("ts").isNull(), lit(UNREADABLE_TS)).when(implausible, lit("implausible_ts"));
    return coalesce(key(table), time, number(table));
  }

  private static Column key(LogTable table) {
    Column worst = greatest(table.ids().stream().map(id -> col(id)).toArray(Column[]::new));
    return when(worst.equalTo(lit(IdText.INEXACT)), lit(INEXACT_ID))
        .when(worst.equalTo(lit(IdText.UNDECODED)), lit(UNDECODABLE_ID))
        .otherwise(missing(table));
  }

  private static Column missing(LogTable table) {
    Column noImpression = col("impression_id").isNull();
    Column noPair = col("user_id").isNull().or(col("item_id").isNull());
    switch (table) {
      case IMPRESSIONS:
        return when(noImpression, lit("missing_impression_id"))
            .when(col("user_id").isNull(), lit("missing_user_id"))
            .when(col("item_id").isNull(), lit("missing_item_id"));
      case CLICKS:
        return when(noImpression.and(noPair), lit("missing_key"));
      default:
        return when(col("click_id").isNull().and(noImpression).and(noPair), lit("missing_key"));
    }
  }

  private static Column number(LogTable table) {
    switch (table) {
      case IMPRESSIONS:
        return when(col("position").lt(lit(0)), lit("negative_position"));
      case CONVERSIONS:
        return when(col("value").lt(lit(0)), lit("negative_value"));
      default:
        return lit(null).cast("string");
    }
  }
}
