package io.tagloom.conf;

import java.util.Objects;

/**
 * A failure that a person can mend: its message says what was found, what was expected, where, and
 * what to do, and is shown without a stack trace.
 */
public abstract class TagloomException extends RuntimeException {
  private final int exitCode;

  TagloomException(int exitCode, String message, Throwable cause) {
    super(Objects.requireNonNull(message), cause);
    this.exitCode = exitCode;
  }

  /** The exit code of the command line: 2 settings, 3 input data, 4 publish refused. */
  public final int exitCode() {
    return exitCode;
  }

  /**
   * What a failure says in its first line, without a full stop: to be told in another's message.
   */
  public static String reason(Throwable failure) {
    String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return text.split("\\R", 2)[0].replaceAll("[.]$", "");
  }
}
