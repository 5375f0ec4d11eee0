package io.tagloom.features.fields;

import io.tagloom.conf.FieldKind;
import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.HistoryValues;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Walks through samples and events, user by user in the order of time, samples before events of the
 * same time, and gives each sample with what came before it.
 *
 * <p>Input columns: {@code user, ts, kind (0 sample, 1 event), event, item, tags, sample, place}.
 * Rows are sorted by place, which nearly always is one user, then time.
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
    private final Iterator<InternalRow> rows;
    private final DataType[] types;
    private final int width;
    private final Map<UTF8String, UserHistory[]> here = new HashMap<>();
    private UserHistory[] histories;
    private UTF8String user;
    private long place;
    private InternalRow ready;

    Walk(FieldSettings[] fields, StructType samples, Iterator<InternalRow> rows) {
      this.fields = fields;
      this.rows = rows;
      this.types = new DataType[samples.length()];
      for (int i = 0; i < types.length; i++) {
        types[i] = samples.apply(i).dataType();
      }
      int columns = samples.length();
      this.events = new UTF8String[fields.length];
      for (int i = 0; i < fields.length; i++) {
        events[i] = UTF8String.fromString(fields[i].of());
        columns += fields[i].kind() == FieldKind.HISTORY ? 3 : 2;
      }
      this.width = columns;
      this.histories = fresh();
    }

    @Override
    public boolean hasNext() {
      while (ready == null && rows.hasNext()) {
        InternalRow row = rows.next();
        switchUser(row);
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

    private UserHistory[] fresh() {
      UserHistory[] all = new UserHistory[fields.length];
      for (int i = 0; i < all.length; i++) {
        all[i] = UserHistory.of(fields[i]);
      }
      return all;
    }

    private void switchUser(InternalRow row) {
      UTF8String now = row.isNullAt(0) ? UTF8String.EMPTY_UTF8 : row.getUTF8String(0);
      if (user != null && row.getLong(7) == place && now.equals(user)) {
        return;
      }
      if (user == null || row.getLong(7) != place) {
        here.clear();
        for (UserHistory history : histories) {
          history.clear();
        }
        here.put(now.clone(), histories);
      } else {
        // Two users of one place: their rows alternate.
        histories = here.computeIfAbsent(now.clone(), key -> fresh());
      }
      place = row.getLong(7);
      user = now.clone();
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
      InternalRow sample = row.getStruct(6, types.length);
      Object[] values = new Object[width];
      for (int i = 0; i < types.length; i++) {
        values[i] = sample.get(i, types[i]);
      }
      boolean known = !row.isNullAt(0) && !row.isNullAt(1);
      int at = types.length;
      for (int i = 0; i < histories.length; i++) {
        UserHistory history = histories[i];
        int size = known ? history.asOf(row.getLong(1)) : 0;
        values[at++] = new GenericArrayData((Object[]) Arrays.copyOf(history.values, size));
        values[at++] = UnsafeArrayData.fromPrimitiveArray(Arrays.copyOf(history.weights, size));
        if (fields[i].kind() == FieldKind.HISTORY) {
          values[at++] = UnsafeArrayData.fromPrimitiveArray(Arrays.copyOf(history.ages, size));
        }
      }
      return new GenericInternalRow(values);
    }
  }
}
