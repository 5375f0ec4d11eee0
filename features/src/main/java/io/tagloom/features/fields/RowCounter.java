package io.tagloom.features.fields;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Counts the values of every field over the training rows of a partition, in bounded memory:
 * partial counts are given out whenever too many values are held.
 */
final class RowCounter implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
  private static final long serialVersionUID = 1L;
  private static final int MAX_HELD = 300_000;
  private static final int MAX_HELD_BYTES = 64 << 20;
  private static final int CHECK_ROWS = 64;
  private static final long DAY_MILLIS = 86_400_000L;
  private static final UTF8String TRAIN = UTF8String.fromString("train");

  /** What an output row is about: {@code (what, field, value, count, day, known, number)}. */
  static final int VALUE = 0;

  static final int SPLIT = 1;
  static final int COVERED = 2;
  static final int SAMPLE = 3;

  /**
   * Rows of each field that distributions of numbers are estimated on, chosen by hash of the key.
   */
  static final int SAMPLE_ROWS = 10_000;

  /** Where things are among the input columns. */
  static final class Plan implements Serializable {
    private static final long serialVersionUID = 1L;
    int split = -1;
    int key = -1;
    int ts = -1;
    int defaultDay;
    Source[] fields = {};
  }

  /** How a field is read, and the vocabulary it has already; null without one. */
  static final class Source implements Serializable {
    private static final long serialVersionUID = 1L;
    int ordinal;
    boolean list;
    boolean weighted;
    boolean number;
    boolean hashed;
    boolean ofUser;
    Vocabulary vocabulary;
  }

  private final Broadcast<Plan> plan;

  RowCounter(Broadcast<Plan> plan) {
    this.plan = plan;
  }

  @Override
  public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
    return new Counts(plan.value(), rows);
  }

  /** Partial counts of one partition. */
  private static final class Counts implements Iterator<InternalRow> {
    private final Plan plan;
    private final Iterator<InternalRow> rows;
    private final ArrayDeque<InternalRow> ready = new ArrayDeque<>();
    private final ValueCounts splits = new ValueCounts();
    private final ValueCounts[] values;
    private final HashSample[] samples;
    private final LastInput[] lastInputs;
    private final int[][] lastEntries;
    private final long[] covered;
    private int[] entries = new int[16];
    private long rowNumber;
    private long rowHash;
    private boolean hashed;
    private boolean done;

    Counts(Plan plan, Iterator<InternalRow> rows) {
      this.plan = plan;
      this.rows = rows;
      int size = plan.fields.length;
      this.values = new ValueCounts[size];
      this.samples = new HashSample[size];
      this.lastInputs = new LastInput[size];
      this.lastEntries = new int[size][];
      this.covered = new long[size];
      for (int i = 0; i < size; i++) {
        Source field = plan.fields[i];
        values[i] = new ValueCounts();
        samples[i] = new HashSample(SAMPLE_ROWS);
        if (field.ofUser && !field.number && !field.hashed) {
          lastInputs[i] = new LastInput(field.ordinal, field.weighted ? 2 : 1, false);
        }
      }
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && !done) {
        while (rows.hasNext() && (rowNumber % CHECK_ROWS != 0 || !isFull())) {
          count(rows.next());
        }
        flushValues();
        if (!rows.hasNext()) {
          flushRest();
          done = true;
        }
      }
      return !ready.isEmpty();
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }

    private boolean isFull() {
      int held = 0;
      long bytes = 0;
      for (ValueCounts counts : values) {
        held += counts.size();
        bytes += counts.textBytes();
      }
      return held >= MAX_HELD || bytes >= MAX_HELD_BYTES;
    }

    private void count(InternalRow row) {
      UTF8String split =
          plan.split < 0 || row.isNullAt(plan.split)
              ? UTF8String.EMPTY_UTF8
              : row.getUTF8String(plan.split);
      splits.count(splits.entry(split), rowNumber++, 0);
      hashed = false;
      if (plan.split >= 0 && !split.equals(TRAIN)) {
        return;
      }
      int day =
          plan.ts < 0 || row.isNullAt(plan.ts)
              ? plan.defaultDay
              : (int) Math.floorDiv(row.getLong(plan.ts), DAY_MILLIS);
      for (int i = 0; i < plan.fields.length; i++) {
        Source field = plan.fields[i];
        if (field.number) {
          covered[i] += sampleNumber(i, row) ? 1 : 0;
        } else if (field.hashed) {
          covered[i] += sampleHashed(i, row) ? 1 : 0;
        } else {
          covered[i] += countValues(i, row, day) ? 1 : 0;
        }
      }
    }

    private boolean countValues(int index, InternalRow row, int day) {
      int[] found = entries;
      int size;
      if (lastInputs[index] != null && lastInputs[index].repeats(row)) {
        found = lastEntries[index];
        size = found.length;
      } else {
        size = find(index, row);
        found = entries;
        if (lastInputs[index] != null) {
          lastEntries[index] = Arrays.copyOf(entries, size);
        }
      }
      for (int i = 0; i < size; i++) {
        values[index].count(found[i], rowNumber, day);
      }
      return size > 0;
    }

    /** Finds the entries of a row's values, and their number. */
    private int find(int index, InternalRow row) {
      Source field = plan.fields[index];
      if (!field.list) {
        UTF8String value =
            row.isNullAt(field.ordinal) ? UTF8String.EMPTY_UTF8 : row.getUTF8String(field.ordinal);
        entries[0] = value.numBytes() == 0 ? 0 : values[index].entry(value);
        return value.numBytes() == 0 ? 0 : 1;
      }
      int length = FieldEncoder.length(row, field.ordinal, field.weighted);
      if (length > entries.length) {
        entries = new int[2 * length];
      }
      ArrayData list = length > 0 ? row.getArray(field.ordinal) : null;
      ArrayData weights = field.weighted && length > 0 ? row.getArray(field.ordinal + 1) : null;
      int size = 0;
      for (int i = 0; i < length; i++) {
        if (FieldEncoder.weight(list, weights, i) != 0) {
          entries[size++] = values[index].entry(list.getUTF8String(i));
        }
      }
      return size;
    }

    private boolean sampleNumber(int index, InternalRow row) {
      if (row.isNullAt(plan.fields[index].ordinal)) {
        return false;
      }
      if (isSampled(index, row)) {
        samples[index].add(rowHash, row.getDouble(plan.fields[index].ordinal));
      }
      return true;
    }

    private boolean sampleHashed(int index, InternalRow row) {
      Source field = plan.fields[index];
      if (!field.list) {
        return !row.isNullAt(field.ordinal)
            && sampleHash(index, row, row.getUTF8String(field.ordinal));
      }
      int length = FieldEncoder.length(row, field.ordinal, field.weighted);
      ArrayData list = length > 0 ? row.getArray(field.ordinal) : null;
      ArrayData weights = field.weighted && length > 0 ? row.getArray(field.ordinal + 1) : null;
      boolean any = false;
      for (int i = 0; i < length; i++) {
        any |=
            FieldEncoder.weight(list, weights, i) != 0
                && sampleHash(index, row, list.getUTF8String(i));
      }
      return any;
    }

    private boolean sampleHash(int index, InternalRow row, UTF8String value) {
      if (value.numBytes() > 0 && isSampled(index, row)) {
        samples[index].add(rowHash, plan.fields[index].vocabulary.hashId(value));
      }
      return value.numBytes() > 0;
    }

    private boolean isSampled(int index, InternalRow row) {
      if (row.isNullAt(plan.key)) {
        return false;
      }
      if (!hashed) {
        rowHash = RowEncoder.hash(row.getUTF8String(plan.key));
        hashed = true;
      }
      return samples[index].takes(rowHash);
    }

    private void flushValues() {
      for (int i = 0; i < values.length; i++) {
        Vocabulary vocabulary = plan.fields[i].vocabulary;
        ValueCounts counts = values[i];
        for (int entry = 0; entry < counts.size(); entry++) {
          UTF8String value = counts.value(entry);
          boolean known = vocabulary != null && vocabulary.valueId(value) >= Vocabulary.FIRST;
          ready.add(row(VALUE, i, value, counts.rows(entry), counts.day(entry), known, 0));
        }
        counts.clear();
        if (lastInputs[i] != null) {
          lastInputs[i].forget();
        }
      }
    }

    private void flushRest() {
      for (int split = 0; split < splits.size(); split++) {
        ready.add(row(SPLIT, -1, splits.value(split), splits.rows(split), 0, false, 0));
      }
      for (int i = 0; i < values.length; i++) {
        ready.add(row(COVERED, i, null, covered[i], 0, false, 0));
        HashSample sample = samples[i];
        int size = sample.size();
        for (int at = 0; at < size; at++) {
          ready.add(row(SAMPLE, i, null, sample.hash(at), 0, false, sample.number(at)));
        }
      }
    }

    private static InternalRow row(
        int what, int field, UTF8String value, long count, int day, boolean known, double number) {
      return new GenericInternalRow(new Object[] {what, field, value, count, day, known, number});
    }
  }
}
