package io.tagloom.features.blocks;

import java.io.Serializable;

/**
 * One field of a block: for each row a list of ids with weights, laid out in flat arrays.
 *
 * <p>Row {@code r} owns positions {@code start(r)} to {@code end(r) - 1} of {@link #ids()} and
 * {@link #weights()}. Id 0 is padding, 1 the unknown value, 2 and more are vocabulary ids. A row
 * without a value is an empty range or a single id 0; both mean the same to a model.
 *
 * <p>The arrays are shared, not copied: they must not be written to.
 */
public final class FieldColumn implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int[] NO_OFFSETS = {};
  private static final float[] NO_WEIGHTS = {};

  private final int rows;
  private final int[] ids;
  private final int[] offsets;
  private final float[] weights;

  /**
   * Wraps the arrays of a field.
   *
   * @param rows number of rows, 0 or more
   * @param ids the ids of all rows one after another, each 0 or more
   * @param offsets {@code rows + 1} ascending positions in {@code ids} from 0 to its length, or
   *     empty when every row has exactly one id
   * @param weights one weight per id, or empty when all are 1
   * @throws IllegalArgumentException if the arrays do not fit together
   */
  public FieldColumn(int rows, int[] ids, int[] offsets, float[] weights) {
    if (offsets.length == 0 && ids.length != rows) {
      throw new IllegalArgumentException(
          "Invalid ids without offsets: "
              + ids.length
              + "; expected one for each of "
              + rows
              + " rows.");
    }
    if (offsets.length != 0) {
      checkOffsets(rows, ids.length, offsets);
    }
    if (weights.length != 0 && weights.length != ids.length) {
      throw new IllegalArgumentException(
          "Invalid number of weights: "
              + weights.length
              + "; expected none or "
              + ids.length
              + ".");
    }
    this.rows = rows;
    this.ids = ids;
    this.offsets = offsets;
    this.weights = weights;
  }

  /**
   * A field with exactly one id in each row and all weights 1.
   *
   * @param ids one id per row
   */
  public static FieldColumn single(int[] ids) {
    return new FieldColumn(ids.length, ids, NO_OFFSETS, NO_WEIGHTS);
  }

  private static void checkOffsets(int rows, int ids, int[] offsets) {
    if (offsets.length != rows + 1 || offsets[0] != 0 || offsets[rows] != ids) {
      throw new IllegalArgumentException(
          "Invalid offsets: "
              + offsets.length
              + " from "
              + offsets[0]
              + " to "
              + offsets[offsets.length - 1]
              + "; expected "
              + (rows + 1)
              + " from 0 to "
              + ids
              + ".");
    }
    for (int row = 0; row < rows; row++) {
      if (offsets[row] > offsets[row + 1]) {
        throw new IllegalArgumentException(
            "Invalid offset after row "
                + row
                + ": "
                + offsets[row + 1]
                + "; expected at least "
                + offsets[row]
                + ".");
      }
    }
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Ids of all rows, one row after another. */
  public int[] ids() {
    return ids;
  }

  /**
   * Row starts in {@link #ids()} and its length at the end; empty when every row has exactly one
   * id.
   */
  public int[] offsets() {
    return offsets;
  }

  /** Weight of each id; empty when all are 1. */
  public float[] weights() {
    return weights;
  }

  /** Whether every row has exactly one id, so that position and row are the same. */
  public boolean isSingle() {
    return offsets.length == 0;
  }

  /** First position of a row in {@link #ids()}. */
  public int start(int row) {
    return offsets.length == 0 ? row : offsets[row];
  }

  /** Position after the last of a row in {@link #ids()}. */
  public int end(int row) {
    return offsets.length == 0 ? row + 1 : offsets[row + 1];
  }

  /** Weight at a position of {@link #ids()}. */
  public float weight(int position) {
    return weights.length == 0 ? 1f : weights[position];
  }

  /** Bytes of the arrays, without object headers. */
  public long stateBytes() {
    return 4L * (ids.length + offsets.length + weights.length);
  }
}
