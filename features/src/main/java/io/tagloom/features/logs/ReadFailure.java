package io.tagloom.features.logs;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TableSettings;
import java.io.IOException;

/** Tells failures of a log's files from failures of the machine. */
public final class ReadFailure {
  private ReadFailure() {}

  /** The failure to throw: of the input where the cause lies there, else the one given. */
  public static RuntimeException of(TableSettings table, RuntimeException e) {
    Throwable cause = e;
    boolean input = false;
    while (cause != null) {
      if (cause instanceof OutOfMemoryError || cause instanceof InterruptedException) {
        return e;
      }
      String type = cause.getClass().getName();
      input |=
          cause instanceof IOException
              || cause instanceof IllegalArgumentException
              || type.contains("parquet")
              || type.contains("orc")
              || String.valueOf(cause.getMessage()).contains("arquet file");
      cause = cause.getCause() == cause ? null : cause.getCause();
    }
    String message = String.valueOf(e.getMessage());
    boolean told =
        message.contains("ParquetDecodingException")
            || message.contains("is not a Parquet file")
            || message.contains("FileFormatException")
            || message.contains("CSV header does not conform")
            || message.contains("java.io.");
    return input || told ? unreadable(table, e) : e;
  }

  /** The failure that a table cannot be read, for the reason at the root of another. */
  static InputException unreadable(TableSettings table, Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String reason = String.valueOf(root.getMessage()).split("\\R", 2)[0].replaceAll("[.]\\s*$", "");
    return new InputException(
        "Cannot read "
            + table.name()
            + ": "
            + reason
            + ". Check the files under "
            + table.path()
            + " and input."
            + table.name()
            + ".format.",
        e);
  }
}
