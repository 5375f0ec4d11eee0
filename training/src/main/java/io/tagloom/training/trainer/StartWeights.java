package io.tagloom.training.trainer;

import io.tagloom.training.models.MvkeParameters;
import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;

/**
 * First weights that continue an earlier model. Immutable as long as nobody writes to the weights.
 */
public final class StartWeights implements Serializable {
  private static final long serialVersionUID = 1L;

  private final MvkeParameters weights;
  private final BitSet[] fresh;

  /**
   * Weights.
   *
   * @param weights all of them; not copied
   * @param fresh by table the rows that the earlier model does not have: a trust region does not
   *     hold them
   */
  public StartWeights(MvkeParameters weights, BitSet[] fresh) {
    this.weights = weights;
    this.fresh = new BitSet[fresh.length];
    for (int t = 0; t < fresh.length; t++) {
      this.fresh[t] = (BitSet) fresh[t].clone();
    }
  }

  /** The weights. Not a copy. */
  public MvkeParameters weights() {
    return weights;
  }

  /** The rows of a table that start at random. */
  public BitSet fresh(int table) {
    return (BitSet) fresh[table].clone();
  }

  /**
   * Notes in a rule's state where the rows of a worker have started; fresh ones have not.
   *
   * @param into state of the worker's rows, of each one slot after the other
   * @param slot the last slot, which takes the start
   */
  void anchor(int table, int width, int worker, int workers, float[] into, int slot) {
    float[] rows = weights.table(table);
    int row = worker;
    for (int at = slot * width; at < into.length; at += (slot + 1) * width, row += workers) {
      if (fresh[table].get(row)) {
        Arrays.fill(into, at, at + width, Float.NaN);
      } else {
        System.arraycopy(rows, row * width, into, at, width);
      }
    }
  }
}
