package io.tagloom.training.trainer;

import java.io.Serializable;

/** Something worth telling that is neither progress nor an epoch: a restart, say. Immutable. */
public final class TrainNotice implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How much it matters. */
  public enum Level {
    /** Good to know. */
    INFO,
    /** Something went wrong, and training goes on. */
    WARNING
  }

  private final Level level;
  private final String text;

  private TrainNotice(Level level, String text) {
    this.level = level;
    this.text = text;
  }

  /** Something that is good to know. */
  public static TrainNotice info(String text) {
    return new TrainNotice(Level.INFO, text);
  }

  /** Something that went wrong. */
  public static TrainNotice warning(String text) {
    return new TrainNotice(Level.WARNING, text);
  }

  /** How much it matters. */
  public Level level() {
    return level;
  }

  /** One line for a person. */
  public String text() {
    return text;
  }
}
