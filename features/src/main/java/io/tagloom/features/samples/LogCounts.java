package io.tagloom.features.samples;

import io.tagloom.features.logs.HotKeys;
import io.tagloom.features.logs.LogTable;
import io.tagloom.features.logs.RowRules;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a first look at a log found: rows by day and outcome, routes in use, busy keys. Immutable.
 */
final class LogCounts {
  private final LogTable table;
  private final SortedMap<Integer, SortedMap<String, Long>> byDay;
  private final SortedMap<Integer, Long> outside;
  private final long byPair;
  private final HotKeys copies;
  private final HotKeys routes;

  LogCounts(
      LogTable table,
      SortedMap<Integer, SortedMap<String, Long>> byDay,
      SortedMap<Integer, Long> outside,
      long byPair,
      HotKeys copies,
      HotKeys routes) {
    this.table = Objects.requireNonNull(table);
    SortedMap<Integer, SortedMap<String, Long>> copy = new TreeMap<>();
    byDay.forEach(
        (day, counts) -> copy.put(day, Collections.unmodifiableSortedMap(new TreeMap<>(counts))));
    this.byDay = Collections.unmodifiableSortedMap(copy);
    this.outside = Collections.unmodifiableSortedMap(new TreeMap<>(outside));
    this.byPair = byPair;
    this.copies = Objects.requireNonNull(copies);
    this.routes = Objects.requireNonNull(routes);
  }

  LogTable table() {
    return table;
  }

  /** Rows by outcome on each day (days since 1970) that is read; none of {@code outside}. */
  SortedMap<Integer, SortedMap<String, Long>> byDay() {
    return byDay;
  }

  /** Rows of each day that the run does not read, in files that it reads. */
  SortedMap<Integer, Long> outside() {
    return outside;
  }

  /** Taken rows that name no id and are joined by user and item. */
  long byPair() {
    return byPair;
  }

  /** Keys with very many copies. */
  HotKeys copies() {
    return copies;
  }

  /** Keys that very many events are joined by. */
  HotKeys routes() {
    return routes;
  }

  long taken() {
    return byDay.values().stream().mapToLong(day -> day.getOrDefault(RowRules.TAKEN, 0L)).sum();
  }

  long taken(int day) {
    Map<String, Long> counts = byDay.getOrDefault(day, Collections.emptySortedMap());
    return counts.getOrDefault(RowRules.TAKEN, 0L);
  }

  /** The days up to a date without a taken row, since the last one with a row, that others have. */
  SortedSet<LocalDate> emptyDays(LogCounts others, LocalDate date) {
    SortedSet<LocalDate> empty = new TreeSet<>();
    int last = (int) date.toEpochDay();
    int day = last;
    int first = others.byDay.isEmpty() ? last + 1 : others.byDay.firstKey();
    for (; day >= first && taken(day) == 0; day--) {
      if (others.taken(day) > 0) {
        empty.add(LocalDate.ofEpochDay(day));
      }
    }
    return empty;
  }

  /** Rejected rows by rule from a day on. */
  SortedMap<String, Long> rejected(int fromDay) {
    SortedMap<String, Long> rejected = new TreeMap<>();
    byDay
        .tailMap(fromDay)
        .values()
        .forEach(
            counts ->
                counts.forEach(
                    (outcome, rows) -> {
                      if (isRule(outcome)) {
                        rejected.merge(outcome, rows, Long::sum);
                      }
                    }));
    return rejected;
  }

  /** Rows on the days that are read by outcome, without those that take part. */
  SortedMap<String, Long> others() {
    SortedMap<String, Long> others = new TreeMap<>();
    byDay.values().forEach(day -> day.forEach((name, rows) -> others.merge(name, rows, Long::sum)));
    others.remove(RowRules.TAKEN);
    return others;
  }

  /** The first and the last day with rows that break no rule, read or not; "none" without any. */
  String span() {
    SortedSet<Integer> days = new TreeSet<>(outside.keySet());
    byDay.keySet().stream().filter(day -> taken(day) > 0).forEach(days::add);
    return days.isEmpty()
        ? "none"
        : LocalDate.ofEpochDay(days.first()) + " to " + LocalDate.ofEpochDay(days.last());
  }

  /** All rows from a day on. */
  long rows(int fromDay) {
    return byDay.tailMap(fromDay).values().stream()
        .flatMap(counts -> counts.values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  /** Whether an outcome is the name of a broken rule. */
  static boolean isRule(String outcome) {
    return !outcome.equals(RowRules.TAKEN)
        && !outcome.equals(RowRules.LATE)
        && !outcome.equals(RowRules.OUTSIDE);
  }
}
