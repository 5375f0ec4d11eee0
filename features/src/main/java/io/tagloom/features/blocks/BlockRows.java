package io.tagloom.features.blocks;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Blocks to rows and back. */
final class BlockRows {
  private BlockRows() {}

  static Row write(Block block) {
    BlockLayout layout = block.layout();
    Object[] values =
        new Object[5 + layout.keys().size() + layout.labels().size() + layout.fields().size()];
    int at = 0;
    values[at++] = block.split();
    values[at++] = block.rows();
    values[at++] = block.order();
    for (int i = 0; i < layout.keys().size(); i++) {
      values[at++] = block.keyAt(i);
    }
    values[at++] = block.ts();
    values[at++] = block.weight();
    for (int i = 0; i < layout.labels().size(); i++) {
      values[at++] = block.labelAt(i);
    }
    for (int i = 0; i < layout.fields().size(); i++) {
      values[at++] = PackedArrays.write(block.field(i));
    }
    return RowFactory.create(values);
  }

  static Block read(Row row) {
    StructType schema = row.schema();
    if (schema == null) {
      throw new IllegalArgumentException(
          "Cannot read a block: the row has no schema. Take rows from a DataFrame of encoded blocks.");
    }
    BlockLayout layout = BlockLayout.of(schema);
    int rows = row.getInt(row.fieldIndex(BlockLayout.ROWS));
    String[][] keys = new String[layout.keys().size()][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = strings(row, layout.keys().get(i));
    }
    float[][] labels = new float[layout.labels().size()][];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = floats(row, row.fieldIndex(BlockLayout.LABEL_PREFIX + layout.labels().get(i)));
    }
    FieldColumn[] fields = new FieldColumn[layout.fields().size()];
    for (int i = 0; i < fields.length; i++) {
      byte[] packed = row.getAs(BlockLayout.FIELD_PREFIX + layout.fields().get(i));
      fields[i] = PackedArrays.read(rows, packed);
    }
    List<String> names = Arrays.asList(schema.fieldNames());
    long[] ts =
        names.contains(BlockLayout.TS) ? longs(row, row.fieldIndex(BlockLayout.TS)) : new long[0];
    float[] weight =
        names.contains(BlockLayout.WEIGHT)
            ? floats(row, row.fieldIndex(BlockLayout.WEIGHT))
            : new float[0];
    String split = row.getString(row.fieldIndex(BlockLayout.SPLIT));
    long order =
        names.contains(BlockLayout.ORDER) ? row.getLong(row.fieldIndex(BlockLayout.ORDER)) : 0L;
    return new Block(layout, order, split, rows, keys, ts, weight, labels, fields);
  }

  private static String[] strings(Row row, String column) {
    Object value = row.get(row.fieldIndex(column));
    if (value instanceof String[]) {
      return (String[]) value;
    }
    return row.<String>getList(row.fieldIndex(column)).toArray(new String[0]);
  }

  private static long[] longs(Row row, int column) {
    Object value = row.get(column);
    if (value instanceof long[]) {
      return (long[]) value;
    }
    List<Long> list = row.getList(column);
    long[] result = new long[list.size()];
    int at = 0;
    for (Long element : list) {
      result[at++] = element;
    }
    return result;
  }

  private static float[] floats(Row row, int column) {
    Object value = row.get(column);
    if (value instanceof float[]) {
      return (float[]) value;
    }
    List<Float> list = row.getList(column);
    float[] result = new float[list.size()];
    int at = 0;
    for (Float element : list) {
      result[at++] = element;
    }
    return result;
  }
}
