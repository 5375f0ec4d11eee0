package io.tagloom.training.layers;

import java.util.Arrays;

/**
 * Where the time of a network goes. Each lap adds the time since the one before to a part; some
 * fifty laps a tile cost about a thousandth of it, so the clock always runs.
 */
public final class StepClock {
  /** Parts of a step. */
  public enum Part {
    /** Gathering embeddings of users and items. */
    EMBEDDING,
    /** Keys and values of the fields. */
    PROJECTIONS,
    /** Attention weights and attended fields. */
    ATTENTION,
    /** Expert networks. */
    EXPERTS,
    /** Tag towers and gates. */
    TAGS,
    /** Scores, losses and their slopes. */
    HEADS,
    /** Slopes of the expert networks. */
    EXPERTS_BACKWARD,
    /** Slopes of the attention; attended fields once more. */
    ATTENTION_BACKWARD,
    /** Slopes of keys and values. */
    PROJECTIONS_BACKWARD,
    /** Slopes of tag towers and gates. */
    TAGS_BACKWARD,
    /** Adding the gradients of embeddings to their rows. */
    EMBEDDING_BACKWARD
  }

  private final long[] nanos = new long[Part.values().length];
  private long last;
  private long expertRows;
  private long taskRows;

  /** Starts the first lap. */
  public void start() {
    last = System.nanoTime();
  }

  /** Ends a lap. */
  public void lap(Part part) {
    long now = System.nanoTime();
    nanos[part.ordinal()] += now - last;
    last = now;
  }

  /** Nanoseconds that went to a part since the clock was made or cleared. */
  public long nanos(Part part) {
    return nanos[part.ordinal()];
  }

  /** Counts rows that went forward and backward through one expert network. */
  public void countExpertRows(int rows) {
    expertRows += rows;
  }

  /** Counts rows that went forward and backward through tag tower and gate of a task. */
  public void countTaskRows(int rows) {
    taskRows += rows;
  }

  /** Rows that went through tag tower and gate, added up over the tasks. */
  public long taskRows() {
    return taskRows;
  }

  /** Rows that went forward and backward through an expert network, added up over the experts. */
  public long expertRows() {
    return expertRows;
  }

  /** Sets all parts and counts to 0. */
  public void clear() {
    expertRows = 0;
    taskRows = 0;
    Arrays.fill(nanos, 0);
  }
}
