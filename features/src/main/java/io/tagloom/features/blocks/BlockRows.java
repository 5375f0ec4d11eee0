package io.tagloom.features.blocks;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Blocks to rows and back. */
final class BlockRows {
  private BlockRows() {}

  static Row write(Block block) {
    return RowFactory.create(values(block, block.split()));
  }

  static InternalRow writeInternal(Block block) {
    return new GenericInternalRow(values(block, UTF8String.fromString(block.split())));
  }

  private static Object[] values(Block block, Object split) {
    BlockLayout layout = block.layout();
    Object[] values =
        new Object[5 + layout.keys().size() + layout.labels().size() + layout.fields().size()];
    int at = 0;
    values[at++] = split;
    values[at++] = block.rows();
    values[at++] = block.order();
    for (int i = 0; i < layout.keys().size(); i++) {
      values[at++] = PackedArrays.write(block.keyAt(i));
    }
    values[at++] = PackedArrays.write(block.ts());
    values[at++] = PackedArrays.write(block.weight());
    for (int i = 0; i < layout.labels().size(); i++) {
      values[at++] = PackedArrays.write(block.labelAt(i));
    }
    for (int i = 0; i < layout.fields().size(); i++) {
      values[at++] = PackedArrays.write(block.field(i));
    }
    return values;
  }

  static Block read(Row row) {
    StructType schema = row.schema();
    if (schema == null) {
      throw new IllegalArgumentException(
          "Cannot read a block: the row has no schema. Take rows from a DataFrame of encoded blocks.");
    }
    BlockLayout layout = BlockLayout.of(schema);
    int rows = row.getInt(row.fieldIndex(BlockLayout.ROWS));
    KeyColumn[] keys = new KeyColumn[layout.keys().size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = PackedArrays.readKeys(rows, bytes(row, layout.keys().get(i)));
    }
    float[][] labels = new float[layout.labels().size()][];
    for (int i = 0; i < labels.length; i++) {
      labels[i] =
          PackedArrays.readFloats(bytes(row, BlockLayout.LABEL_PREFIX + layout.labels().get(i)));
    }
    FieldColumn[] fields = new FieldColumn[layout.fields().size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] =
          PackedArrays.read(rows, bytes(row, BlockLayout.FIELD_PREFIX + layout.fields().get(i)));
    }
    List<String> names = Arrays.asList(schema.fieldNames());
    long[] ts =
        names.contains(BlockLayout.TS)
            ? PackedArrays.readLongs(bytes(row, BlockLayout.TS))
            : new long[0];
    float[] weight =
        names.contains(BlockLayout.WEIGHT)
            ? PackedArrays.readFloats(bytes(row, BlockLayout.WEIGHT))
            : new float[0];
    String split = row.getString(row.fieldIndex(BlockLayout.SPLIT));
    long order =
        names.contains(BlockLayout.ORDER) ? row.getLong(row.fieldIndex(BlockLayout.ORDER)) : 0L;
    return new Block(layout, order, split, rows, keys, ts, weight, labels, fields);
  }

  private static byte[] bytes(Row row, String column) {
    Object value = row.get(row.fieldIndex(column));
    if (!(value instanceof byte[])) {
      throw new IllegalArgumentException(
          "Cannot read a block: column "
              + column
              + " is "
              + row.schema().apply(column).dataType().simpleString()
              + ", expected binary. Encode the samples again with this version.");
    }
    return (byte[]) value;
  }
}
