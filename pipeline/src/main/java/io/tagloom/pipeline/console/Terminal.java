package io.tagloom.pipeline.console;

/** What standard error is connected to. */
public enum Terminal {
  /** A terminal, whose last line can be drawn again. */
  DRAWING,
  /** A file or a pipe, which gets plain lines. */
  NONE;

  /** What the launcher has found, told in the system property {@code tagloom.terminal}. */
  public static Terminal found() {
    return Boolean.getBoolean("tagloom.terminal") ? DRAWING : NONE;
  }
}
