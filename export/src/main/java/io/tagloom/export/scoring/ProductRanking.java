package io.tagloom.export.scoring;

import java.util.Arrays;
import java.util.Random;

/**
 * Ranking by tiles of users x tags: one matrix product each over the concatenated vectors, then a
 * running choice of the best.
 *
 * <p>Products are rounded in an order of additions that nobody states. A tag is a candidate when
 * its product, with the largest rounding error either way, can still be among the best; candidates
 * too close to be told apart are scored again in a fixed order of additions. The order of a list is
 * therefore that of exact comparison, whatever the product. Tiles are always of one size, and a
 * product whose bits depend on where in the tile a user stands is noticed: then every candidate is
 * scored again.
 */
final class ProductRanking implements TagRanking {
  /** Below 128 rows MKL takes another path, of little more than half the speed. */
  static final int USER_TILE = 128;

  static final int TAG_TILE = 1024;

  private final WideTags tags;
  private final MatrixProduct product;
  private final int stride;
  private final boolean steady;
  private final float[] scores = new float[USER_TILE * TAG_TILE];
  private final int[] candidates = new int[TAG_TILE + 1];
  private float[] lastTile = {};
  private float[] chunkBest = {};
  private float[] chunkOther = {};
  private int[] chunkHits = {};
  private long[] keys = {};
  private final int[] kept = new int[USER_TILE];
  private final float[] slack = new float[USER_TILE];

  ProductRanking(TagMatrix tags, int kernels, MatrixProduct product) {
    this.tags = new WideTags(tags);
    this.product = product;
    this.stride = kernels * tags.outputDim();
    this.steady = isSteady();
  }

  /** Whether a user's products are the same bits in every row of the first and the last tile. */
  private boolean isSteady() {
    Random random = new Random(1);
    float[] user = new float[stride];
    for (int i = 0; i < stride; i++) {
      user[i] = random.nextFloat() - 0.5f;
    }
    float[] tile = new float[USER_TILE * stride];
    for (int row = 0; row < USER_TILE; row++) {
      System.arraycopy(user, 0, tile, row * stride, stride);
    }
    int last = Math.max(0, tags.size() - 1) / TAG_TILE * TAG_TILE;
    return isSteady(tile, 0) && (last == 0 || isSteady(tile, last));
  }

  private boolean isSteady(float[] tile, int tag) {
    int count = Math.min(TAG_TILE, tags.size() - tag);
    multiply(tile, 0, tag, count);
    for (int row = 1; row < USER_TILE; row++) {
      for (int i = 0; i < count; i++) {
        if (scores[row * TAG_TILE + i] != scores[i]) {
          return false;
        }
      }
    }
    return true;
  }

  private void multiply(float[] experts, int user, int tag, int count) {
    product.multiply(
        USER_TILE,
        count,
        tags.width(),
        experts,
        user + tags.first(),
        stride,
        tags.columns(),
        tag,
        tags.size(),
        scores,
        TAG_TILE);
  }

  @Override
  public void rank(float[] experts, int rows, RankedTags out) {
    out.reset(rows);
    int room = out.top() + TAG_TILE;
    if (keys.length < USER_TILE * room) {
      keys = new long[USER_TILE * room];
    }
    for (int from = 0; from < rows; from += USER_TILE) {
      int count = Math.min(USER_TILE, rows - from);
      if (count == USER_TILE) {
        rankTile(experts, from * stride, count, out.top());
      } else {
        lastTile = lastTile.length == 0 ? new float[USER_TILE * stride] : lastTile;
        System.arraycopy(experts, from * stride, lastTile, 0, count * stride);
        rankTile(lastTile, 0, count, out.top());
      }
      for (int row = 0; row < count; row++) {
        out.put(from + row, keys, row * room, row * room + kept[row]);
      }
    }
  }

  /** Ranks a tile of users, of which the first {@code rows} count. */
  private void rankTile(float[] experts, int first, int rows, int top) {
    for (int row = 0; row < rows; row++) {
      kept[row] = 0;
      slack[row] = tags.rounding(experts, first + row * stride);
    }
    for (int tag = 0; tag < tags.size(); tag += TAG_TILE) {
      int count = Math.min(TAG_TILE, tags.size() - tag);
      multiply(experts, first, tag, count);
      for (int row = 0; row < rows; row++) {
        choose(experts, first + row * stride, row, tag, count, top);
      }
    }
  }

  /** Merges the tags of one tile into a user's best, kept ascending in the row's part of keys. */
  private void choose(float[] experts, int user, int row, int firstTag, int count, int top) {
    int base = row * (top + TAG_TILE);
    int offset = row * TAG_TILE;
    float floor =
        kept[row] < top ? Float.NEGATIVE_INFINITY : ScoreKey.score(keys[base]) - slack[row];
    int found = count > 2 * top ? collect(offset, count, top, floor, slack[row]) : all(count);
    int end = base + kept[row];
    for (int i = 0; i < found; i++) {
      int tag = candidates[i];
      keys[end++] = ScoreKey.of(scores[offset + tag], firstTag + tag);
    }
    Arrays.sort(keys, base, end);
    if (rescore(experts, user, base, end, slack[row])) {
      Arrays.sort(keys, base, end);
    }
    kept[row] = Math.min(top, end - base);
    System.arraycopy(keys, end - kept[row], keys, base, kept[row]);
  }

  /** Scores again what its neighbours' scores are too close to; tells whether there was any. */
  private boolean rescore(float[] experts, int user, int base, int end, float margin) {
    boolean any = false;
    float before = Float.NEGATIVE_INFINITY;
    for (int i = base; i < end; i++) {
      float score = ScoreKey.score(keys[i]);
      float after = i + 1 < end ? ScoreKey.score(keys[i + 1]) : Float.POSITIVE_INFINITY;
      if (!steady || score - before <= margin || after - score <= margin) {
        int tag = ScoreKey.tag(keys[i]);
        keys[i] = ScoreKey.of(tags.score(experts, user, tag), tag);
        any = true;
      }
      before = score;
    }
    return any;
  }

  private int all(int count) {
    for (int i = 0; i < count; i++) {
      candidates[i] = i;
    }
    return count;
  }

  /**
   * Tags of a row that may be among the best. Chunk c has the tags c, c + chunks, c + 2 chunks and
   * so on, so that the maxima of all chunks are element-wise over whole arrays. A score that {@code
   * top} maxima reach is reached by at least {@code top} tags.
   */
  private int collect(int offset, int count, int top, float least, float margin) {
    int chunks = Math.min(count, Math.max(3 * top, 64));
    if (chunkHits.length <= chunks) {
      chunkBest = new float[Math.max(chunks, TAG_TILE)];
      chunkOther = new float[chunkBest.length];
      chunkHits = new int[chunks + 1];
    }
    Selection.columnMaxima(scores, offset, count, chunks, chunkBest, chunkOther);
    float floor = Math.max(least, Selection.floor(chunkBest, chunks, top) - margin);
    int hits = Selection.positions(chunkBest, chunks, floor, chunkHits);
    return Selection.positions(scores, offset, count, chunks, chunkHits, hits, floor, candidates);
  }
}
