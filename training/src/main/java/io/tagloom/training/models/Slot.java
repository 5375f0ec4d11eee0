package io.tagloom.training.models;

import java.io.Serializable;

/** A named piece of the dense weights: {@code size()} numbers from {@code offset()}. Immutable. */
public final class Slot implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final int offset;
  private final int[] dims;

  Slot(String name, int offset, int... dims) {
    this.name = name;
    this.offset = offset;
    this.dims = dims.clone();
  }

  /** Name, such as {@code expert.0.layer.0.weight}. */
  public String name() {
    return name;
  }

  /** Position of the first number. */
  public int offset() {
    return offset;
  }

  /** Dimensions; the last runs fastest. */
  public int[] dims() {
    return dims.clone();
  }

  /** How many numbers. */
  public int size() {
    int size = 1;
    for (int dim : dims) {
      size *= dim;
    }
    return size;
  }

  /**
   * Whether weight decay is meant for it: for matrices and kernels, not for biases, norms, scales
   * and task weights, which have no reason to be near 0.
   */
  public boolean decays() {
    return name.equals("kernel") || name.endsWith(".weight") && !name.startsWith("norm.");
  }

  /** Position after the last number. */
  public int end() {
    return offset + size();
  }
}
