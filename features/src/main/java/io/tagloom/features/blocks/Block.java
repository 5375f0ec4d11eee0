package io.tagloom.features.blocks;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Some thousand encoded rows of one split, column by column in primitive arrays.
 *
 * <p>Arrays are shared with the caller, not copied: they must not be written to. Blocks of
 * snapshots (users or items alone) have one key and the fields of their side, and no labels, {@link
 * #ts()} or {@link #weight()}.
 */
public final class Block implements Serializable {
  private static final long serialVersionUID = 1L;

  private final BlockLayout layout;
  private final long order;
  private final String split;
  private final int rows;
  private final KeyColumn[] keys;
  private final long[] ts;
  private final float[] weight;
  private final float[][] labels;
  private final FieldColumn[] fields;

  Block(
      BlockLayout layout,
      long order,
      String split,
      int rows,
      KeyColumn[] keys,
      long[] ts,
      float[] weight,
      float[][] labels,
      FieldColumn[] fields) {
    this.layout = layout;
    this.order = order;
    this.split = split;
    this.rows = rows;
    this.keys = keys;
    this.ts = ts;
    this.weight = weight;
    this.labels = labels;
    this.fields = fields;
    for (int i = 0; i < keys.length; i++) {
      checkLength(layout.keys().get(i), keys[i].lengths().length);
    }
    for (int i = 0; i < labels.length; i++) {
      checkLength("label " + layout.labels().get(i), labels[i].length);
    }
    for (int i = 0; i < fields.length; i++) {
      checkLength("field " + layout.fields().get(i), fields[i].rows());
    }
    checkLength("ts", ts.length == 0 ? rows : ts.length);
    checkLength("weight", weight.length == 0 ? rows : weight.length);
  }

  private void checkLength(String what, int length) {
    if (length != rows) {
      throw new IllegalArgumentException(
          "Invalid length of "
              + what
              + ": "
              + length
              + "; expected one for each of "
              + rows
              + " rows.");
    }
  }

  /** A builder of blocks with this layout. */
  public static BlockBuilder builder(BlockLayout layout, String split) {
    return new BlockBuilder(layout, split);
  }

  /** Keys, labels and fields of this block. */
  public BlockLayout layout() {
    return layout;
  }

  /**
   * Place of this block among the blocks of its table: a number that grows, with gaps. Sort by it
   * for an order that does not depend on how files were split among readers.
   */
  public long order() {
    return order;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** The split all rows belong to: train, valid or test; empty for snapshots. */
  public String split() {
    return split;
  }

  /**
   * The values of a key column, one per row, null where there is none.
   *
   * @param name impression_id, user_id or item_id
   * @throws IllegalArgumentException if the block does not carry the key
   */
  public String[] key(String name) {
    return keys[layout.keyIndex(name)].texts();
  }

  /** Time of each row, epoch milliseconds; empty when there is none. */
  public long[] ts() {
    return ts;
  }

  /** Sample weight of each row; empty when all are 1. */
  public float[] weight() {
    return weight;
  }

  /** Sample weight of a row. */
  public float weight(int row) {
    return weight.length == 0 ? 1f : weight[row];
  }

  /**
   * A label, one value per row: 0 or 1 for click, conversion, label types and {@code mature}.
   *
   * @throws IllegalArgumentException if the block has no such label
   */
  public float[] label(String name) {
    return labels[layout.labelIndex(name)];
  }

  /**
   * A field by name.
   *
   * @throws IllegalArgumentException if the block has no such field
   */
  public FieldColumn field(String name) {
    return fields[layout.fieldIndex(name)];
  }

  /** A field by its position in {@code layout().fields()}. */
  public FieldColumn field(int index) {
    return fields[index];
  }

  /**
   * Bytes of the primitive arrays: fields, labels, times and weights, without keys and object
   * headers.
   */
  public long stateBytes() {
    long bytes = 8L * ts.length + 4L * weight.length;
    for (float[] label : labels) {
      bytes += 4L * label.length;
    }
    for (FieldColumn field : fields) {
      bytes += field.stateBytes();
    }
    return bytes;
  }

  /** The DataFrame schema of blocks with a layout. */
  public static StructType schema(BlockLayout layout) {
    return layout.schema();
  }

  /** This block as one row of {@link #schema(BlockLayout)}. */
  public Row toRow() {
    return BlockRows.write(this);
  }

  /** The same in Spark SQL's own form. */
  public InternalRow toInternalRow() {
    return BlockRows.writeInternal(this);
  }

  /**
   * Reads a row of {@link #toRow()}; columns may be a selection of the table's, as long as split
   * and rows are among them.
   *
   * @throws IllegalArgumentException if the row has no schema, or is not a block
   */
  public static Block fromRow(Row row) {
    return BlockRows.read(row);
  }

  /**
   * The same rows with some of the fields, in the given order; arrays are shared.
   *
   * @throws IllegalArgumentException if the block lacks one of them
   */
  public Block select(List<String> fieldNames) {
    FieldColumn[] chosen = new FieldColumn[fieldNames.size()];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = field(fieldNames.get(i));
    }
    BlockLayout less = new BlockLayout(layout.keys(), layout.labels(), fieldNames);
    return new Block(less, order, split, rows, keys, ts, weight, labels, chosen);
  }

  /**
   * A block without keys, labels, times and weights: fields only, as scorers take them.
   *
   * @param names field names
   * @param columns one column per name, all with the same number of rows
   */
  public static Block of(List<String> names, FieldColumn... columns) {
    BlockLayout layout =
        new BlockLayout(Collections.<String>emptyList(), Collections.<String>emptyList(), names);
    int rows = columns.length == 0 ? 0 : columns[0].rows();
    return new Block(
        layout,
        0,
        "",
        rows,
        new KeyColumn[0],
        new long[0],
        new float[0],
        new float[0][],
        columns.clone());
  }

  @Override
  public String toString() {
    return "block of " + rows + " rows (" + split + "): " + layout;
  }

  KeyColumn keyAt(int index) {
    return keys[index];
  }

  float[] labelAt(int index) {
    return labels[index];
  }
}
