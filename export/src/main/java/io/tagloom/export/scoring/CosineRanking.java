package io.tagloom.export.scoring;

import java.util.Arrays;

/**
 * Ranking by the cosine of the mixed expert, which is no inner product of stored vectors: pair by
 * pair.
 */
final class CosineRanking implements TagRanking {
  private final TagMatrix tags;
  private final int stride;
  private final long[] keys;

  CosineRanking(TagMatrix tags, int kernels) {
    this.tags = tags;
    this.stride = kernels * tags.outputDim();
    this.keys = new long[tags.size()];
  }

  @Override
  public void rank(float[] experts, int rows, RankedTags out) {
    out.reset(rows);
    for (int row = 0; row < rows; row++) {
      for (int tag = 0; tag < keys.length; tag++) {
        keys[tag] = ScoreKey.of((float) tags.score(experts, row * stride, tag), tag);
      }
      Arrays.sort(keys);
      out.put(row, keys, 0, keys.length);
    }
  }
}
