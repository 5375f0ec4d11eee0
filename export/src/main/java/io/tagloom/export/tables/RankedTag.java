package io.tagloom.export.tables;

import java.util.Objects;

/** One tag of a profile. Immutable. */
public final class RankedTag {
  private final String tag;
  private final float score;
  private final float probability;
  private final int rank;

  /**
   * A tag in a list.
   *
   * @param tag name
   * @param score x of MVKE: -1 to 1 for cosines, any number for inner products
   * @param probability sigmoid(scale * score + bias), 0 to 1
   * @param rank 1-based position in its list
   */
  public RankedTag(String tag, float score, float probability, int rank) {
    this.tag = Objects.requireNonNull(tag);
    this.score = score;
    this.probability = probability;
    this.rank = rank;
  }

  /** Name of the tag. */
  public String tag() {
    return tag;
  }

  /** Score: -1 to 1 for cosines, any number for inner products. */
  public float score() {
    return score;
  }

  /** Probability, 0 to 1; for cvr that of a conversion given a click. */
  public float probability() {
    return probability;
  }

  /** 1-based position in its list. */
  public int rank() {
    return rank;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof RankedTag)) {
      return false;
    }
    RankedTag that = (RankedTag) other;
    return tag.equals(that.tag)
        && Float.compare(score, that.score) == 0
        && Float.compare(probability, that.probability) == 0
        && rank == that.rank;
  }

  @Override
  public int hashCode() {
    return Objects.hash(tag, score, probability, rank);
  }

  @Override
  public String toString() {
    return rank + ". " + tag + " " + score + " (" + probability + ")";
  }
}
