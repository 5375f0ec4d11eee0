package io.tagloom.export.scoring;

import java.util.Arrays;

/**
 * Ranking by tiles of users x tags: one matrix product each over the concatenated vectors, then a
 * running choice of the best.
 *
 * <p>The products only propose. A tag is a candidate when its product, with the largest rounding
 * error either way, can still be among the best; candidates are scored again in a fixed order of
 * additions. Lists are therefore exact, and the same whatever the tile, the block or the
 * processor's matrix kernels.
 */
final class ProductRanking implements TagRanking {
  static final int USER_TILE = 64;
  static final int TAG_TILE = 1024;

  private final WideTags tags;
  private final MatrixProduct product;
  private final int expertStride;
  private final float[] scores = new float[USER_TILE * TAG_TILE];
  private final int[] candidates = new int[TAG_TILE];
  private float[] chunkBest = {};
  private long[] keys = {};
  private int[] kept = {};
  private float[] slack = {};

  ProductRanking(TagMatrix tags, int kernels, MatrixProduct product) {
    this.tags = new WideTags(tags);
    this.product = product;
    this.expertStride = kernels * tags.outputDim();
  }

  @Override
  public void rank(float[] experts, int rows, RankedTags out) {
    out.reset(rows);
    prepare(out.top());
    for (int from = 0; from < rows; from += USER_TILE) {
      rankTile(experts, from, Math.min(USER_TILE, rows - from), out);
    }
  }

  private void prepare(int top) {
    int room = top + TAG_TILE;
    if (keys.length < USER_TILE * room) {
      keys = new long[USER_TILE * room];
      kept = new int[USER_TILE];
      slack = new float[USER_TILE];
    }
  }

  private void rankTile(float[] experts, int from, int rows, RankedTags out) {
    int top = out.top();
    int room = top + TAG_TILE;
    int width = tags.width();
    for (int row = 0; row < rows; row++) {
      kept[row] = 0;
      slack[row] = tags.rounding(experts, (from + row) * expertStride);
    }
    for (int tag = 0; tag < tags.size(); tag += TAG_TILE) {
      int count = Math.min(TAG_TILE, tags.size() - tag);
      int at = from * expertStride + tags.first();
      product.multiply(
          rows,
          count,
          width,
          experts,
          at,
          expertStride,
          tags.values(),
          tag * width,
          width,
          scores,
          TAG_TILE);
      for (int row = 0; row < rows; row++) {
        choose(experts, (from + row) * expertStride, row, tag, count, top);
      }
    }
    for (int row = 0; row < rows; row++) {
      out.put(from + row, keys, row * room, row * room + kept[row]);
    }
  }

  /** Merges the tags of one tile into a user's best, kept ascending in the row's part of keys. */
  private void choose(float[] experts, int user, int row, int firstTag, int count, int top) {
    int base = row * (top + TAG_TILE);
    float floor =
        kept[row] < top ? Float.NEGATIVE_INFINITY : ScoreKey.score(keys[base]) - slack[row];
    if (count > 2 * top) {
      floor = Math.max(floor, nthOfChunks(row * TAG_TILE, count, top) - slack[row]);
    }
    int found = collect(scores, row * TAG_TILE, count, floor, candidates);
    int end = base + kept[row];
    for (int i = 0; i < found; i++) {
      int tag = firstTag + candidates[i];
      keys[end++] = ScoreKey.of(tags.score(experts, user, tag), tag);
    }
    Arrays.sort(keys, base, end);
    kept[row] = Math.min(top, end - base);
    System.arraycopy(keys, end - kept[row], keys, base, kept[row]);
  }

  /**
   * A score that at least {@code top} of the tags reach: the top-th largest of the maxima of as
   * many chunks. Chunks are every c-th tag, so that the maxima are element-wise over whole rows.
   */
  private float nthOfChunks(int offset, int count, int top) {
    int chunks = Math.min(count, Math.max(4 * top, 64));
    if (chunkBest.length < chunks) {
      chunkBest = new float[chunks];
    }
    float[] best = chunkBest;
    System.arraycopy(scores, offset, best, 0, chunks);
    int at = chunks;
    for (; at + chunks <= count; at += chunks) {
      larger(best, scores, offset + at, chunks);
    }
    larger(best, scores, offset + at, count - at);
    return Selection.nthLargest(best, chunks, top);
  }

  private static void larger(float[] best, float[] values, int offset, int length) {
    for (int i = 0; i < length; i++) {
      best[i] = Math.max(best[i], values[offset + i]);
    }
  }

  /**
   * Positions of the values that reach the floor; without a branch, which would often be
   * mispredicted.
   */
  private static int collect(float[] values, int offset, int count, float floor, int[] found) {
    int size = 0;
    for (int i = 0; i < count; i++) {
      found[size] = i;
      size += values[offset + i] >= floor ? 1 : 0;
    }
    return size;
  }
}
