package io.tagloom.export;

import io.tagloom.export.tables.RankedTag;

/** A tag of a profile with what each expert has to do with it. Immutable. */
public final class TagShare {
  private final String task;
  private final RankedTag tag;
  private final int[] kernels;
  private final float[] gates;
  private final double[] products;

  TagShare(String task, RankedTag tag, int[] kernels, float[] gates, double[] products) {
    this.task = task;
    this.tag = tag;
    this.kernels = kernels.clone();
    this.gates = gates.clone();
    this.products = products.clone();
  }

  /** The task whose list has the tag. */
  public String task() {
    return task;
  }

  /** The tag in its list. */
  public RankedTag tag() {
    return tag;
  }

  /** 0-based experts that the task reads. */
  public int[] kernels() {
    return kernels.clone();
  }

  /** Share of each expert in the tag's score: the gate weights, which sum to 1. */
  public float[] gates() {
    return gates.clone();
  }

  /**
   * {@code <E^k, E_T>} of each expert, a mean over the tag's items where those are scored; the
   * score is the sum of gate times product.
   */
  public double[] products() {
    return products.clone();
  }
}
