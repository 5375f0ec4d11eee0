package io.tagloom.pipeline.stages;

import io.tagloom.conf.LockedException;
import io.tagloom.conf.Settings;
import io.tagloom.conf.SettingsException;
import io.tagloom.conf.TagloomException;
import io.tagloom.export.publish.FolderLock;
import io.tagloom.features.samples.SampleJob.Later;
import io.tagloom.pipeline.console.Progress;
import io.tagloom.pipeline.console.Report;
import io.tagloom.pipeline.console.Terminal;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
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
  /** How long a cluster may give no executor until a person is told. */
  private static final Duration NO_EXECUTOR = Duration.ofMinutes(1);

  private final String command;
  private final Settings settings;
  private final Optional<LocalDate> date;
  private final PrintStream console;
  private final Terminal terminal;
  private Map<String, String> sparkProperties = Collections.emptyMap();
  private final Inputs inputs = new Inputs(this);
  private final Optional<Run> whole;
  private boolean repins;
  private Later later = Later.KEPT;
  private Optional<FolderLock> lock = Optional.empty();
  private Optional<StageMark> begun = Optional.empty();
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
    this(command, settings, date, console, terminal, Optional.empty());
  }

  private Run(
      String command,
      Settings settings,
      Optional<LocalDate> date,
      PrintStream console,
      Terminal terminal,
      Optional<Run> whole) {
    this.command = Objects.requireNonNull(command);
    this.settings = Objects.requireNonNull(settings);
    this.date = Objects.requireNonNull(date);
    this.console = Objects.requireNonNull(console);
    this.terminal = Objects.requireNonNull(terminal);
    this.whole = whole;
  }

  /** A run of another day within this one, with the same Spark and the same lock. */
  Run on(LocalDate day) {
    Run other = new Run(command, settings, Optional.of(day), console, terminal, Optional.of(this));
    other.repins = repins;
    other.later = later;
    return other;
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

  /** Lets the run build days again that a run of a later date has built. */
  public void replaceLater() {
    later = Later.REPLACED;
  }

  /** What becomes of days that a run of a later date has built. */
  Later later() {
    return later;
  }

  /** The input tables at the versions that this run reads. */
  Inputs inputs() {
    return inputs;
  }

  /** Spark, started at the first call. */
  public SparkSession spark() {
    if (whole.isPresent()) {
      return whole.get().spark();
    }
    if (spark == null) {
      String name = "tagloom " + command + date.map(day -> " " + day).orElse("");
      spark = Sessions.open(settings, name, sparkProperties);
    }
    return spark;
  }

  /** The file system of a path; Spark's Hadoop settings count once Spark runs. */
  public FileSystem fileSystem(Path path) throws IOException {
    return path.getFileSystem(hadoop());
  }

  /** Spark's settings of Hadoop; those that are to be Spark's before it runs. */
  Configuration hadoop() {
    if (whole.isPresent()) {
      return whole.get().hadoop();
    }
    return spark == null ? Sessions.hadoop(settings) : spark.sparkContext().hadoopConfiguration();
  }

  /**
   * Takes the run's folder, until the run is closed.
   *
   * @throws LockedException when another command writes there
   * @throws SettingsException when it cannot be written
   */
  public void lock() {
    Path root = new Path(settings.run().root());
    String work = command + date.map(day -> " of " + day).orElse("");
    try {
      lock = Optional.of(FolderLock.take(hadoop(), root, work, settings.run().lockMinutes()));
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
    Run outermost = whole.orElse(this);
    outermost.checkLock();
    outermost.begun = date.map(day -> new StageMark(this, name));
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark().sparkContext());
    context.setJobGroup(name, text);
    Report report;
    progress = Progress.of(console, terminal, name + ": " + text, context);
    ExecutorWatch watch = ExecutorWatch.start(context.sc(), NO_EXECUTOR, progress::warn);
    if (context.isLocal()) {
      watch.close();
    }
    try {
      report = stage.get();
    } finally {
      watch.close();
      progress.close();
      context.clearJobGroup();
    }
    outermost.begun = Optional.empty();
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

  /**
   * Notes that the stage that had begun, if any, has failed, for {@link Status}.
   *
   * @param message what a person is told
   */
  public void failed(int exitCode, String message) {
    begun.ifPresent(stage -> stage.failed(exitCode, message));
  }

  private void checkLock() {
    try {
      if (lock.isPresent()) {
        lock.get().check();
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private IllegalStateException unreadable(IOException e) {
    return new IllegalStateException(
        "Cannot read or remove the lock of "
            + settings.run().root()
            + ": "
            + TagloomException.reason(e)
            + ". Look at the file system.",
        e);
  }

  /** Stops Spark if it was started, and gives the run's folder free. */
  @Override
  public void close() {
    try {
      if (spark != null) {
        spark.stop();
      }
    } finally {
      release();
    }
  }

  private void release() {
    try {
      if (lock.isPresent()) {
        lock.get().close();
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }
}
