package io.tagloom.features.samples;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Writes a join health as lines that a person can read. */
final class HealthTable {
  private static final int NAME_WIDTH = 36;
  private static final int COLUMN_WIDTH = 12;

  private final JoinHealth health;
  private final List<DayHealth> days;

  HealthTable(JoinHealth health, List<DayHealth> earlier, int columns) {
    if (columns < 1) {
      throw new IllegalArgumentException("Invalid columns: " + columns + "; expected 1 or more.");
    }
    this.health = health;
    SortedMap<LocalDate, DayHealth> known = new TreeMap<>();
    earlier.forEach(day -> known.put(day.day(), day));
    health.days().forEach(day -> known.put(day.day(), day));
    known.put(health.asOf(), health.day());
    List<DayHealth> upToDate = new ArrayList<>(known.headMap(health.asOf().plusDays(1)).values());
    this.days = upToDate.subList(Math.max(0, upToDate.size() - columns), upToDate.size());
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append("Join health as of ").append(health.asOf()).append('\n');
    line(text, "", day -> day.day().toString());
    TreeSet<String> rules = new TreeSet<>();
    days.forEach(
        day ->
            day.numbers().keySet().stream()
                .filter(n -> n.contains(".rejected."))
                .forEach(rules::add));
    for (String log : new String[] {"impressions", "clicks", "conversions"}) {
      for (String part : new String[] {"rows", "duplicates", "late", "rejected"}) {
        number(text, log + "." + part);
      }
      rules.stream().filter(n -> n.startsWith(log)).forEach(rule -> number(text, rule));
      outcomes(text, log);
    }
    for (String part : new String[] {"rows", "clicked", "converted", "mature"}) {
      number(text, "samples." + part);
    }
    line(text, "ctr", day -> percent(day.ctr()));
    line(text, "cvr", day -> percent(day.cvr()));
    for (String delay : new String[] {"click_delay_ms", "conversion_delay_ms"}) {
      for (String quantile : new String[] {".p50", ".p90", ".p99"}) {
        line(text, delay.replace("_ms", "") + quantile, day -> time(day, delay + quantile));
      }
    }
    health.warnings().forEach(warning -> text.append("warning: ").append(warning).append('\n'));
    return text.toString();
  }

  private void outcomes(StringBuilder text, String log) {
    String[] parts = {"distinct", "capped_by_user", "capped_by_item"};
    if (log.equals("clicks")) {
      parts = new String[] {"counted", "out_of_window", "orphaned"};
    } else if (log.equals("conversions")) {
      parts =
          new String[] {
            "counted", "view_through", "out_of_window", "orphaned", "unclicked", "other_type"
          };
    }
    for (String part : parts) {
      number(text, log + "." + part);
    }
  }

  private void number(StringBuilder text, String name) {
    line(text, name, day -> String.format(Locale.ROOT, "%,d", day.number(name)));
  }

  private void line(StringBuilder text, String name, Function<DayHealth, String> value) {
    StringBuilder line = new StringBuilder(String.format("%-" + NAME_WIDTH + "s", name));
    for (DayHealth day : days) {
      line.append(String.format("%" + COLUMN_WIDTH + "s", value.apply(day)));
    }
    text.append(line.toString().replaceAll("\\s+$", "")).append('\n');
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.3f %%", 100 * share);
  }

  private static String time(DayHealth day, String name) {
    if (!day.numbers().containsKey(name)) {
      return "-";
    }
    double seconds = day.number(name) / 1000.0;
    if (seconds < 120) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    return seconds < 7200
        ? String.format(Locale.ROOT, "%.1f min", seconds / 60)
        : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
  }
}
