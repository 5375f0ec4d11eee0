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

  /** What a field tells of its row, and so what the row is without it. */
  public enum Role {
    /** A property. A row without a value reads as one whose value is unknown (id 1). */
    VALUE,
    /** Who the user is. Without a value unknown (id 1), too. */
    IDENTITY,
    /** What has happened before. Without a value empty: nothing has. */
    HISTORY
  }

  private final String name;
  private final Side side;
  private final Role role;
  private final int rows;

  /**
   * A field of role {@link Role#VALUE}.
   *
   * @param name name of the field
   * @param side where it enters the model
   * @param rows ids 0 (padding), 1 (unknown) and up to {@code rows - 1}; 2 or more
   * @throws IllegalArgumentException if rows is below 2
   */
  public FieldShape(String name, Side side, int rows) {
    this(name, side, Role.VALUE, rows);
  }

  /**
   * A field.
   *
   * @param name name of the field
   * @param side where it enters the model
   * @param role what it tells
   * @param rows ids 0 (padding), 1 (unknown) and up to {@code rows - 1}; 2 or more
   * @throws IllegalArgumentException if rows is below 2
   */
  public FieldShape(String name, Side side, Role role, int rows) {
    if (rows < 2) {
      throw new IllegalArgumentException(
          "Invalid rows of field " + name + ": " + rows + "; expected 2 or more.");
    }
    this.name = name;
    this.side = side;
    this.role = role;
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

  /** What it tells. */
  public Role role() {
    return role;
  }

  /** Number of ids, padding and unknown included. */
  public int rows() {
    return rows;
  }
}
