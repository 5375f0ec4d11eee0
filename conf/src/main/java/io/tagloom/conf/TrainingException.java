package io.tagloom.conf;

/** Training could not start or could not go on: exit code 1, worth another try once mended. */
public final class TrainingException extends TagloomException {
  /**
   * Creates the failure.
   *
   * @param message one line: what failed, with step and numbers, and what to do
   */
  public TrainingException(String message) {
    super(1, message, null);
  }

  /**
   * Creates the failure.
   *
   * @param message one line: what failed, with step and numbers, and what to do
   * @param cause what the log file is to tell
   */
  public TrainingException(String message, Throwable cause) {
    super(1, message, cause);
  }
}
