package io.tagloom.features.blocks;

import java.util.Arrays;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Collects rows into a {@link Block}; arrays grow by doubling.
 *
 * <p>For each row: set keys, time, weight and labels, add the ids of each field, then call {@link
 * #endRow()}. What is not set in a row stays null (keys), 0 (time, labels), 1 (weight) or empty
 * (fields). Times and weights are left out of the block when no row has set them, offsets of a
 * field when every row has exactly one id, its weights when all are 1.
 */
public final class BlockBuilder {
  private static final int FIRST_ROWS = 256;

  private final BlockLayout layout;
  private final String split;
  private final KeyColumn.Builder[] keys;
  private final float[][] labels;
  private final FieldBuilder[] fields;
  private long[] ts;
  private float[] weight;
  private boolean hasTs;
  private boolean hasWeight;
  private int rows;
  private long order;

  BlockBuilder(BlockLayout layout, String split) {
    this.layout = layout;
    this.split = split;
    this.keys = new KeyColumn.Builder[layout.keys().size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = new KeyColumn.Builder(FIRST_ROWS);
    }
    this.labels = new float[layout.labels().size()][FIRST_ROWS];
    this.fields = new FieldBuilder[layout.fields().size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = new FieldBuilder();
    }
    this.ts = new long[FIRST_ROWS];
    this.weight = new float[FIRST_ROWS];
    this.weight[0] = 1f;
  }

  /** Rows ended so far. */
  public int rows() {
    return rows;
  }

  /** Sets the place of the block among the blocks of its table; 0 when not set. */
  public BlockBuilder order(long place) {
    order = place;
    return this;
  }

  /** Sets a key of the current row; {@code key} is its position in {@code layout.keys()}. */
  public BlockBuilder key(int key, String value) {
    return key(key, UTF8String.fromString(value));
  }

  /** Sets a key of the current row in Spark's own form; it is copied. */
  public BlockBuilder key(int key, UTF8String value) {
    keys[key].set(rows, value);
    return this;
  }

  /** Sets the time of the current row, epoch milliseconds. */
  public BlockBuilder ts(long millis) {
    ts[rows] = millis;
    hasTs = true;
    return this;
  }

  /** Sets the sample weight of the current row. */
  public BlockBuilder weight(float value) {
    weight[rows] = value;
    hasWeight |= value != 1f;
    return this;
  }

  /** Sets a label of the current row; {@code label} is its position in {@code layout.labels()}. */
  public BlockBuilder label(int label, float value) {
    labels[label][rows] = value;
    return this;
  }

  /** Adds an id of weight 1 to a field of the current row. */
  public BlockBuilder add(int field, int id) {
    fields[field].add(id, 1f);
    return this;
  }

  /** Adds an id with its weight to a field of the current row. */
  public BlockBuilder add(int field, int id, float value) {
    fields[field].add(id, value);
    return this;
  }

  /** Ends the current row. */
  public BlockBuilder endRow() {
    for (FieldBuilder field : fields) {
      field.endRow(rows);
    }
    rows++;
    if (rows == ts.length) {
      grow();
    }
    weight[rows] = 1f;
    return this;
  }

  private void grow() {
    int size = rows * 2;
    for (KeyColumn.Builder key : keys) {
      key.grow(size);
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = Arrays.copyOf(labels[i], size);
    }
    ts = Arrays.copyOf(ts, size);
    weight = Arrays.copyOf(weight, size);
  }

  /** The block of the rows ended so far. The builder may go on or be dropped. */
  public Block build() {
    KeyColumn[] blockKeys = new KeyColumn[keys.length];
    for (int i = 0; i < keys.length; i++) {
      blockKeys[i] = keys[i].build(rows);
    }
    float[][] blockLabels = new float[labels.length][];
    for (int i = 0; i < labels.length; i++) {
      blockLabels[i] = Arrays.copyOf(labels[i], rows);
    }
    FieldColumn[] columns = new FieldColumn[fields.length];
    for (int i = 0; i < fields.length; i++) {
      columns[i] = fields[i].build(rows);
    }
    return new Block(
        layout,
        order,
        split,
        rows,
        blockKeys,
        Arrays.copyOf(ts, hasTs ? rows : 0),
        Arrays.copyOf(weight, hasWeight ? rows : 0),
        blockLabels,
        columns);
  }

  /** Growing arrays of one field. */
  private static final class FieldBuilder {
    private int[] ids = new int[FIRST_ROWS];
    private int[] offsets = new int[FIRST_ROWS];
    private float[] weights = new float[0];
    private int size;
    private boolean single = true;

    void add(int id, float value) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, size * 2);
        weights = weights.length == 0 ? weights : Arrays.copyOf(weights, size * 2);
      }
      if (value != 1f && weights.length == 0) {
        weights = new float[ids.length];
        Arrays.fill(weights, 0, size, 1f);
      }
      ids[size] = id;
      if (weights.length != 0) {
        weights[size] = value;
      }
      size++;
    }

    void endRow(int row) {
      if (row + 1 >= offsets.length) {
        offsets = Arrays.copyOf(offsets, offsets.length * 2);
      }
      offsets[row + 1] = size;
      single &= size == row + 1;
    }

    FieldColumn build(int rows) {
      return new FieldColumn(
          rows,
          Arrays.copyOf(ids, offsets[rows]),
          single ? new int[0] : Arrays.copyOf(offsets, rows + 1),
          weights.length == 0 ? weights : Arrays.copyOf(weights, offsets[rows]));
    }
  }
}
