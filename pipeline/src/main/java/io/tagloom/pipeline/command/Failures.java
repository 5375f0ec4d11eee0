package io.tagloom.pipeline.command;

import io.tagloom.conf.TagloomException;
import io.tagloom.pipeline.console.Report;
import java.util.Optional;

/** Turns what was thrown into what a person is told. */
final class Failures {
  private Failures() {}

  /** The failure that has a message for people, also when Spark has wrapped it. */
  static Optional<TagloomException> forPeople(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TagloomException) {
        return Optional.of((TagloomException) cause);
      }
    }
    return Optional.empty();
  }

  /** One line for a failure that nobody has foreseen. */
  static String unexpected(String command, Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    String line = message == null ? "" : message.split("\\R", 2)[0].replaceAll("[.]$", "");
    if (line.startsWith("Cannot ") || line.startsWith("Invalid ")) {
      return line + ".";
    }
    String kind = deepest.getClass().getSimpleName();
    return "Cannot finish "
        + command
        + ": "
        + kind
        + (line.isEmpty() ? "" : " (" + line + ")")
        + ". Look at the log, mend the cause and run the command again.";
  }

  /** The JSON of a command that failed. */
  static Report report(String command, int exitCode, String text) {
    return new Report()
        .put("command", command)
        .put("status", "failed")
        .put("exit_code", exitCode)
        .put("error", text);
  }
}
