package io.tagloom.export;

import io.tagloom.conf.EditDistance;
import io.tagloom.export.scoring.KeyOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * The names that are closest to one that was not found, for messages: within a third of its length
 * in edits, upper and lower case being alike, or beginning with it.
 */
final class NearNames {
  private static final int SHOWN = 3;

  /** A beginning of fewer characters says too little. */
  private static final int MIN_PREFIX = 3;

  private final String wanted;
  private final int farthest;
  private final TreeSet<Near> nearest = new TreeSet<>();

  NearNames(String wanted) {
    this.wanted = wanted.toLowerCase(Locale.ROOT);
    this.farthest = Math.max(1, wanted.length() / 3);
  }

  /** Looks at a name. */
  void add(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean begins = wanted.length() >= MIN_PREFIX && lower.startsWith(wanted);
    if (!begins && Math.abs(lower.length() - wanted.length()) > farthest) {
      return;
    }
    int distance = EditDistance.between(wanted, lower);
    if (begins || distance <= farthest) {
      nearest.add(new Near(name, distance, commonStart(wanted, lower)));
      if (nearest.size() > SHOWN) {
        nearest.pollLast();
      }
    }
  }

  private static int commonStart(String a, String b) {
    int length = 0;
    while (length < Math.min(a.length(), b.length()) && a.charAt(length) == b.charAt(length)) {
      length++;
    }
    return length;
  }

  /** At most three names, the nearest first; of equally near ones those that begin like it. */
  List<String> list() {
    List<String> names = new ArrayList<>();
    nearest.forEach(near -> names.add(near.name));
    return names;
  }

  /** {@code Did you mean a, b or c?}, or the other text when there is nothing near. */
  static String question(List<String> names, String otherwise) {
    if (names.isEmpty()) {
      return otherwise;
    }
    String last = names.get(names.size() - 1);
    String first = String.join(", ", names.subList(0, names.size() - 1));
    return "Did you mean " + (first.isEmpty() ? last : first + " or " + last) + "?";
  }

  private static final class Near implements Comparable<Near> {
    private static final Comparator<Near> ORDER =
        Comparator.<Near>comparingInt(near -> near.distance)
            .thenComparingInt(near -> -near.start)
            .thenComparing((a, b) -> KeyOrder.compare(a.name, b.name));

    private final String name;
    private final int distance;
    private final int start;

    Near(String name, int distance, int start) {
      this.name = name;
      this.distance = distance;
      this.start = start;
    }

    @Override
    public int compareTo(Near other) {
      return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Near && compareTo((Near) other) == 0;
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }
}
