package io.tagloom.training.models;

import java.io.Serializable;

/** A field the model reads: its side and the size of its vocabulary. Immutable. */
public final class FieldShape implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Where a field enters the model. */
  public enum Side {
    /** The experts. */
    USER,
    /** The tag tower; the first of these fields holds the tags. */
    ITEM,
    /** An additive shift of each task's logit, in training and evaluation only. */
    CONTEXT
  }

  private final String name;
  private final Side side;
  private final int rows;

  /**
   * A field.
   *
   * @param name name of the field
   * @param side where it enters the model
   * @param rows ids 0 (padding), 1 (unknown) and up to {@code rows - 1}; 2 or more
   * @throws IllegalArgumentException if rows is below 2
   */
  public FieldShape(String name, Side side, int rows) {
    if (rows < 2) {
      throw new IllegalArgumentException(
          "Invalid rows of field " + name + ": " + rows + "; expected 2 or more.");
    }
    this.name = name;
    this.side = side;
    this.rows = rows;
  }

  /** Name of the field. */
  public String name() {
    return name;
  }

  /** Where it enters the model. */
  public Side side() {
    return side;
  }

  /** Number of ids, padding and unknown included. */
  public int rows() {
    return rows;
  }
}
