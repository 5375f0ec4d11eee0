package io.tagloom.training.trainer;

import io.tagloom.training.models.MvkeParameters;
import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;

/** First weights that continue an earlier model. Immutable as long as nobody writes to the weights. */
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

  /** Notes in a rule's state where the rows of a worker have started; fresh ones have not. */
  void anchor(int table, int width, int worker, int workers, float[] into) {
    float[] rows = weights.table(table);
    for (int own = 0; own < into.length / width; own++) {
      int row = worker + own * workers;
      if (fresh[table].get(row)) {
        Arrays.fill(into, own * width, (own + 1) * width, Float.NaN);
      } else {
        System.arraycopy(rows, row * width, into, own * width, width);
      }
    }
  }
}
