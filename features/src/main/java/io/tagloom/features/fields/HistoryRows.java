package io.tagloom.features.fields;

import io.tagloom.conf.FieldKind;
import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.HistoryValues;
import java.util.Arrays;
import java.util.Comparator;
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
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Walks through samples and events, user by user in the order of time, samples before events of the
 * same time, and gives each sample with what came before it.
 *
 * <p>Input columns: {@code user, ts, kind (0 sample, 1 event), event, item, tags, sample, place},
 * in Spark's binary form. Rows are sorted by place: in the high bits a number of the user, which
 * nearly always is his alone, in the {@link #TIME_BITS} low ones the time, less exact than ts.
 */
final class HistoryRows implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
  private static final long serialVersionUID = 1L;
  static final int SAMPLE = 0;
  static final int EVENT = 1;

  /** Bits of a place that are time. */
  static final int TIME_BITS = 34;

  private static final int PLACE = 7;

  /** The order of rows of one place. */
  private static final Comparator<InternalRow> ORDER =
      (a, b) -> {
        int order = Long.compare(ts(a), ts(b));
        order = order != 0 ? order : Integer.compare(a.getInt(2), b.getInt(2));
        order = order != 0 ? order : compareTexts(a, b, 4);
        return order != 0 ? order : compareTexts(a, b, 3);
      };

  private final FieldSettings[] fields;
  private final StructType samples;

  HistoryRows(List<FieldSettings> fields, StructType samples) {
    this.fields = fields.toArray(new FieldSettings[0]);
    this.samples = samples;
  }

  @Override
  public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
    return new Walk(fields, samples, new PlaceRuns(rows, PLACE, ORDER));
  }

  private static long ts(InternalRow row) {
    return row.isNullAt(1) ? Long.MIN_VALUE : row.getLong(1);
  }

  private static int compareTexts(InternalRow a, InternalRow b, int ordinal) {
    int byNull = Boolean.compare(b.isNullAt(ordinal), a.isNullAt(ordinal));
    return byNull != 0 ? byNull : text(a, ordinal).compareTo(text(b, ordinal));
  }

  private static UTF8String text(InternalRow row, int ordinal) {
    return row.isNullAt(ordinal) ? UTF8String.EMPTY_UTF8 : row.getUTF8String(ordinal);
  }

  /** The walk through one partition. */
  private static final class Walk implements Iterator<InternalRow> {
    private final FieldSettings[] fields;
    private final UTF8String[] events;
    private final PlaceRuns rows;
    private final int sampleColumns;
    private final int width;
    private final Map<UTF8String, UserHistory[]> here = new HashMap<>();
    private UserHistory[] histories;
    private UTF8String user;
    private long userPlace;
    private InternalRow ready;

    Walk(FieldSettings[] fields, StructType samples, PlaceRuns rows) {
      this.fields = fields;
      this.rows = rows;
      this.sampleColumns = samples.length();
      int columns = 1;
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
      UTF8String now = text(row, 0);
      long nowPlace = row.getLong(PLACE) >> TIME_BITS;
      if (user != null && nowPlace == userPlace && now.equals(user)) {
        return;
      }
      UTF8String kept = now.clone();
      if (user == null || nowPlace != userPlace) {
        here.clear();
        for (UserHistory history : histories) {
          history.clear();
        }
        here.put(kept, histories);
      } else {
        // Two users of one place: their rows alternate.
        histories = here.computeIfAbsent(kept, key -> fresh());
      }
      userPlace = nowPlace;
      user = kept;
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
      Object[] values = new Object[width];
      values[0] = row.getStruct(6, sampleColumns);
      boolean known = !row.isNullAt(0) && !row.isNullAt(1);
      int at = 1;
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
