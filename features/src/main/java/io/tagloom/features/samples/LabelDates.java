package io.tagloom.features.samples;

import io.tagloom.conf.SampleSettings;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * As of which date the labels of each day are: the date of the run that has built the day's
 * samples. Lies in {@code <root>/reports/as-of/dt=DAY}, also of days without samples.
 *
 * <p>The labels of a day are final when it was built by the last run whose days include it. Days
 * that were built before there were such notes have none; they are nobody's business here.
 */
public final class LabelDates {
  static final String TABLE = "reports/as-of";
  private static final String FILE = "as-of";

  /** What a run replaces day by day. */
  static final List<String> TABLES =
      Collections.unmodifiableList(
          Arrays.asList(SampleStore.TABLE, Findings.REJECTED, Findings.ORPHANS, TABLE));

  private final DayPartitions partitions;
  private final SampleSettings settings;

  LabelDates(DayPartitions partitions, SampleSettings settings) {
    this.partitions = partitions;
    this.settings = settings;
  }

  /** Of the samples under a root, as they are to be by some settings. */
  public static LabelDates of(Configuration hadoop, String root, SampleSettings settings) {
    return new LabelDates(new DayPartitions(hadoop, root), settings);
  }

  /** Whether no day that the run of a date builds has labels of an earlier run. */
  public boolean areAsOf(LocalDate date) {
    return known(settings.rebuildFrom(date), date).values().stream().noneMatch(date::isAfter);
  }

  /** The days that the run of a date would build and that have labels of a later run. */
  SortedMap<LocalDate, LocalDate> later(LocalDate date) {
    SortedMap<LocalDate, LocalDate> later = known(settings.rebuildFrom(date), date);
    later.values().removeIf(asOf -> !asOf.isAfter(date));
    return later;
  }

  /**
   * The nights before a date that are needed to make days final and have not been run, in order: of
   * each the first day that it builds has labels of an earlier night, or none.
   *
   * @param date the date that is run; no night more than {@code catch-up-days} before it is named
   */
  List<LocalDate> skipped(LocalDate date) {
    List<LocalDate> skipped = new ArrayList<>();
    List<LocalDate> days = partitions.days(TABLE);
    if (settings.rebuildsAll() || days.isEmpty()) {
      return skipped;
    }
    LocalDate first = date.minusDays(settings.catchUpDays());
    SortedMap<LocalDate, LocalDate> known = known(settings.rebuildFrom(first), date);
    for (LocalDate night = first; night.isBefore(date); night = night.plusDays(1)) {
      LocalDate last = settings.rebuildFrom(night);
      if (!last.isBefore(days.get(0)) && known.getOrDefault(last, LocalDate.MIN).isBefore(night)) {
        skipped.add(night);
      }
    }
    return skipped;
  }

  /** A sentence on nights that did not run and are too long ago to be joined now. */
  Optional<String> gap(LocalDate date) {
    LocalDate first = date.minusDays(settings.catchUpDays());
    List<LocalDate> before = partitions.days(TABLE);
    before.removeIf(day -> !day.isBefore(date));
    if (settings.rebuildsAll() || before.isEmpty()) {
      return Optional.empty();
    }
    LocalDate last = before.get(before.size() - 1);
    return last.isBefore(first.minusDays(1))
        ? Optional.of(
            "no night from "
                + last.plusDays(1)
                + " to "
                + first.minusDays(1)
                + " was joined, and samples.catch-up-days = "
                + settings.catchUpDays()
                + " ends after them: their days have no samples or labels of before")
        : Optional.empty();
  }

  /**
   * Notes, beside, that the days of a run are as of its date.
   *
   * @param kept days that stay as they are
   */
  void note(LocalDate asOf, Set<LocalDate> kept) {
    LocalDate from = settings.rebuildFrom(asOf);
    LocalDate day = partitions.first(TABLES, from, asOf).orElse(asOf);
    for (; !day.isAfter(asOf); day = day.plusDays(1)) {
      if (!kept.contains(day)) {
        partitions.write(TABLE, day, FILE, asOf + "\n");
      }
    }
  }

  /** The dates as of which days of a range are, of those that are noted. */
  private SortedMap<LocalDate, LocalDate> known(LocalDate from, LocalDate to) {
    SortedMap<LocalDate, LocalDate> known = new TreeMap<>();
    for (LocalDate day : partitions.days(TABLE)) {
      if (!day.isBefore(from) && !day.isAfter(to)) {
        // A note that is damaged is none: the day is built again.
        partitions
            .read(TABLE, day, FILE)
            .flatMap(LabelDates::date)
            .ifPresent(asOf -> known.put(day, asOf));
      }
    }
    return known;
  }

  private static Optional<LocalDate> date(String text) {
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
