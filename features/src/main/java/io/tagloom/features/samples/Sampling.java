package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.tagloom.conf.SampleSettings;
import io.tagloom.conf.SampleSettings.SplitBy;
import io.tagloom.conf.SampleSettings.SplitKey;
import io.tagloom.features.logs.Days;
import java.time.LocalDate;
import java.util.Objects;
import org.apache.spark.sql.Column;

/**
 * Which samples are kept, what they weigh and which split they are in: functions of ids, days and
 * the seed alone.
 */
final class Sampling {
  private static final double HASHES = 4294967296.0;

  private final SampleSettings settings;
  private final LocalDate asOf;
  private final long seed;

  Sampling(SampleSettings settings, LocalDate asOf, long seed) {
    this.settings = Objects.requireNonNull(settings);
    this.asOf = Objects.requireNonNull(asOf);
    this.seed = seed;
  }

  /** Whether an impression without any label is kept. */
  Column keeps(Column impressionId) {
    return settings.negativeRate() >= 1
        ? lit(true)
        : fraction("negative", impressionId).lt(lit(settings.negativeRate()));
  }

  /** The weight, as a float: the inverse of the rate for samples without any label. */
  Column weight(Column positive) {
    return when(positive, lit(1.0f)).otherwise(lit((float) (1 / settings.negativeRate())));
  }

  /** train, valid or test, over the columns impression_id, user_id and ts. */
  Column split() {
    if (settings.splitBy() == SplitBy.DAY) {
      int firstTest = (int) asOf.toEpochDay() - settings.testDays() + 1;
      Column day = Days.of(col("ts"));
      return when(day.geq(lit(firstTest)), lit("test"))
          .when(day.geq(lit(firstTest - settings.validDays())), lit("valid"))
          .otherwise(lit("train"));
    }
    String key = settings.splitKey() == SplitKey.USER ? "user_id" : "impression_id";
    Column fraction = fraction("split", col(key));
    return when(fraction.lt(lit(settings.testShare())), lit("test"))
        .when(fraction.lt(lit(settings.testShare() + settings.validShare())), lit("valid"))
        .otherwise(lit("train"));
  }

  /** A stable number from 0 to below 1 for each key, independent between purposes. */
  private Column fraction(String purpose, Column key) {
    Column hash = hash(lit(purpose), lit(seed), key);
    return hash.cast("double").plus(lit(HASHES / 2)).divide(lit(HASHES));
  }
}
