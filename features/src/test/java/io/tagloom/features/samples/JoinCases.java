package io.tagloom.features.samples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@code join-cases.txt}. */
final class JoinCases {
  static final LocalDate FIRST_DAY = LocalDate.of(2026, 3, 5);

  /** Cases that share settings and date. */
  static final class Group {
    final List<String> settings = new ArrayList<>();
    final List<Case> cases = new ArrayList<>();
    LocalDate asOf;
  }

  /** Events in, samples out. */
  static final class Case {
    final String claim;
    final TestLog log = new TestLog();
    final Map<String, Map<String, String>> samples = new TreeMap<>();
    final Map<String, Long> counts = new TreeMap<>();

    Case(String claim) {
      this.claim = claim;
    }
  }

  private JoinCases() {}

  static List<Group> read() {
    List<Group> groups = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                JoinCases.class.getResourceAsStream("join-cases.txt"), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.trim().isEmpty() && !line.startsWith("#")) {
          read(line, groups);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return groups;
  }

  private static void read(String line, List<Group> groups) {
    if (line.startsWith("@")) {
      Group group = new Group();
      for (String assignment : line.substring(1).trim().split(" ")) {
        if (assignment.startsWith("as-of=+")) {
          group.asOf = FIRST_DAY.plusDays(Long.parseLong(assignment.substring(7)));
        } else {
          group.settings.add(assignment);
        }
      }
      groups.add(group);
      return;
    }
    List<Case> cases = groups.get(groups.size() - 1).cases;
    if (line.startsWith("--")) {
      cases.add(new Case(line.substring(2).trim()));
    } else {
      row(line.split(" +"), cases.get(cases.size() - 1));
    }
  }

  private static void row(String[] words, Case one) {
    String[] w = Arrays.copyOf(words, 9);
    switch (words[0]) {
      case "I":
        Integer position = w[5] == null ? null : Integer.valueOf(w[5]);
        one.log.impression(text(w[1]), text(w[2]), text(w[3]), time(w[4]), position);
        break;
      case "C":
        one.log.click(text(w[1]), text(w[2]), text(w[3]), text(w[4]), time(w[5]));
        break;
      case "V":
        Double value = w[8] == null ? null : Double.valueOf(w[8]);
        one.log.conversion(
            text(w[1]),
            text(w[2]),
            text(w[3]),
            text(w[4]),
            text(w[5]),
            time(w[6]),
            text(w[7]),
            value);
        break;
      case "=":
        one.samples.put(words[1], expected(words));
        break;
      default:
        for (int i = 1; i < words.length; i++) {
          String[] count = words[i].split("=");
          one.counts.put(count[0], Long.valueOf(count[1]));
        }
    }
  }

  private static Map<String, String> expected(String[] words) {
    Map<String, String> expected = new LinkedHashMap<>();
    for (String label : new String[] {"click", "clicks", "conversion"}) {
      expected.put(label, "0");
    }
    for (String column : new String[] {"click_ts", "conversion_ts", "conversion_type", "value"}) {
      expected.put(column, "null");
    }
    for (int i = 2; i < words.length; i++) {
      String name = words[i].substring(0, words[i].indexOf('='));
      String value = words[i].substring(name.length() + 1);
      if (name.equals("dt")) {
        value = FIRST_DAY.plusDays(Long.parseLong(value.substring(1))).toString();
      } else if (name.equals("ts") || name.endsWith("_ts")) {
        value = String.valueOf(time(value));
      }
      expected.put(name, value);
    }
    return expected;
  }

  private static String text(String word) {
    return word == null || word.equals("-") ? null : word.equals("''") ? "" : word;
  }

  private static Long time(String word) {
    if (word.equals("-")) {
      return null;
    }
    String[] parts = word.startsWith("+") ? word.substring(1).split("T") : new String[] {"0", word};
    LocalDate day = FIRST_DAY.plusDays(Long.parseLong(parts[0]));
    return day.toEpochDay() * 86_400_000L + LocalTime.parse(parts[1]).toNanoOfDay() / 1_000_000;
  }
}
