package io.tagloom.pipeline.console;

import io.tagloom.conf.Settings;
import io.tagloom.conf.SparkSettings.LogLevel;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.properties.PropertiesConfigurationBuilder;
import org.apache.spark.SparkConf;

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
    Path file = file(root, name + ".log");
    Properties properties = new Properties();
    try (InputStream in = Settings.class.getResourceAsStream("log4j2.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new IllegalStateException("log4j2.properties is part of the jar", e);
    }
    // Dollar and percent signs of a path mean nothing to Log4j.
    String plain = file.toString().replace("${", "$${");
    properties.setProperty("appender.file.fileName", plain);
    properties.setProperty("appender.file.filePattern", plain.replace("%", "%%") + ".%i");
    properties.setProperty("appender.console.filter.threshold.level", console.name());
    // Spark sets logging up at its first word, and Spark 4 would then put its own settings over
    // these.
    new SparkConf(false).initializeLogIfNecessary(false, true);
    // Spark's own context: spark-submit has the job jar in a class loader below Spark's.
    LoggerContext context =
        (LoggerContext) LogManager.getContext(LogManager.class.getClassLoader(), false);
    context.reconfigure(
        new PropertiesConfigurationBuilder()
            .setConfigurationSource(ConfigurationSource.NULL_SOURCE)
            .setRootProperties(properties)
            .setLoggerContext(context)
            .build());
    return new LogFile(file);
  }

  /** Where the file is. */
  public Path path() {
    return path;
  }

  /**
   * Writes a failure with its stack trace.
   *
   * @param hide takes secrets out of a text
   */
  public void failure(String text, Throwable failure, UnaryOperator<String> hide) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace, true));
    LogManager.getLogger("tagloom").error("{}\n{}", text, hide.apply(trace.toString()));
  }

  private static Path file(String root, String name) {
    if (!root.isEmpty()) {
      try {
        Path base =
            root.startsWith("file:")
                ? Paths.get(root.replaceFirst("^file:/*", "/"))
                : Paths.get(root);
        if (!root.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*") || root.startsWith("file:")) {
          return opened(base.resolve("logs"), name);
        }
      } catch (IOException | InvalidPathException e) {
        // The folder for temporary files does for a run whose own folder cannot be used.
      }
    }
    try {
      String user = System.getProperty("user.name", "user");
      return opened(
          Paths.get(System.getProperty("java.io.tmpdir"), "tagloom-" + user, "logs"), name);
    } catch (IOException e) {
      return Paths.get(name);
    }
  }

  /** A file that can be written; what cannot be, Log4j tells by a stack trace. */
  private static Path opened(Path folder, String name) throws IOException {
    Path file = Files.createDirectories(folder).resolve(name);
    Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    return file;
  }
}
