package io.tagloom.conf;

import java.util.Locale;

/**
 * A failure that a person can mend: its message says what was found, what was expected, where, and
 * what to do, and is shown without a stack trace.
 */
public abstract class TagloomException extends RuntimeException {
  private final int exitCode;

  TagloomException(int exitCode, String message, Throwable cause) {
    super(plain(message, exitCode == 2), cause);
    this.exitCode = exitCode;
  }

  /**
   * Control characters that came with a value as their numbers, so that none reaches a terminal.
   */
  private static String plain(String message, boolean severalLines) {
    StringBuilder plain = new StringBuilder();
    for (char letter : message.toCharArray()) {
      boolean control = Character.isISOControl(letter) && !(severalLines && letter == '\n');
      plain.append(control ? String.format(Locale.ROOT, "\\u%04x", (int) letter) : letter);
    }
    return plain.toString();
  }

  /** The exit code: 2 settings, 3 input data, 4 publish refused, 5 another run is at work. */
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
