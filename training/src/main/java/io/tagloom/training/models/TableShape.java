package io.tagloom.training.models;

import io.tagloom.training.models.FieldShape.Role;
import io.tagloom.training.models.FieldShape.Side;
import java.io.Serializable;

/** An embedding table: {@code rows} rows of {@code width} numbers. Immutable. */
public final class TableShape implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final Side side;
  private final Role role;
  private final int rows;
  private final int width;

  TableShape(String name, Side side, Role role, int rows, int width) {
    this.name = name;
    this.side = side;
    this.role = role;
    this.rows = rows;
    this.width = width;
    if ((long) rows * width > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Invalid table "
              + name
              + ": "
              + rows
              + " rows of "
              + width
              + "; expected fewer than 2^31 numbers. Set max-size of the field.");
    }
  }

  /** Name of the field. */
  public String name() {
    return name;
  }

  /** Side of the field. */
  public Side side() {
    return side;
  }

  /** What the field tells. */
  public Role role() {
    return role;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Width of a row: d, or the number of tasks for a context field. */
  public int width() {
    return width;
  }
}
