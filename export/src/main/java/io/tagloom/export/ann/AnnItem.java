package io.tagloom.export.ann;

import com.github.jelmerk.knn.Item;

/** An item of an index: its name and its lengthened vector. */
final class AnnItem implements Item<String, float[]> {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final float[] values;

  AnnItem(String name, float[] values) {
    this.name = name;
    this.values = values;
  }

  @Override
  public String id() {
    return name;
  }

  @Override
  public float[] vector() {
    return values;
  }

  @Override
  public int dimensions() {
    return values.length;
  }
}
