package io.tagloom.export.scoring;

/**
 * A score and a tag in one long that sorts as lists do: by score, and of equal scores the smaller
 * tag is the greater key.
 */
final class ScoreKey {
  private ScoreKey() {}

  static long of(float score, int tag) {
    // Adding zero turns -0 into 0, so that the two are one score.
    int bits = Float.floatToRawIntBits(score + 0f);
    int ordered = bits ^ ((bits >> 31) & 0x7fffffff);
    return ((long) ordered << 32) | (0xffffffffL - tag);
  }

  static float score(long key) {
    int ordered = (int) (key >> 32);
    return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & 0x7fffffff));
  }

  static int tag(long key) {
    return (int) (0xffffffffL - (key & 0xffffffffL));
  }
}
