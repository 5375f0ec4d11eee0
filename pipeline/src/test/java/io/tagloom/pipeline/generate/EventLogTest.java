package io.tagloom.pipeline.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.GenerateSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventLogTest {
  private static final int IMPRESSIONS = 200_000;
  private static final int SEED = 7;
  private static final GenerateSettings SETTINGS =
      Examples.settings(
          "impressions=" + IMPRESSIONS,
          "duplicate-share=0.05",
          "late-share=0.04",
          "orphan-share=0.03");
  private static final ExampleWorld WORLD = new ExampleWorld(SETTINGS, SEED, Examples.LAST_DAY);
  private static final Map<EventKind, List<LogEvent>> CLICKS =
      Examples.events(new ClickLog(WORLD, SETTINGS, SEED), IMPRESSIONS);
  private static final Map<EventKind, List<LogEvent>> CONVERSIONS =
      Examples.events(new ConversionLog(WORLD, SETTINGS, SEED), IMPRESSIONS);

  @Test
  void clicksThatCountComeWithinHalfAnHour() {
    for (LogEvent click : all(CLICKS, EventKind.REGULAR, EventKind.LATE, EventKind.REPEATED)) {
      assertThat(afterImpression(click)).isBetween(-3000L, 30 * 60_000L);
    }
    assertThat(CLICKS.get(EventKind.REGULAR)).anyMatch(click -> afterImpression(click) < 0);
  }

  @Test
  void clicksOutOfTheWindowHaveNoOtherClick() {
    Set<Object> clicked = new HashSet<>();
    all(CLICKS, EventKind.REGULAR, EventKind.LATE).forEach(click -> clicked.add(click.value(1)));

    assertThat(CLICKS.get(EventKind.OUT_OF_WINDOW)).isNotEmpty();
    for (LogEvent click : CLICKS.get(EventKind.OUT_OF_WINDOW)) {
      assertThat(afterImpression(click)).isBetween(3_600_000L, 6 * 3_600_000L);
      assertThat(clicked).doesNotContain(click.value(1));
    }
  }

  @Test
  void anomaliesHaveTheSharesAskedFor() {
    double clicks = CLICKS.get(EventKind.REGULAR).size() + CLICKS.get(EventKind.LATE).size();
    double conversions =
        CONVERSIONS.get(EventKind.REGULAR).size() + CONVERSIONS.get(EventKind.LATE).size();

    assertThat(clicks / IMPRESSIONS).isCloseTo(0.12, within(0.006));
    // Of the last two of seven days some have no later day to come in.
    assertThat(CLICKS.get(EventKind.LATE).size() / clicks).isCloseTo(0.02 * 5.5 / 7, within(0.003));
    assertThat(CLICKS.get(EventKind.OUT_OF_WINDOW).size() / clicks).isCloseTo(0.02, within(0.004));
    assertThat(CLICKS.get(EventKind.ORPHAN).size() / clicks).isCloseTo(0.03, within(0.005));
    assertThat(CLICKS.get(EventKind.REPEATED).size() / clicks).isCloseTo(0.03, within(0.005));
    assertThat(CLICKS.get(EventKind.DUPLICATE).size() / clicks).isCloseTo(0.054, within(0.006));
    assertThat(CONVERSIONS.get(EventKind.LATE).size() / conversions).isBetween(0.018, 0.036);
    assertThat(CONVERSIONS.get(EventKind.DUPLICATE).size() / conversions)
        .isCloseTo(0.05, within(0.015));
    assertThat(CONVERSIONS.get(EventKind.ORPHAN)).isNotEmpty();
  }

  @Test
  void noSharesGiveNoAnomalies() {
    GenerateSettings clean =
        Examples.settings("duplicate-share=0", "late-share=0", "orphan-share=0");
    ExampleWorld world = new ExampleWorld(clean, SEED, Examples.LAST_DAY);
    Map<EventKind, List<LogEvent>> clicks =
        Examples.events(new ClickLog(world, clean, SEED), 20_000);

    for (EventKind kind :
        Arrays.asList(
            EventKind.DUPLICATE, EventKind.LATE, EventKind.OUT_OF_WINDOW, EventKind.ORPHAN)) {
      assertThat(clicks.get(kind)).isEmpty();
    }
  }

  @Test
  void lateEventsAreInTheLogOfALaterDay() {
    for (LogEvent click : CLICKS.get(EventKind.LATE)) {
      assertThat(click.day() - WORLD.days().day((Long) click.value(4))).isBetween(1, 2);
    }
    for (LogEvent click : all(CLICKS, EventKind.REGULAR, EventKind.ORPHAN, EventKind.REPEATED)) {
      assertThat(click.day()).isEqualTo(WORLD.days().day((Long) click.value(4)));
    }
  }

  @Test
  void copiesAreNoEarlierThanTheirOriginalAndElseTheSame() {
    Map<Object, LogEvent> originals = new HashMap<>();
    CLICKS.forEach(
        (kind, clicks) -> {
          if (kind != EventKind.DUPLICATE) {
            clicks.forEach(click -> originals.put(click.value(0), click));
          }
        });
    for (LogEvent copy : CLICKS.get(EventKind.DUPLICATE)) {
      LogEvent original = originals.get(copy.value(0));
      assertThat((Long) copy.value(4) - (Long) original.value(4)).isBetween(0L, 30_000L);
      assertThat(copy.day()).isEqualTo(original.day());
      for (int column : new int[] {1, 2, 3, 5}) {
        assertThat(copy.value(column)).isEqualTo(original.value(column));
      }
    }
  }

  @Test
  void conversionsFollowTheirClickAfterHoursToDays() {
    Map<Object, Long> clickTs = new HashMap<>();
    for (LogEvent click : all(CLICKS, EventKind.REGULAR, EventKind.LATE, EventKind.AFTER_END)) {
      clickTs.put(click.value(0), (Long) click.value(4));
    }
    List<Double> hours = new ArrayList<>();
    for (LogEvent event :
        all(CONVERSIONS, EventKind.REGULAR, EventKind.LATE, EventKind.AFTER_END)) {
      if (event.value(1).toString().startsWith("clk-lost")) {
        continue;
      }
      hours.add(((Long) event.value(5) - clickTs.get(event.value(1))) / 3_600_000.0);
    }
    hours.sort(null);

    assertThat(hours.get(0)).isPositive();
    assertThat(hours.get(hours.size() / 2)).isBetween(4.0, 8.0);
    assertThat(hours.get(hours.size() * 9 / 10)).isBetween(20.0, 36.0);
    assertThat(hours.get(hours.size() - 1)).isGreaterThan(168.0);
  }

  @Test
  void orphansNameNothingThatExists() {
    for (LogEvent orphan : all(CONVERSIONS, EventKind.ORPHAN)) {
      assertThat(orphan.value(1).toString()).startsWith("clk-lost-");
      assertThat(orphan.value(2).toString()).startsWith("imp-lost-");
      long item = Long.parseLong(orphan.value(4).toString().substring("item-".length()));
      assertThat(item).isGreaterThanOrEqualTo(WORLD.itemCount());
    }
  }

  @Test
  void cartsAndOrdersBothHappenAndOneMayFollowTheOther() {
    Map<Object, Set<Object>> types = new HashMap<>();
    for (LogEvent event : all(CONVERSIONS, EventKind.REGULAR, EventKind.LATE)) {
      types.computeIfAbsent(event.value(2), key -> new HashSet<>()).add(event.value(6));
      assertThat((Double) event.value(7)).isPositive();
    }

    assertThat(types.values())
        .contains(set("cart"), set("order"), set("cart", "order"))
        .allMatch(found -> set("cart", "order").containsAll(found));
  }

  @Test
  void nothingIsWrittenAfterTheLastDay() {
    assertThat(CONVERSIONS.get(EventKind.AFTER_END)).isNotEmpty();
    for (Map.Entry<EventKind, List<LogEvent>> entry : CONVERSIONS.entrySet()) {
      for (LogEvent event : entry.getValue()) {
        assertThat(event.day() >= 7).isEqualTo(entry.getKey() == EventKind.AFTER_END);
      }
    }
  }

  private static long afterImpression(LogEvent click) {
    long index = Long.parseLong(click.value(1).toString().substring("imp-".length()));
    return (Long) click.value(4) - WORLD.impression(index).ts();
  }

  private static List<LogEvent> all(Map<EventKind, List<LogEvent>> events, EventKind... kinds) {
    List<LogEvent> all = new ArrayList<>();
    for (EventKind kind : kinds) {
      all.addAll(events.get(kind));
    }
    return all;
  }

  private static Set<Object> set(Object... values) {
    return new HashSet<>(Arrays.asList(values));
  }
}
