package io.tagloom.pipeline.stages;

import io.tagloom.conf.Settings;
import io.tagloom.conf.SettingsException;
import io.tagloom.conf.TagloomException;
import io.tagloom.pipeline.console.Progress;
import io.tagloom.pipeline.console.Report;
import io.tagloom.pipeline.console.Terminal;
import java.io.IOException;
import java.io.PrintStream;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * One start of one command: its settings, its date, and Spark, which starts when first asked for.
 */
public final class Run implements AutoCloseable {
  private final String command;
  private final Settings settings;
  private final Optional<LocalDate> date;
  private final PrintStream console;
  private final Terminal terminal;
  private Map<String, String> sparkProperties = Collections.emptyMap();
  private final Inputs inputs = new Inputs(this);
  private boolean repins;
  private SparkSession spark;
  private Progress progress;

  /**
   * Creates a run; nothing is started or written yet.
   *
   * @param command the command's name
   * @param settings all settings
   * @param date the day that is run
   * @param console where progress is shown
   * @param terminal whether that is a terminal
   */
  public Run(
      String command,
      Settings settings,
      Optional<LocalDate> date,
      PrintStream console,
      Terminal terminal) {
    this.command = Objects.requireNonNull(command);
    this.settings = Objects.requireNonNull(settings);
    this.date = Objects.requireNonNull(date);
    this.console = Objects.requireNonNull(console);
    this.terminal = Objects.requireNonNull(terminal);
  }

  /** The command's name. */
  public String command() {
    return command;
  }

  /** All settings. */
  public Settings settings() {
    return settings;
  }

  /** Whether a day was given. */
  public boolean hasDate() {
    return date.isPresent();
  }

  /**
   * The day that is run.
   *
   * @throws SettingsException when none was given
   */
  public LocalDate date() {
    return date.orElseThrow(
        () ->
            new SettingsException(
                "Missing --date; expected the day to run, such as --date 2026-11-01."));
  }

  /** A folder below {@code run.root}. */
  public Path folder(String name) {
    return new Path(new Path(settings.run().root()), name);
  }

  /** Spark properties that count before those of the settings, when set before Spark starts. */
  public void sparkProperties(Map<String, String> properties) {
    sparkProperties = new LinkedHashMap<>(properties);
  }

  /** Lets the run read the newest versions of its inputs, whatever the date was run with before. */
  public void repin() {
    repins = true;
  }

  /** Whether the newest versions of inputs are read, whatever the date was run with before. */
  boolean repins() {
    return repins;
  }

  /** The input tables at the versions that this run reads. */
  Inputs inputs() {
    return inputs;
  }

  /** Spark, started at the first call. */
  public SparkSession spark() {
    if (spark == null) {
      String name = "tagloom " + command + date.map(day -> " " + day).orElse("");
      spark = Sessions.open(settings, name, sparkProperties);
    }
    return spark;
  }

  /** The file system of a path; Spark's Hadoop settings count once Spark runs. */
  public FileSystem fileSystem(Path path) throws IOException {
    Configuration hadoop =
        spark == null ? new Configuration() : spark.sparkContext().hadoopConfiguration();
    return path.getFileSystem(hadoop);
  }

  /**
   * Makes sure that the run's folder can be written.
   *
   * @throws SettingsException when it cannot
   */
  public void requireWritableRoot() {
    Path root = new Path(settings.run().root());
    Path probe = new Path(root, ".tagloom-" + command);
    try {
      FileSystem files = fileSystem(root);
      files.mkdirs(root);
      files.create(probe, true).close();
      files.delete(probe, false);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException(
          "Cannot write to run.root "
              + root
              + ": "
              + TagloomException.reason(e)
              + ". Choose a folder that can be written with --set run.root=DIR.");
    }
  }

  /**
   * Runs one stage: names its Spark jobs, shows its progress, and adds its seconds to its report.
   *
   * @param name the stage
   * @param text what Spark's web pages show for its jobs
   * @param stage the work
   */
  public Report stage(String name, String text, Supplier<Report> stage) {
    long started = System.nanoTime();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark().sparkContext());
    context.setJobGroup(name, text);
    Report report;
    progress = Progress.of(console, terminal, name + ": " + text, context);
    try {
      report = stage.get();
    } finally {
      progress.close();
      context.clearJobGroup();
    }
    return report.seconds(name, (System.nanoTime() - started) / 1e9);
  }

  /** Says something between stages. */
  public void say(String line) {
    console.println(line);
  }

  /** Shows a line about the stage that is running, which stays. */
  void line(String line) {
    progress.line(line);
  }

  /** Shows a line about something that went wrong. */
  void warn(String line) {
    progress.warn(line);
  }

  /** Writes a line about the stage that is running to the log; shows it where no bar is drawn. */
  void record(String line) {
    progress.record(line);
  }

  /** Shows, on a terminal, how far the running stage is by its own measure. */
  void measure(String name, long done, long total, String remark) {
    progress.measure(name, done, total, remark);
  }

  /** Shows a remark on the stage that is running. */
  void note(String remark) {
    progress.note(remark);
  }

  /** A count as a person reads it: {@code 1,234,567}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** The first column of a line for a person, padded. */
  static String column(String name) {
    return String.format(Locale.ROOT, "%-12s ", name);
  }

  /** Stops Spark if it was started. */
  @Override
  public void close() {
    if (spark != null) {
      spark.stop();
    }
  }
}
