package io.tagloom.features.logs;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TableSettings;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.AnalysisException;

/** Tells failures of a table's files from failures of the machine. */
public final class ReadFailure {
  private static final String CAUSED_BY = "Caused by: ";
  private static final Pattern FILE = Pattern.compile("while reading file (\\S+)");
  private static final List<String> SIGNS =
      Arrays.asList(
          "is not a Parquet file",
          "Encountered error while reading file",
          "FAILED_READ_FILE",
          "CSV header does not conform",
          "ParquetDecodingException",
          "FileFormatException",
          "Malformed ORC file",
          "Unable to infer schema",
          "Illegal Parquet type",
          "java.io.IOException",
          "java.io.FileNotFoundException",
          "java.io.EOFException");

  /** How Spark says that it has no such data source. */
  private static final List<String> UNKNOWN_SOURCE =
      Arrays.asList(
          "DATA_SOURCE_NOT_FOUND",
          "Failed to find data source",
          "Failed to find the data source",
          "No suitable driver");

  private ReadFailure() {}

  /**
   * The failure to throw for one that came while a table was read.
   *
   * @return an {@link InputException} where the cause lies in the files, else what is given, made
   *     unchecked (Spark throws checked exceptions that it does not declare)
   */
  public static RuntimeException of(TableSettings table, Exception e) {
    boolean files = false;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof InputException) {
        return (InputException) cause;
      }
      if (cause instanceof OutOfMemoryError || cause instanceof InterruptedException) {
        files = false;
        break;
      }
      String message = String.valueOf(cause.getMessage());
      if (UNKNOWN_SOURCE.stream().anyMatch(message::contains)) {
        return unknownSource(table, e);
      }
      files |= cause instanceof AnalysisException;
      files |= cause instanceof IOException || SIGNS.stream().anyMatch(message::contains);
    }
    if (files) {
      return unreadable(table, e);
    }
    return e instanceof RuntimeException
        ? (RuntimeException) e
        : new IllegalStateException(
            "Cannot read "
                + table.name()
                + ": "
                + reason(e)
                + ". See the log for the failed task, or run again.",
            e);
  }

  private static RuntimeException unchecked(Exception e) {
    return e instanceof RuntimeException
        ? (RuntimeException) e
        : new IllegalStateException(
            "Cannot build samples: "
                + reason(e)
                + ". See the log for the failed task, or run again.",
            e);
  }

  /** As {@link #of(TableSettings, Exception)}, for the table whose files the failure names. */
  public static RuntimeException of(List<TableSettings> tables, Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      Matcher file = FILE.matcher(String.valueOf(cause.getMessage()));
      while (file.find()) {
        for (TableSettings table : tables) {
          String path = table.path().replaceFirst("^file:/*", "/");
          if (!path.isEmpty() && file.group(1).replaceFirst("^file:/*", "/").startsWith(path)) {
            return of(table, e);
          }
        }
      }
    }
    return unchecked(e);
  }

  /** The failure that a table cannot be read, for the reason at the root of another. */
  static InputException unreadable(TableSettings table, Throwable e) {
    String key = "input." + table.name();
    boolean old = !table.asOf().equals(TableSettings.LATEST);
    return new InputException(
        "Cannot read "
            + table.name()
            + ": "
            + reason(e)
            + ". Check "
            + (table.path().isEmpty()
                ? table.place() + " and " + key
                : "the files under " + table.path() + " and " + key + ".format")
            + (old ? "; " + asOf(table) : "")
            + ".",
        e);
  }

  private static String asOf(TableSettings table) {
    return "files of " + table.asOf() + " may have been removed, --repin reads the newest version";
  }

  private static InputException unknownSource(TableSettings table, Throwable e) {
    String name = table.table().isEmpty() ? table.source() : "of " + table.place();
    return new InputException(
        "Cannot read "
            + table.name()
            + ": Spark finds no data source "
            + name
            + " ("
            + reason(e).replaceAll("[.] .*", "")
            + "). Correct input."
            + table.name()
            + (table.table().isEmpty() ? ".format" : ".table")
            + ", or add the jars of the source: with --packages or --jars in TAGLOOM_SUBMIT_OPTS,"
            + " or \"spark.jars.packages\" in spark.properties, for a run by spark-submit.",
        e);
  }

  /** The root's message as one line; of a failed task it is inside the driver's message. */
  static String reason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String message = String.valueOf(root.getMessage());
    int inner = message.lastIndexOf(CAUSED_BY);
    if (inner >= 0) {
      message = message.substring(inner + CAUSED_BY.length());
    } else if (message.startsWith("Job aborted") && message.contains("): ")) {
      message = message.substring(message.indexOf("): ") + 3);
    }
    return message
        .split("\\R\\s+at ", 2)[0]
        .replaceFirst("^([\\w$]+\\.)+[\\w$]+: ", "")
        .trim()
        .replaceAll("\\s*\\R\\s*", "; ")
        .replaceAll("[.]$", "");
  }
}
