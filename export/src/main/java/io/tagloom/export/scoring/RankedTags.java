package io.tagloom.export.scoring;

/** The best tags of each of some users, in order: a buffer that rankings fill again and again. */
public final class RankedTags {
  private final int top;
  private int[] counts = {};
  private int[] tags = {};
  private float[] scores = {};

  /**
   * Creates a buffer.
   *
   * @param top tags per user, at least 1
   */
  public RankedTags(int top) {
    if (top < 1) {
      throw new IllegalArgumentException("Invalid top: " + top + "; expected 1 or more.");
    }
    this.top = top;
  }

  /** Most tags per user. */
  public int top() {
    return top;
  }

  /** Number of tags of a user. */
  public int count(int row) {
    return counts[row];
  }

  /** Position in the tag matrix of a user's tag of a 0-based rank. */
  public int tag(int row, int rank) {
    return tags[row * top + rank];
  }

  /** Score of a user's tag of a 0-based rank. */
  public float score(int row, int rank) {
    return scores[row * top + rank];
  }

  void reset(int rows) {
    if (counts.length < rows) {
      counts = new int[rows];
      tags = new int[rows * top];
      scores = new float[rows * top];
    }
  }

  /** Writes a list of keys as {@link ScoreKey} makes them, ascending, best last. */
  void put(int row, long[] keys, int from, int to) {
    int count = Math.min(top, to - from);
    counts[row] = count;
    for (int rank = 0; rank < count; rank++) {
      long key = keys[to - 1 - rank];
      tags[row * top + rank] = ScoreKey.tag(key);
      scores[row * top + rank] = ScoreKey.score(key);
    }
  }
}
