package io.tagloom.training.trainer;

/** What Spark says of a run whose tasks have failed. */
final class Lost {
  private static final String BARRIER = "Most recent failure reason: ";

  private Lost() {}

  /** Whether a person has asked for the end. */
  static boolean cancelled(Exception failure) {
    String text = String.valueOf(failure.getMessage());
    return failure instanceof InterruptedException || text.matches("(?s)Job \\d+ cancelled.*");
  }

  /** The reason in one line: which task, and why. */
  static String reason(Exception failure) {
    String text = String.valueOf(failure.getMessage());
    String[] lines = text.split("\\R");
    if (text.contains(BARRIER)) {
      lines = text.substring(text.indexOf(BARRIER) + BARRIER.length()).split("\\R");
      // The first line only says that it was a barrier task.
      return (lines.length > 1 ? lines[1] : lines[0]).trim().replaceAll("[.]$", "");
    }
    return lines[0].trim().replaceAll("[.]$", "");
  }
}
