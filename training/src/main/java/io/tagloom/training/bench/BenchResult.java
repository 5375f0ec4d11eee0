package io.tagloom.training.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Numbers by name, and the table that explains them. */
public final class BenchResult {
  private final Map<String, Double> numbers = new LinkedHashMap<>();
  private final List<String> lines = new ArrayList<>();

  BenchResult() {}

  void put(String name, double value) {
    numbers.put(name, value);
  }

  void line(String format, Object... values) {
    lines.add(String.format(Locale.ROOT, format, values));
  }

  /** Numbers; a dot in a name separates a group from its member. */
  public Map<String, Double> numbers() {
    return Collections.unmodifiableMap(numbers);
  }

  /** Lines for a person. */
  public List<String> lines() {
    return Collections.unmodifiableList(lines);
  }
}
