package io.tagloom.export.scoring;

import java.util.Arrays;

/** The lists of one user by looking at every tag. */
final class ExactLists implements ExpertLists {
  private final int size;
  private final long[][] keys;
  private final float[][] products;

  ExactLists(TagMatrix tags, float[] experts, int user) {
    int dim = tags.outputDim();
    this.size = tags.size();
    this.keys = new long[tags.task().kernelCount()][];
    this.products = new float[keys.length][size];
    for (int k = 0; k < keys.length; k++) {
      int expert = user + tags.task().kernel(k) * dim;
      long[] list = new long[size];
      for (int tag = 0; tag < size; tag++) {
        products[k][tag] = Dot.of(experts, expert, tags.parts(), tags.partOffset(tag, k), dim);
        list[tag] = ScoreKey.of(products[k][tag], tag);
      }
      Arrays.sort(list);
      keys[k] = list;
    }
  }

  @Override
  public int[] best(int position, int depth) {
    int[] tags = new int[Math.min(depth, size)];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = ScoreKey.tag(keys[position][size - 1 - i]);
    }
    return tags;
  }

  @Override
  public double product(int position, int tag) {
    return products[position][tag];
  }
}
