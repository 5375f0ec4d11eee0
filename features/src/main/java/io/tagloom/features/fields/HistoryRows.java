package io.tagloom.features.fields;

import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.HistoryValues;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Walks through samples and events in the order of user and time, samples before events of the same
 * time, and gives each sample with what came before it.
 *
 * <p>Input columns: {@code user, ts, kind (0 sample, 1 event), event, item, tags, sample}.
 */
final class HistoryRows implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
  private static final long serialVersionUID = 1L;
  static final int SAMPLE = 0;
  static final int EVENT = 1;

  private final FieldSettings[] fields;
  private final StructType samples;

  HistoryRows(List<FieldSettings> fields, StructType samples) {
    this.fields = fields.toArray(new FieldSettings[0]);
    this.samples = samples;
  }

  @Override
  public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
    return new Walk(fields, samples, rows);
  }

  /** The walk through one partition. */
  private static final class Walk implements Iterator<InternalRow> {
    private final FieldSettings[] fields;
    private final UTF8String[] events;
    private final StructType samples;
    private final Iterator<InternalRow> rows;
    private final UserHistory[] histories;
    private UTF8String user;
    private InternalRow ready;

    Walk(FieldSettings[] fields, StructType samples, Iterator<InternalRow> rows) {
      this.fields = fields;
      this.samples = samples;
      this.rows = rows;
      this.events = new UTF8String[fields.length];
      this.histories = new UserHistory[fields.length];
      for (int i = 0; i < fields.length; i++) {
        events[i] = UTF8String.fromString(fields[i].of());
        histories[i] = UserHistory.of(fields[i]);
      }
    }

    @Override
    public boolean hasNext() {
      while (ready == null && rows.hasNext()) {
        InternalRow row = rows.next();
        switchUser(row.isNullAt(0) ? null : row.getUTF8String(0));
        if (row.getInt(2) == SAMPLE) {
          ready = sample(row);
        } else {
          remember(row);
        }
      }
      return ready != null;
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      InternalRow row = ready;
      ready = null;
      return row;
    }

    private void switchUser(UTF8String now) {
      if (now == null ? user != null : !now.equals(user)) {
        for (UserHistory history : histories) {
          history.clear();
        }
        user = now == null ? null : now.clone();
      }
    }

    private void remember(InternalRow row) {
      long ts = row.getLong(1);
      UTF8String event = row.getUTF8String(3);
      for (int i = 0; i < fields.length; i++) {
        if (!events[i].equals(event)) {
          continue;
        }
        if (fields[i].historyValues() == HistoryValues.ITEMS) {
          if (!row.isNullAt(4)) {
            histories[i].add(row.getUTF8String(4).clone(), ts);
          }
        } else if (!row.isNullAt(5)) {
          addTags(histories[i], row.getArray(5), ts);
        }
      }
    }

    /** Last tag first, so that they are read newest first in the item's own order. */
    private static void addTags(UserHistory history, ArrayData tags, long ts) {
      for (int tag = tags.numElements() - 1; tag >= 0; tag--) {
        if (!tags.isNullAt(tag) && tags.getUTF8String(tag).numBytes() > 0) {
          history.add(tags.getUTF8String(tag).clone(), ts);
        }
      }
    }

    private InternalRow sample(InternalRow row) {
      InternalRow sample = row.getStruct(6, samples.length());
      Object[] values = new Object[samples.length() + 3 * fields.length];
      for (int i = 0; i < samples.length(); i++) {
        values[i] = sample.get(i, samples.apply(i).dataType());
      }
      boolean known = !row.isNullAt(0) && !row.isNullAt(1);
      int at = samples.length();
      for (UserHistory history : histories) {
        int size = known ? history.asOf(row.getLong(1)) : 0;
        values[at++] = new GenericArrayData((Object[]) Arrays.copyOf(history.values, size));
        values[at++] = UnsafeArrayData.fromPrimitiveArray(Arrays.copyOf(history.weights, size));
        values[at++] = UnsafeArrayData.fromPrimitiveArray(Arrays.copyOf(history.ages, size));
      }
      return new GenericInternalRow(values);
    }
  }
}
