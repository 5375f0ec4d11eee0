package io.tagloom.training.layers;

/** For each row a list of ids with weights. Row r owns positions offsets[r] to offsets[r+1] - 1. */
public interface IdBags {
  /** Row starts; position {@code rows} holds the end of the last. */
  int[] offsets();

  /** Ids, each 1 or more: padding is left out. */
  int[] ids();

  /** Weight of each id. */
  float[] weights();

  /** Place of each id among the distinct ids, where its gradient is added. */
  int[] places();

  /** Place of the unknown id, which masked ids take; -1 when no id is masked. */
  int unknownPlace();
}
