package io.tagloom.pipeline.console;

import io.tagloom.conf.Settings;
import io.tagloom.conf.SparkSettings.LogLevel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Properties;
import org.apache.log4j.LogManager;
import org.apache.log4j.Logger;
import org.apache.log4j.PropertyConfigurator;

/**
 * The log file of a run: all that Spark and tagloom tell from INFO on, and the stack traces that a
 * person is spared. It lies in {@code <run.root>/logs} when that is a folder of this machine, else
 * in the folder for temporary files.
 */
public final class LogFile {
  private final Path path;

  private LogFile(Path path) {
    this.path = path;
  }

  /**
   * Turns logging to a file on.
   *
   * @param root the run's folder, or an empty text where nothing may be written there
   * @param name name of the file, without its ending
   * @param console level of messages that also go to standard error
   */
  public static LogFile open(String root, String name, LogLevel console) {
    Path file = folder(root).resolve(name + ".log");
    Properties properties = new Properties();
    try (InputStream in = Settings.class.getResourceAsStream("log4j.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new IllegalStateException("log4j.properties is part of the jar", e);
    }
    properties.setProperty("tagloom.log", file.toString());
    properties.setProperty("tagloom.console", console.name());
    LogManager.resetConfiguration();
    PropertyConfigurator.configure(properties);
    return new LogFile(file);
  }

  /** Where the file is. */
  public Path path() {
    return path;
  }

  /** Writes a failure with its stack trace. */
  public void failure(String text, Throwable failure) {
    Logger.getLogger("tagloom").error(text, failure);
  }

  private static Path folder(String root) {
    if (!root.isEmpty()) {
      try {
        Path base =
            root.startsWith("file:")
                ? Paths.get(root.replaceFirst("^file:/*", "/"))
                : Paths.get(root);
        if (!root.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*") || root.startsWith("file:")) {
          return Files.createDirectories(base.resolve("logs"));
        }
      } catch (IOException | InvalidPathException e) {
        // The folder for temporary files does for a run whose own folder cannot be used.
      }
    }
    try {
      String user = System.getProperty("user.name", "user");
      return Files.createDirectories(
          Paths.get(System.getProperty("java.io.tmpdir"), "tagloom-" + user, "logs"));
    } catch (IOException e) {
      return Paths.get("");
    }
  }
}
