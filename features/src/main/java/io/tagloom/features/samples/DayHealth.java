package io.tagloom.features.samples;

import java.time.LocalDate;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** The numbers of the label join on one day, by the day of the event. Immutable. */
public final class DayHealth {
  private final LocalDate day;
  private final SortedMap<String, Long> numbers;

  /**
   * Creates the numbers of a day.
   *
   * @param day the day, UTC
   * @param numbers counts and milliseconds by dotted name, such as {@code clicks.orphaned}; see
   *     {@link JoinHealth}
   */
  public DayHealth(LocalDate day, Map<String, Long> numbers) {
    this.day = Objects.requireNonNull(day);
    numbers.forEach(
        (name, number) -> {
          if (number < 0) {
            throw new IllegalArgumentException(
                "Invalid " + name + ": " + number + "; expected 0 or more.");
          }
        });
    this.numbers = Collections.unmodifiableSortedMap(new TreeMap<>(numbers));
  }

  /** The day, UTC. */
  public LocalDate day() {
    return day;
  }

  /** All numbers by name. */
  public SortedMap<String, Long> numbers() {
    return numbers;
  }

  /** A number by name; 0 where nothing was counted. */
  public long number(String name) {
    return numbers.getOrDefault(name, 0L);
  }

  /** Clicked share of the distinct impressions, from 0 to 1; 0 without impressions. */
  public double ctr() {
    long capped = number("impressions.capped_by_user") + number("impressions.capped_by_item");
    return share(number("samples.clicked"), number("impressions.distinct") - capped);
  }

  /** Converted share of the clicked samples, from 0 to 1; 0 without clicks. */
  public double cvr() {
    return share(number("samples.clicked_and_converted"), number("samples.clicked"));
  }

  private static double share(long part, long whole) {
    return whole <= 0 ? 0 : (double) part / whole;
  }
}
