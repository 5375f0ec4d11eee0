package io.tagloom.conf;

import java.io.Serializable;

/**
 * Checkpoints of training: block {@code training.checkpoint} of {@code reference.conf}. Immutable.
 */
public final class CheckpointSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What happens when a checkpoint cannot be written. */
  public enum OnFailure {
    /** Training goes on with a warning. */
    CONTINUE,
    /** Training ends with a message. */
    STOP
  }

  private final String folder;
  private final int minutes;
  private final int steps;
  private final int keep;
  private final OnFailure onFailure;

  private CheckpointSettings(SettingsReader reader) {
    this.folder = reader.text("folder").trim();
    this.minutes = reader.integer("minutes", 0, 100_000);
    this.steps = reader.integer("steps", 0, Integer.MAX_VALUE);
    this.keep = reader.integer("keep", 1, 100);
    this.onFailure = reader.choice("on-failure", OnFailure.class);
  }

  static CheckpointSettings read(SettingsReader reader) {
    return new CheckpointSettings(reader);
  }

  /** Folder on any Hadoop file system; empty leaves the choice to the command. */
  public String folder() {
    return folder;
  }

  /** Minutes from one checkpoint to the next, 0 to 100000; 0 writes none by time. */
  public int minutes() {
    return minutes;
  }

  /** Steps from one checkpoint to the next, 0 or more; 0 writes none by steps. */
  public int steps() {
    return steps;
  }

  /** Newest checkpoints that are kept, 1 to 100. */
  public int keep() {
    return keep;
  }

  /** What happens when one cannot be written. */
  public OnFailure onFailure() {
    return onFailure;
  }
}
