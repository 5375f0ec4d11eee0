package io.tagloom.pipeline.command;

import io.tagloom.conf.Settings;
import io.tagloom.conf.SparkSettings.LogLevel;
import io.tagloom.conf.TagloomException;
import io.tagloom.pipeline.console.LogFile;
import io.tagloom.pipeline.console.Report;
import io.tagloom.pipeline.console.Terminal;
import io.tagloom.pipeline.stages.Run;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.FSError;

/**
 * Carries a command out: reads the settings, opens the log file, runs the body and shows its
 * result, or its failure by one message and an exit code.
 *
 * <p>Exit codes: 0 done; 2 settings or arguments; 3 input data; 4 publish refused; 5 another
 * command is at work in the run's folder; 1 anything else, which is worth another try.
 */
final class Invocation {
  /** What a command does with the run's folder. */
  enum Root {
    /** Writes below it. */
    WRITTEN,
    /** Reads below it. */
    READ,
    /** Does without it. */
    UNUSED
  }

  private final String command;
  private final RunOptions options;
  private final Root root;

  Invocation(String command, RunOptions options, Root root) {
    this.command = command;
    this.options = options;
    this.root = root;
  }

  /** Runs a command on the settings of its options. */
  int run(Function<Run, Report> body) {
    return run(options.conf(), options.date(), Settings.overrides(options.assignments()), body);
  }

  /** Runs a command on settings of its own. */
  int run(
      Optional<Path> conf,
      Optional<LocalDate> date,
      Map<String, String> overrides,
      Function<Run, Report> body) {
    long started = System.nanoTime();
    LogFile log = null;
    Settings settings = null;
    try {
      settings = Settings.load(conf, overrides);
      if (root != Root.UNUSED) {
        settings.run().root();
      }
      Report report = new Report().put("command", command).put("status", "ok");
      date.ifPresent(day -> report.put("date", day.toString()));
      try (Run run = new Run(command, settings, date, System.err, Terminal.found())) {
        if (root == Root.WRITTEN) {
          // What file systems tell while they are opened is none of a person's business.
          log = LogFile.open("", command, settings.spark().logLevel());
          run.lock();
        }
        log = logFile(settings, date);
        report.add(work(run, body));
      }
      report.seconds("total", (System.nanoTime() - started) / 1e9);
      show(report);
      return 0;
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError | FSError e) {
      // Spark throws checked exceptions that no Java signature names; a full local disk is an
      // FSError.
      return fail(e, log, settings);
    }
  }

  private Report work(Run run, Function<Run, Report> body) {
    try {
      return body.apply(run);
    } catch (Throwable e) {
      run.failed(exitCode(e), run.settings().hide(text(e)));
      throw e;
    }
  }

  private static int exitCode(Throwable failure) {
    return Failures.forPeople(failure).map(TagloomException::exitCode).orElse(1);
  }

  private String text(Throwable failure) {
    return Failures.forPeople(failure)
        .map(Throwable::getMessage)
        .orElseGet(() -> Failures.unexpected(command, failure));
  }

  private LogFile logFile(Settings settings, Optional<LocalDate> date) {
    String folder = root == Root.WRITTEN ? settings.run().root() : "";
    String name = command.replace(' ', '-') + date.map(day -> "-" + day).orElse("");
    return LogFile.open(folder, name, settings.spark().logLevel());
  }

  private void show(Report report) {
    report.lines().forEach(options.json() ? System.err::println : System.out::println);
    if (options.json()) {
      System.out.println(report.json());
    }
  }

  private int fail(Throwable failure, LogFile log, Settings settings) {
    int exitCode = exitCode(failure);
    UnaryOperator<String> hide = settings == null ? Settings::hideSecrets : settings::hide;
    String text = hide.apply(text(failure));
    if (log == null) {
      log = LogFile.open("", command, LogLevel.ERROR);
    }
    log.failure(text, failure, hide);
    System.err.println(text + (exitCode == 1 ? " Details: " + log.path() : ""));
    if (options.json()) {
      System.out.println(Failures.report(command, exitCode, text).json());
    }
    return exitCode;
  }
}
