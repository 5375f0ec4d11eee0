package io.tagloom.features.logs;

import io.tagloom.conf.SampleSettings;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The days of a run: up to which it reads, which it rebuilds, how far before them it looks.
 * Immutable.
 */
public final class ReadRange {
  private final LocalDate asOf;
  private final LocalDate rebuildFrom;
  private final LocalDate readFrom;
  private final int lateAfterDays;

  private ReadRange(LocalDate readFrom, LocalDate rebuildFrom, LocalDate asOf, int lateAfterDays) {
    this.asOf = Objects.requireNonNull(asOf);
    this.rebuildFrom = rebuildFrom;
    this.readFrom = readFrom;
    this.lateAfterDays = lateAfterDays;
  }

  /** The range of the run as of a date. */
  public static ReadRange of(SampleSettings samples, LocalDate asOf) {
    LocalDate rebuildFrom = samples.rebuildFrom(asOf);
    LocalDate readFrom = rebuildFrom.minusDays(samples.lookBackDays());
    return new ReadRange(readFrom, rebuildFrom, asOf, samples.windowDays());
  }

  /** The range of some days as they are, for a reader that builds nothing. */
  public static ReadRange between(LocalDate from, LocalDate to) {
    return new ReadRange(from, from, to, Integer.MAX_VALUE / 2);
  }

  /** The last day: nothing after its end is read. */
  public LocalDate asOf() {
    return asOf;
  }

  /** First day whose samples are built. */
  public LocalDate rebuildFrom() {
    return rebuildFrom;
  }

  /** First day that is read. */
  public LocalDate readFrom() {
    return readFrom;
  }

  /** First millisecond that is read. */
  public long startMillis() {
    return Days.start(readFrom);
  }

  /** First millisecond of the days whose samples are built. */
  public long rebuildMillis() {
    return Days.start(rebuildFrom);
  }

  /** First millisecond after the last day. */
  public long endMillis() {
    return Days.end(asOf);
  }

  /**
   * Days after its own that an event of a log with day folders may be in a folder; one that comes
   * later is counted as late, since the run of its folder's day no longer rebuilds what it changes.
   */
  public int lateAfterDays() {
    return lateAfterDays;
  }

  /** A sentence on rows of a log that a run finds and does not read; none where there are none. */
  public Optional<String> unread(LogTable log, long before, long after) {
    if (before + after == 0) {
      return Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    if (before > 0) {
      parts.add(String.format(Locale.ROOT, "%,d before %s", before, readFrom));
    }
    if (after > 0) {
      parts.add(String.format(Locale.ROOT, "%,d after %s", after, asOf));
    }
    return Optional.of(
        log.title()
            + ": rows outside the days that are read: "
            + String.join(", ", parts)
            + (before > 0 ? "; samples.rebuild-days = all reads those before" : ""));
  }
}
