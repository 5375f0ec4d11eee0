package io.tagloom.conf;

/** Another run is at work where this one would write: exit code 5. Nothing was touched. */
public final class LockedException extends TagloomException {
  /**
   * Creates the failure.
   *
   * @param message one line: which folder, who is at work there, what to do
   */
  public LockedException(String message) {
    super(5, message, null);
  }
}
