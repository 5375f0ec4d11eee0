package io.tagloom.export;

import java.util.Objects;

/** A user in the audience of a tag. Immutable. */
public final class AudienceMember {
  private final String user;
  private final float score;
  private final float probability;

  AudienceMember(String user, float score, float probability) {
    this.user = Objects.requireNonNull(user);
    this.score = score;
    this.probability = probability;
  }

  /** The user. */
  public String user() {
    return user;
  }

  /** Score of the user for the tag, as in profiles. */
  public float score() {
    return score;
  }

  /** Probability, 0 to 1. */
  public float probability() {
    return probability;
  }

  @Override
  public String toString() {
    return user + " " + score + " (" + probability + ")";
  }
}
