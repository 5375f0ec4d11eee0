package io.tagloom.features.fields;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;

/**
 * Rows that are sorted by one number, put in full order: rows of the same number are held together
 * and sorted. Spark sorts by one number with a radix sort, by several columns with comparisons that
 * cost several times as much.
 *
 * <p>A row stays as it is until {@link #hasNext()} or {@link #next()} is called again.
 */
final class PlaceRuns implements Iterator<InternalRow> {
  private static final int KEPT = 1024;
  private static final int FIRST_BYTES = 512;

  private final Iterator<InternalRow> rows;
  private final int place;
  private final Comparator<InternalRow> order;
  private InternalRow[] held = new InternalRow[0];
  private int size;
  private int at;
  private boolean ahead;

  /**
   * Reads sorted rows.
   *
   * @param rows the rows
   * @param place the column they are sorted by, a bigint without nulls
   * @param order the order of rows of the same place
   */
  PlaceRuns(Iterator<InternalRow> rows, int place, Comparator<InternalRow> order) {
    this.rows = rows;
    this.place = place;
    this.order = order;
  }

  @Override
  public boolean hasNext() {
    return at < size || ahead || rows.hasNext();
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (at == size) {
      readRun();
    }
    return held[at++];
  }

  /** Reads the rows of one place, and the first of the next to see that they are all. */
  private void readRun() {
    if (ahead) {
      InternalRow first = held[size];
      held[size] = held[0];
      held[0] = first;
    } else {
      hold(0, rows.next());
    }
    if (held.length > KEPT) {
      held = Arrays.copyOf(held, 1);
    }
    at = 0;
    size = 1;
    ahead = false;
    long here = held[0].getLong(place);
    while (!ahead && rows.hasNext()) {
      hold(size, rows.next());
      ahead = held[size].getLong(place) != here;
      size += ahead ? 0 : 1;
    }
    if (size > 1) {
      Arrays.sort(held, 0, size, order);
    }
  }

  private void hold(int position, InternalRow row) {
    if (position == held.length) {
      held = Arrays.copyOf(held, Math.max(4, position * 2));
    }
    if (!(row instanceof UnsafeRow)) {
      held[position] = row.copy();
      return;
    }
    if (!(held[position] instanceof UnsafeRow)) {
      held[position] = UnsafeRow.createFromByteArray(FIRST_BYTES, row.numFields());
    }
    ((UnsafeRow) held[position]).copyFrom((UnsafeRow) row);
  }
}
