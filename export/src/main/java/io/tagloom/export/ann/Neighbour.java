package io.tagloom.export.ann;

import io.tagloom.export.scoring.KeyOrder;
import java.io.Serializable;
import java.util.Objects;

/**
 * An item that was found, with its inner product. Sorts by product, largest first, then by name.
 * Immutable.
 */
public final class Neighbour implements Comparable<Neighbour>, Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final float score;

  /**
   * A found item.
   *
   * @param name tag, item or user
   * @param score inner product with the query
   */
  public Neighbour(String name, float score) {
    this.name = Objects.requireNonNull(name);
    this.score = score;
  }

  /** Tag, item or user. */
  public String name() {
    return name;
  }

  /** Inner product with the query. */
  public float score() {
    return score;
  }

  @Override
  public int compareTo(Neighbour other) {
    int byScore = Float.compare(other.score, score);
    return byScore != 0 ? byScore : KeyOrder.compare(name, other.name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Neighbour
        && name.equals(((Neighbour) other).name)
        && Float.compare(score, ((Neighbour) other).score) == 0;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, score);
  }

  @Override
  public String toString() {
    return name + " " + score;
  }
}
