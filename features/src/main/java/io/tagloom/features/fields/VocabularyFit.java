package io.tagloom.features.fields;

import io.tagloom.conf.FieldKind;
import io.tagloom.conf.FieldSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the vocabulary and the statistics of one field from its counts and the vocabulary before.
 */
final class VocabularyFit {
  private final FieldSettings field;
  private final FieldCounts.Field counts;
  private final Vocabulary before;
  private final Vocabulary vocabulary;
  private int added;
  private int evicted;

  /**
   * Fits a field.
   *
   * @param before the vocabulary of the run before, null without one
   * @param keepFromDay values last seen before this day are evicted
   */
  VocabularyFit(FieldSettings field, FieldCounts.Field counts, Vocabulary before, int keepFromDay) {
    this.field = field;
    this.counts = counts;
    this.before = before;
    if (field.kind() == FieldKind.HASHED) {
      this.vocabulary = Vocabulary.ofHash(field.name(), field.hashSize());
    } else if (field.kind() == FieldKind.BUCKETED) {
      double[] edges = edges();
      Vocabulary empty = Vocabulary.ofEdges(field.name(), edges, new long[edges.length + 1]);
      this.vocabulary = Vocabulary.ofEdges(field.name(), edges, bucketCounts(empty));
    } else {
      this.vocabulary = values(keepFromDay);
    }
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  private double[] edges() {
    if (before != null) {
      return before.edges();
    }
    if (!field.edges().isEmpty()) {
      return field.edges().stream().mapToDouble(Double::doubleValue).toArray();
    }
    double[] sample = Arrays.stream(counts.sample).filter(n -> !Double.isNaN(n)).toArray();
    double[] edges = new double[field.buckets()];
    int found = 0;
    for (int i = 1; i < field.buckets() && sample.length > 0; i++) {
      double edge = sample[(int) ((long) i * sample.length / field.buckets())];
      boolean finite = !Double.isInfinite(edge);
      if (finite && edge > sample[0] && (found == 0 || edge > edges[found - 1])) {
        edges[found++] = edge == 0.0 ? 0.0 : edge;
      }
    }
    return Arrays.copyOf(edges, found);
  }

  private long[] bucketCounts(Vocabulary buckets) {
    long[] perBucket = new long[buckets.entries()];
    for (double number : counts.sample) {
      if (!Double.isNaN(number)) {
        perBucket[buckets.bucketId(number) - Vocabulary.FIRST]++;
      }
    }
    for (int i = 0; i < perBucket.length; i++) {
      perBucket[i] = scaledUp(perBucket[i]);
    }
    return perBucket;
  }

  private long scaledUp(long inSample) {
    return Math.round((double) inSample * counts.covered / Math.max(1, counts.sample.length));
  }

  private Vocabulary values(int keepFromDay) {
    List<Vocabulary.Entry> entries = new ArrayList<>();
    Map<String, FieldCounts.Value> seen = new LinkedHashMap<>();
    for (FieldCounts.Value value : counts.values) {
      seen.put(value.value.toString(), value);
    }
    for (int id = Vocabulary.FIRST; before != null && id < before.size(); id++) {
      Vocabulary.Entry entry = before.entry(id);
      entries.add(
          entry.state == Vocabulary.State.LIVE
              ? update(entry, seen.remove(entry.value), keepFromDay)
              : entry);
    }
    List<Integer> free = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).state == Vocabulary.State.FREE) {
        free.add(i);
      }
    }
    for (FieldCounts.Value value : seen.values()) {
      boolean full = free.isEmpty() && Vocabulary.FIRST + entries.size() >= field.maxSize();
      if (full || value.rows < field.minCount()) {
        break;
      }
      Vocabulary.Entry entry =
          new Vocabulary.Entry(
              value.value.toString(), Vocabulary.State.LIVE, value.rows, value.day);
      if (free.isEmpty()) {
        entries.add(entry);
      } else {
        entries.set(free.remove(0), entry);
      }
      added++;
    }
    return Vocabulary.ofValues(field.name(), field.kind(), entries);
  }

  private Vocabulary.Entry update(Vocabulary.Entry entry, FieldCounts.Value seen, int keepFromDay) {
    long count = seen == null ? 0 : seen.rows;
    int day = seen == null ? entry.lastSeenDay : Math.max(entry.lastSeenDay, seen.day);
    if (day < keepFromDay) {
      evicted++;
      return new Vocabulary.Entry("", Vocabulary.State.EVICTED, 0, day);
    }
    return new Vocabulary.Entry(entry.value, Vocabulary.State.LIVE, count, day);
  }

  /** What the fit has seen of the field in {@code rows} training rows; without drift. */
  FieldStatistics statistics(long rows) {
    long occurrences = counts.occurrences;
    long unknown = counts.occurrences;
    Map<String, Long> top = new LinkedHashMap<>();
    if (field.kind().hasVocabulary()) {
      for (FieldCounts.Value value : counts.values) {
        boolean known = vocabulary.valueId(value.value) >= Vocabulary.FIRST;
        unknown -= known ? value.rows : 0;
        if (known && top.size() < FieldStatistics.TOP) {
          top.put(value.value.toString(), value.rows);
        }
      }
    } else {
      occurrences = counts.covered;
      unknown =
          scaledUp(Arrays.stream(counts.sample).filter(number -> Double.isNaN(number)).count());
      top = sampledTop();
    }
    return new FieldStatistics(
        field.name(),
        rows,
        counts.covered,
        occurrences,
        unknown,
        new int[] {vocabulary.size(), added, evicted},
        top,
        Double.NaN);
  }

  private Map<String, Long> sampledTop() {
    Map<Integer, Long> perId = new LinkedHashMap<>();
    for (double number : counts.sample) {
      int id = field.kind() == FieldKind.HASHED ? (int) number : vocabulary.bucketId(number);
      if (id >= Vocabulary.FIRST) {
        perId.merge(id, 1L, Long::sum);
      }
    }
    List<Map.Entry<Integer, Long>> order = new ArrayList<>(perId.entrySet());
    order.sort(
        (a, b) -> {
          int byCount = Long.compare(b.getValue(), a.getValue());
          return byCount != 0 ? byCount : Integer.compare(a.getKey(), b.getKey());
        });
    Map<String, Long> top = new LinkedHashMap<>();
    for (Map.Entry<Integer, Long> entry : order) {
      if (top.size() < FieldStatistics.TOP) {
        top.put(vocabulary.value(entry.getKey()).orElse(""), scaledUp(entry.getValue()));
      }
    }
    return top;
  }
}
