package io.tagloom.training.layers;

import java.io.Serializable;

/** Sizes, switches and weight positions of one expert's network. Immutable. */
public final class ExpertShape implements Serializable {
  private static final long serialVersionUID = 1L;

  /** User fields (F). */
  final int fields;

  /** Width of an attended field (A). */
  final int attention;

  /** Whether attended fields are added up instead of put side by side. */
  final boolean summed;

  /** Position of the factorization-machine term's weights {@code [A, D]}; -1 for none. */
  final int factor;

  /** Position of the perceptron's weights. */
  final int mlp;

  /** Widths of the perceptron: input, hidden, output (D). */
  final int[] widths;

  private ExpertShape(
      int fields, int attention, boolean summed, int factor, int mlp, int[] widths) {
    this.fields = fields;
    this.attention = attention;
    this.summed = summed;
    this.factor = factor;
    this.mlp = mlp;
    this.widths = widths;
  }

  /**
   * An expert that sees its fields side by side.
   *
   * @param factor position of the factorization-machine weights, -1 for none
   * @param hidden hidden widths and the output width
   */
  public static ExpertShape concatenated(
      int fields, int attention, int factor, int mlp, int... hidden) {
    return new ExpertShape(
        fields, attention, false, factor, mlp, widths(fields * attention, hidden));
  }

  /** An expert that sees the sum of its fields; parameters as {@link #concatenated}. */
  public static ExpertShape summed(int fields, int attention, int factor, int mlp, int... hidden) {
    return new ExpertShape(fields, attention, true, factor, mlp, widths(attention, hidden));
  }

  private static int[] widths(int in, int[] hidden) {
    int[] widths = new int[hidden.length + 1];
    widths[0] = in;
    System.arraycopy(hidden, 0, widths, 1, hidden.length);
    return widths;
  }

  int out() {
    return widths[widths.length - 1];
  }
}
