package io.tagloom.conf;

/** A check before publishing did not hold: exit code 4. The version before stays in place. */
public final class PublishRefusedException extends TagloomException {
  /**
   * Creates the failure.
   *
   * @param message one line: which check, found, expected, what to do
   */
  public PublishRefusedException(String message) {
    super(4, message, null);
  }
}
