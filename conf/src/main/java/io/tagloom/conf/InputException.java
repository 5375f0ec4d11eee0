package io.tagloom.conf;

/** Input data that cannot be used: exit code 3. The message names table, column and path. */
public final class InputException extends TagloomException {
  /**
   * Creates the failure.
   *
   * @param message one line: what cannot be done, found, expected, where, what to do
   */
  public InputException(String message) {
    super(3, message, null);
  }

  /**
   * Creates the failure with the exception behind it, which goes to the log only.
   *
   * @param message one line: what cannot be done, found, expected, where, what to do
   * @param cause what was thrown below
   */
  public InputException(String message, Throwable cause) {
    super(3, message, cause);
  }
}
