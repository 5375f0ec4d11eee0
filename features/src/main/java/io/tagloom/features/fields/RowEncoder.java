package io.tagloom.features.fields;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows of input columns to rows of (place, bytes): the encoded row, and where it belongs in the
 * order of all rows. The place is split code (2 bits) and hash of the key, so that it depends on
 * nothing but the row.
 */
final class RowEncoder implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
  private static final long serialVersionUID = 1L;
  private static final long HASH_SEED = 0x7461676c6f6f6dL;

  /** Where things are among the input columns, and the encoders of the fields. */
  static final class Plan implements Serializable {
    private static final long serialVersionUID = 1L;
    int split = -1;
    int[] keys = {};
    int ts = -1;
    int weight = -1;
    int[] labels = {};
    FieldEncoder[] fields = {};
  }

  private final Broadcast<Plan> plan;

  RowEncoder(Broadcast<Plan> plan) {
    this.plan = plan;
  }

  @Override
  public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
    return new Rows(plan.value(), rows);
  }

  /** Split codes keep the rows of a split together; unknown names share a code. */
  static long place(String split, UTF8String key, byte[] row) {
    long code =
        split.equals("train") ? 0 : split.equals("valid") ? 1 : split.equals("test") ? 2 : 3;
    long hash =
        key == null
            ? XXH64.hashUnsafeBytes(row, Platform.BYTE_ARRAY_OFFSET, row.length, HASH_SEED)
            : hash(key);
    return code << 60 | hash >>> 4;
  }

  static long hash(UTF8String key) {
    return XXH64.hashUnsafeBytes(
        key.getBaseObject(), key.getBaseOffset(), key.numBytes(), HASH_SEED);
  }

  /** One partition's rows, encoded one by one. */
  private static final class Rows implements Iterator<InternalRow> {
    private final Plan plan;
    private final Iterator<InternalRow> rows;
    private final RowBytes bytes = new RowBytes();
    private final IdBuffer buffer = new IdBuffer();
    private final LastInput[] lastInputs;
    private final byte[][] lastBytes;
    private UTF8String lastSplit = UTF8String.EMPTY_UTF8;
    private String splitName = "";

    Rows(Plan plan, Iterator<InternalRow> rows) {
      this.plan = plan;
      this.rows = rows;
      this.lastInputs = new LastInput[plan.fields.length];
      this.lastBytes = new byte[plan.fields.length][];
      for (int i = 0; i < lastInputs.length; i++) {
        lastInputs[i] = plan.fields[i].isOfUser() ? plan.fields[i].lastInput() : null;
      }
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public InternalRow next() {
      InternalRow row = rows.next();
      bytes.clear();
      UTF8String split = text(row, plan.split);
      bytes.writeText(split);
      for (int key : plan.keys) {
        bytes.writeText(text(row, key));
      }
      bytes.writeLong(plan.ts < 0 || row.isNullAt(plan.ts) ? 0 : row.getLong(plan.ts));
      bytes.writeFloat(
          plan.weight < 0 || row.isNullAt(plan.weight) ? 1f : row.getFloat(plan.weight));
      for (int label : plan.labels) {
        bytes.writeFloat(row.isNullAt(label) ? 0f : row.getFloat(label));
      }
      for (int i = 0; i < lastInputs.length; i++) {
        write(i, row);
      }
      byte[] encoded = bytes.copy();
      UTF8String key = plan.keys.length == 0 ? null : text(row, plan.keys[0]);
      long place = place(name(split), key, encoded);
      return new GenericInternalRow(new Object[] {place, encoded});
    }

    private String name(UTF8String split) {
      if (split == null) {
        return "";
      }
      if (!split.equals(lastSplit)) {
        lastSplit = split.clone();
        splitName = split.toString();
      }
      return splitName;
    }

    private void write(int field, InternalRow row) {
      if (lastInputs[field] == null) {
        write(plan.fields[field], row);
      } else if (lastInputs[field].repeats(row)) {
        bytes.write(lastBytes[field]);
      } else {
        int start = bytes.size();
        write(plan.fields[field], row);
        lastBytes[field] = bytes.copyFrom(start);
      }
    }

    private void write(FieldEncoder field, InternalRow row) {
      if (!field.isList()) {
        bytes.writeInt(field.id(row));
        return;
      }
      field.ids(row, buffer);
      int size = buffer.size();
      boolean same = true;
      for (int i = 1; i < size && same; i++) {
        same = buffer.weight(i) == buffer.weight(0);
      }
      bytes.writeInt(size << 1 | (same ? 0 : 1));
      for (int i = 0; i < size; i++) {
        bytes.writeInt(buffer.id(i));
      }
      for (int i = 0; i < (same ? Math.min(1, size) : size); i++) {
        bytes.writeFloat(buffer.weight(i));
      }
    }

    private static UTF8String text(InternalRow row, int ordinal) {
      return ordinal < 0 || row.isNullAt(ordinal) ? null : row.getUTF8String(ordinal);
    }
  }
}
