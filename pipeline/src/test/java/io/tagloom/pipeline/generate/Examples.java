package io.tagloom.pipeline.generate;

import io.tagloom.conf.GenerateSettings;
import io.tagloom.conf.Settings;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Settings and events that the tests of this package share. */
final class Examples {
  static final LocalDate LAST_DAY = LocalDate.parse("2026-03-07");

  private Examples() {}

  /** Settings by {@code key=value} below {@code generate}. */
  static GenerateSettings settings(String... assignments) {
    List<String> keys = new ArrayList<>();
    for (String assignment : assignments) {
      keys.add("generate." + assignment);
    }
    return Settings.reference(Settings.overrides(keys)).generate();
  }

  static ExampleWorld world(String... assignments) {
    return new ExampleWorld(settings(assignments), 7, LAST_DAY);
  }

  /** All events of a log by kind. */
  static Map<EventKind, List<LogEvent>> events(EventLog log, long impressions) {
    Map<EventKind, List<LogEvent>> events = new EnumMap<>(EventKind.class);
    for (EventKind kind : EventKind.values()) {
      events.put(kind, new ArrayList<>());
    }
    for (long index = 0; index < impressions; index++) {
      log.rows(index, event -> events.get(event.kind()).add(event));
    }
    return events;
  }
}
