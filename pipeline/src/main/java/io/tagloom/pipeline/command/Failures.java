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
    String told = "";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      deepest = cause;
      told = isForPeople(cause) ? firstLine(cause) : told;
    }
    if (!told.isEmpty()) {
      return told + ".";
    }
    String line = firstLine(deepest);
    if (line.contains("stopped SparkContext") || line.contains("SparkContext was shut down")) {
      return "Cannot finish "
          + command
          + ": Spark was stopped while it ran, by a signal or by the cluster. Run it again.";
    }
    String kind = deepest.getClass().getSimpleName();
    return "Cannot finish "
        + command
        + ": "
        + kind
        + (line.isEmpty() ? "" : " (" + line + ")")
        + ". Look at the log, mend the cause and run the command again.";
  }

  /** Whether a message is of our own writing; Java's for a null pointer begin alike. */
  private static boolean isForPeople(Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    String line = firstLine(failure);
    return trace.length > 0
        && trace[0].getClassName().startsWith("io.tagloom.")
        && !(failure instanceof NullPointerException)
        && (line.startsWith("Cannot ") || line.startsWith("Invalid "));
  }

  private static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? "" : message.split("\\R", 2)[0].replaceAll("[.]$", "");
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
