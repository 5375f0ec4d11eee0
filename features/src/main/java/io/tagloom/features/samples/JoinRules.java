package io.tagloom.features.samples;

import io.tagloom.conf.SampleSettings;
import io.tagloom.features.logs.ReadRange;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

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

  long conversionWindowMillis() {
    return TimeUnit.DAYS.toMillis(settings.conversionWindowDays());
  }

  boolean viewThrough() {
    return settings.viewThrough();
  }

  List<String> labelTypes() {
    return settings.labelTypes();
  }
}
