package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.tagloom.conf.SampleSettings;
import io.tagloom.conf.SampleSettings.Attribution;
import io.tagloom.features.logs.ReadRange;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Column;

/** The rules of the label join for one run, windows in milliseconds. Immutable. */
final class JoinRules {
  private final SampleSettings settings;
  private final ReadRange range;
  private final long seed;

  JoinRules(SampleSettings settings, ReadRange range, long seed) {
    this.settings = Objects.requireNonNull(settings);
    this.range = Objects.requireNonNull(range);
    this.seed = seed;
  }

  SampleSettings settings() {
    return settings;
  }

  ReadRange range() {
    return range;
  }

  long seed() {
    return seed;
  }

  long skewMillis() {
    return TimeUnit.SECONDS.toMillis(settings.clockSkewSeconds());
  }

  long clickWindowMillis() {
    return TimeUnit.MINUTES.toMillis(settings.clickWindowMinutes());
  }

  /** The window after a click, over the column {@code type}. */
  Column conversionWindowMillis() {
    Column window = lit(TimeUnit.DAYS.toMillis(settings.conversionWindowDays()));
    for (Map.Entry<String, Integer> own : settings.conversionWindows().entrySet()) {
      long millis = TimeUnit.DAYS.toMillis(own.getValue());
      window = when(col("type").equalTo(lit(own.getKey())), lit(millis)).otherwise(window);
    }
    return window;
  }

  /** The longest window after a click of a conversion that makes a label. */
  long longestConversionWindowMillis() {
    return TimeUnit.DAYS.toMillis(settings.longestConversionWindowDays());
  }

  long viewThroughWindowMillis() {
    return TimeUnit.DAYS.toMillis(settings.viewThroughWindowDays());
  }

  boolean firstTouch() {
    return settings.attribution() == Attribution.FIRST_TOUCH;
  }

  boolean viewThrough() {
    return settings.viewThrough();
  }

  List<String> labelTypes() {
    return settings.labelTypes();
  }
}
