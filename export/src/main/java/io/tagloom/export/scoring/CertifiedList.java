package io.tagloom.export.scoring;

/** What a certified search found, and what it took. Immutable. */
public final class CertifiedList {
  private final int[] tags;
  private final float[] scores;
  private final int rounds;
  private final int lists;
  private final int depth;
  private final int candidates;

  CertifiedList(int[] tags, float[] scores, int rounds, int lists, int depth, int candidates) {
    this.tags = tags;
    this.scores = scores;
    this.rounds = rounds;
    this.lists = lists;
    this.depth = depth;
    this.candidates = candidates;
  }

  /** Number of tags found. */
  public int count() {
    return tags.length;
  }

  /** Position in the tag matrix of the tag of a 0-based rank. */
  public int tag(int rank) {
    return tags[rank];
  }

  /** Score of the tag of a 0-based rank. */
  public float score(int rank) {
    return scores[rank];
  }

  /** How often the lists were read, deeper each time; 1 when the first reading was certified. */
  public int rounds() {
    return rounds;
  }

  /** Lists that were read: one an expert and round. */
  public int lists() {
    return lists;
  }

  /** Tags of each list in the last round. */
  public int depth() {
    return depth;
  }

  /** Different tags whose scores were computed. */
  public int candidates() {
    return candidates;
  }
}
