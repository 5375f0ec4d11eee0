package io.tagloom.pipeline.stages;

import io.tagloom.export.TagShare;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Shares of experts in words: {@code expert 1 74%, expert 0 20%}. Immutable. */
final class ExpertWords {
  /** Smaller shares are not worth a word. */
  private static final double LEAST = 0.005;

  private static final double MOST = 0.5;

  /** Shares that are no farther apart are as good as equal. */
  private static final double EVEN = 0.05;

  private final SortedMap<Integer, Double> shares;

  ExpertWords(Map<Integer, Double> shares) {
    this.shares = Collections.unmodifiableSortedMap(new TreeMap<>(shares));
  }

  /** The mean shares of the experts over some tags. */
  static ExpertWords of(List<TagShare> tags) {
    SortedMap<Integer, Double> sums = new TreeMap<>();
    for (TagShare tag : tags) {
      int[] kernels = tag.kernels();
      float[] gates = tag.gates();
      for (int k = 0; k < kernels.length; k++) {
        sums.merge(kernels[k], (double) gates[k] / tags.size(), Double::sum);
      }
    }
    return new ExpertWords(sums);
  }

  /** Share by expert, 0 to 1, all together 1. */
  SortedMap<Integer, Double> shares() {
    return shares;
  }

  /** The largest first: {@code expert 1 74%, expert 0 20%, expert 2 6%}. */
  String list() {
    List<String> parts = new ArrayList<>();
    for (Map.Entry<Integer, Double> share : ordered()) {
      parts.add(expert(share) + " " + percent(share));
    }
    return String.join(", ", parts);
  }

  /** {@code mostly by expert 1 (74%), then expert 0 (20%) and expert 2 (6%)}. */
  String sentence() {
    List<Map.Entry<Integer, Double>> ordered = ordered();
    List<String> parts = new ArrayList<>();
    for (Map.Entry<Integer, Double> share : ordered) {
      parts.add(expert(share) + " (" + percent(share) + ")");
    }
    if (parts.isEmpty()) {
      return "by no expert";
    }
    double largest = ordered.get(0).getValue();
    if (parts.size() == 1) {
      return "by expert " + ordered.get(0).getKey() + " alone";
    }
    if (largest - Collections.min(shares.values()) <= EVEN) {
      return "evenly by " + joined(parts);
    }
    return largest >= MOST
        ? "mostly by " + parts.get(0) + ", then " + joined(parts.subList(1, parts.size()))
        : "by " + joined(parts);
  }

  private static String joined(List<String> parts) {
    String last = parts.get(parts.size() - 1);
    return parts.size() == 1
        ? last
        : String.join(", ", parts.subList(0, parts.size() - 1)) + " and " + last;
  }

  private List<Map.Entry<Integer, Double>> ordered() {
    List<Map.Entry<Integer, Double>> ordered = new ArrayList<>(shares.entrySet());
    ordered.removeIf(share -> share.getValue() < LEAST);
    ordered.sort(Map.Entry.<Integer, Double>comparingByValue().reversed());
    return ordered;
  }

  private static String expert(Map.Entry<Integer, Double> share) {
    return "expert " + share.getKey();
  }

  private static String percent(Map.Entry<Integer, Double> share) {
    return String.format(Locale.ROOT, "%.0f%%", 100 * share.getValue());
  }
}
