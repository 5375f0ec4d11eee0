package io.tagloom.training.models;

import io.tagloom.training.layers.IdBags;
import io.tagloom.training.models.FieldShape.Role;
import io.tagloom.training.models.FieldShape.Side;
import java.util.Arrays;

/**
 * The ids of one table in a batch: for each row a list of ids with weights; and, when grouped, the
 * distinct ids in ascending order with each id's place among them.
 *
 * <p>Buffers grow and are used again. Padding (id 0) is left out: it adds nothing and learns
 * nothing.
 */
public final class BatchColumn implements IdBags {
  private final TableShape table;
  private final boolean unknownAlways;
  private int rows;
  private int count;
  private int[] offsets = new int[65];
  private int[] ids = new int[64];
  private float[] weights = new float[64];
  private int[] spareOffsets = {};
  private int[] spareIds = {};
  private float[] spareWeights = {};
  private int[] places = {};
  private int[] distinct = {};
  private int distinctCount = -1;
  private long[] present = {};
  private int[] before = {};

  BatchColumn(TableShape table, boolean unknownAlways) {
    this.table = table;
    this.unknownAlways = unknownAlways;
  }

  void clear() {
    rows = 0;
    count = 0;
    distinctCount = -1;
  }

  /**
   * Adds an id to the row at hand.
   *
   * @throws IllegalArgumentException if the table has no such row
   */
  public void add(int id, float weight) {
    if (id <= 0 || id >= table.rows()) {
      if (id == 0) {
        return;
      }
      throw new IllegalArgumentException(
          "Cannot embed field "
              + table.name()
              + ": id "
              + id
              + " in a table of "
              + table.rows()
              + " rows. Encode the data with the vocabulary the model was made for.");
    }
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, 2 * count);
      weights = Arrays.copyOf(weights, 2 * count);
    }
    ids[count] = id;
    weights[count++] = weight;
  }

  /** Ends the row at hand. */
  public void endRow() {
    if (++rows == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * rows);
    }
    offsets[rows] = count;
  }

  /**
   * Ends a row as it was read: one without a value is unknown, unless it is a history (nothing has
   * happened yet) or context (nothing is shifted).
   */
  void endReadRow() {
    boolean unknown = table.side() != Side.CONTEXT && table.role() != Role.HISTORY;
    if (unknown && count == offsets[rows]) {
      add(1, 1f);
    }
    endRow();
  }

  /** Ends the row at hand and divides its weights by their sum; a sum of 0 makes the row empty. */
  public void endMeanRow() {
    mean();
    endRow();
  }

  /** Divides the weights of the row at hand by their sum; a sum of 0 makes the row empty. */
  void mean() {
    int start = offsets[rows];
    float sum = 0;
    for (int i = start; i < count; i++) {
      sum += weights[i];
    }
    if (sum == 0) {
      count = start;
    }
    for (int i = start; i < count; i++) {
      weights[i] /= sum;
    }
  }

  /** Puts row {@code numbers[i]} at i. */
  void reorder(int[] numbers) {
    if (spareIds.length < count || spareOffsets.length < rows + 1) {
      spareIds = new int[ids.length];
      spareWeights = new float[ids.length];
      spareOffsets = new int[offsets.length];
    }
    int at = 0;
    for (int row = 0; row < rows; row++) {
      int start = offsets[numbers[row]];
      int end = offsets[numbers[row] + 1];
      for (int i = start; i < end; i++) {
        spareIds[at] = ids[i];
        spareWeights[at++] = weights[i];
      }
      spareOffsets[row + 1] = at;
    }
    int[] oldIds = ids;
    int[] oldOffsets = offsets;
    float[] oldWeights = weights;
    ids = spareIds;
    offsets = spareOffsets;
    weights = spareWeights;
    spareIds = oldIds;
    spareOffsets = oldOffsets;
    spareWeights = oldWeights;
    distinctCount = -1;
  }

  /** Finds the distinct ids and the place of each id among them. */
  void group() {
    if (distinctCount >= 0) {
      return;
    }
    int words = (table.rows() + 63) >>> 6;
    if (present.length < words) {
      present = new long[words];
      before = new int[words];
    }
    if (places.length < count) {
      places = new int[ids.length];
    }
    Arrays.fill(present, 0, words, 0L);
    if (unknownAlways) {
      present[0] |= 2;
    }
    for (int i = 0; i < count; i++) {
      present[ids[i] >>> 6] |= 1L << ids[i];
    }
    listDistinct(words);
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      places[i] = before[id >>> 6] + Long.bitCount(present[id >>> 6] & ((1L << id) - 1));
    }
  }

  private void listDistinct(int words) {
    int found = 0;
    int most = Math.min(count + 1, table.rows());
    if (distinct.length < most) {
      distinct = new int[Math.min(ids.length + 1, table.rows())];
    }
    for (int word = 0; word < words; word++) {
      before[word] = found;
      for (long bits = present[word]; bits != 0; bits &= bits - 1) {
        distinct[found++] = (word << 6) + Long.numberOfTrailingZeros(bits);
      }
    }
    distinctCount = found;
  }

  /** The table. */
  public TableShape table() {
    return table;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  @Override
  public int[] offsets() {
    return offsets;
  }

  @Override
  public int[] ids() {
    return ids;
  }

  @Override
  public float[] weights() {
    return weights;
  }

  @Override
  public int[] places() {
    return places;
  }

  /**
   * Number of distinct ids.
   *
   * @throws IllegalStateException if the batch is not grouped
   */
  public int distinctCount() {
    if (distinctCount < 0) {
      throw new IllegalStateException(
          "Cannot tell the distinct ids of " + table.name() + ": not grouped. Call Batch.group().");
    }
    return distinctCount;
  }

  /** The distinct ids, ascending; only the first {@link #distinctCount()} count. */
  public int[] distinct() {
    return distinct;
  }

  /** The place of the unknown id among the distinct ones. */
  @Override
  public int unknownPlace() {
    return unknownAlways ? 0 : -1;
  }
}
