package io.tagloom.training.models;

import java.io.Serializable;

/** The weights of a model: one array of dense weights and one array per embedding table. */
public final class MvkeParameters implements Serializable {
  private static final long serialVersionUID = 1L;

  private final float[] dense;
  private final float[][] tables;

  /**
   * Wraps arrays; they are not copied.
   *
   * @param dense dense weights by the slots of the shape
   * @param tables table t has {@code rows * width} numbers
   */
  public MvkeParameters(float[] dense, float[][] tables) {
    this.dense = dense;
    this.tables = tables;
  }

  /** Weights of a shape, all zero. */
  public static MvkeParameters zeros(MvkeShape shape) {
    float[][] tables = new float[shape.tables().size()][];
    for (int t = 0; t < tables.length; t++) {
      TableShape table = shape.tables().get(t);
      tables[t] = new float[table.rows() * table.width()];
    }
    return new MvkeParameters(new float[shape.denseSize()], tables);
  }

  /** Dense weights, by the slots of the shape. Not a copy. */
  public float[] dense() {
    return dense;
  }

  /** Table t of {@link MvkeShape#tables()}, row after row. Not a copy. */
  public float[] table(int t) {
    return tables[t];
  }

  /** Number of tables. */
  public int tables() {
    return tables.length;
  }

  /** A copy that shares nothing. */
  public MvkeParameters copy() {
    float[][] copies = new float[tables.length][];
    for (int t = 0; t < tables.length; t++) {
      copies[t] = tables[t].clone();
    }
    return new MvkeParameters(dense.clone(), copies);
  }

  /**
   * Copies the weights of a slot out.
   *
   * @throws IllegalArgumentException if the shape has no such slot
   */
  public float[] slot(MvkeShape shape, String name) {
    Slot slot = shape.slot(name);
    float[] copy = new float[slot.size()];
    System.arraycopy(dense, slot.offset(), copy, 0, copy.length);
    return copy;
  }
}
