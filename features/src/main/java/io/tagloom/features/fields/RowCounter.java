package io.tagloom.features.fields;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
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

  /** Rows with a value, the last day, and the last row it was counted for. */
  private static final class Count {
    private long rows;
    private int day = Integer.MIN_VALUE;
    private long lastRow = -1;
  }

  /** A number of a row chosen by hash. */
  private static final class Sampled {
    private final long hash;
    private final double number;

    Sampled(long hash, double number) {
      this.hash = hash;
      this.number = number;
    }
  }

  /** Partial counts of one partition. */
  private static final class Counts implements Iterator<InternalRow> {
    private final Plan plan;
    private final Iterator<InternalRow> rows;
    private final ArrayDeque<InternalRow> ready = new ArrayDeque<>();
    private final Map<UTF8String, Count> splits = new HashMap<>();
    private final Map<UTF8String, Count>[] values;
    private final PriorityQueue<Sampled>[] samples;
    private final long[] covered;
    private int held;
    private long rowNumber;
    private boolean done;

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of generic types
    Counts(Plan plan, Iterator<InternalRow> rows) {
      this.plan = plan;
      this.rows = rows;
      this.values = new Map[plan.fields.length];
      this.samples = new PriorityQueue[plan.fields.length];
      this.covered = new long[plan.fields.length];
      Comparator<Sampled> largestFirst =
          (a, b) -> {
            int order = Long.compareUnsigned(b.hash, a.hash);
            return order != 0 ? order : Double.compare(b.number, a.number);
          };
      for (int i = 0; i < values.length; i++) {
        values[i] = new HashMap<>();
        samples[i] = new PriorityQueue<>(largestFirst);
      }
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && !done) {
        while (held < MAX_HELD && rows.hasNext()) {
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

    private void count(InternalRow row) {
      UTF8String split =
          plan.split < 0 || row.isNullAt(plan.split)
              ? UTF8String.EMPTY_UTF8
              : row.getUTF8String(plan.split);
      entry(splits, split).rows++;
      rowNumber++;
      if (plan.split >= 0 && !split.equals(TRAIN)) {
        return;
      }
      int day =
          plan.ts < 0 || row.isNullAt(plan.ts)
              ? plan.defaultDay
              : (int) Math.floorDiv(row.getLong(plan.ts), DAY_MILLIS);
      for (int i = 0; i < plan.fields.length; i++) {
        Source field = plan.fields[i];
        if (row.isNullAt(field.ordinal)) {
          continue;
        }
        boolean any;
        if (field.list) {
          any = countList(i, row, day);
        } else if (field.number) {
          any = sample(i, row, row.getDouble(field.ordinal));
        } else {
          any = countValue(i, row, row.getUTF8String(field.ordinal), day);
        }
        covered[i] += any ? 1 : 0;
      }
    }

    private boolean countList(int index, InternalRow row, int day) {
      Source field = plan.fields[index];
      int length = FieldEncoder.length(row, field.ordinal, field.weighted);
      ArrayData list = row.getArray(field.ordinal);
      ArrayData weights = field.weighted && length > 0 ? row.getArray(field.ordinal + 1) : null;
      boolean any = false;
      for (int i = 0; i < length; i++) {
        if (FieldEncoder.weight(list, weights, i) != 0) {
          any |= countValue(index, row, list.getUTF8String(i), day);
        }
      }
      return any;
    }

    private boolean countValue(int index, InternalRow row, UTF8String value, int day) {
      if (value.numBytes() == 0) {
        return false;
      }
      if (plan.fields[index].hashed) {
        return sample(index, row, plan.fields[index].vocabulary.hashId(value));
      }
      Count count = values[index].get(value);
      if (count == null) {
        count = entry(values[index], value);
        held++;
      }
      if (count.lastRow != rowNumber) {
        count.rows++;
        count.lastRow = rowNumber;
      }
      count.day = Math.max(count.day, day);
      return true;
    }

    /** Keeps the numbers whose rows have the smallest hashes, whatever order they come in. */
    private boolean sample(int index, InternalRow row, double number) {
      if (row.isNullAt(plan.key)) {
        return true;
      }
      PriorityQueue<Sampled> sample = samples[index];
      Sampled sampled = new Sampled(RowEncoder.hash(row.getUTF8String(plan.key)), number);
      if (sample.size() < SAMPLE_ROWS) {
        sample.add(sampled);
      } else if (sample.comparator().compare(sampled, sample.peek()) > 0) {
        sample.poll();
        sample.add(sampled);
      }
      return true;
    }

    private static Count entry(Map<UTF8String, Count> map, UTF8String key) {
      Count count = map.get(key);
      if (count == null) {
        count = new Count();
        map.put(key.clone(), count);
      }
      return count;
    }

    private void flushValues() {
      for (int i = 0; i < values.length; i++) {
        Vocabulary vocabulary = plan.fields[i].vocabulary;
        for (Map.Entry<UTF8String, Count> value : values[i].entrySet()) {
          Count count = value.getValue();
          boolean known =
              vocabulary != null && vocabulary.valueId(value.getKey()) >= Vocabulary.FIRST;
          ready.add(row(VALUE, i, value.getKey(), count.rows, count.day, known, 0));
        }
        values[i].clear();
      }
      held = 0;
    }

    private void flushRest() {
      for (Map.Entry<UTF8String, Count> split : splits.entrySet()) {
        ready.add(row(SPLIT, -1, split.getKey(), split.getValue().rows, 0, false, 0));
      }
      for (int i = 0; i < values.length; i++) {
        ready.add(row(COVERED, i, null, covered[i], 0, false, 0));
        for (Sampled sampled : samples[i]) {
          ready.add(row(SAMPLE, i, null, sampled.hash, 0, false, sampled.number));
        }
      }
    }

    private static InternalRow row(
        int what, int field, UTF8String value, long count, int day, boolean known, double number) {
      return new GenericInternalRow(new Object[] {what, field, value, count, day, known, number});
    }
  }
}
