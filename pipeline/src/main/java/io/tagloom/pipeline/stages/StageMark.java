package io.tagloom.pipeline.stages;

import io.tagloom.pipeline.console.Report;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * What a stage leaves behind of a date: when it has ended well the fingerprint of all it depended
 * on, and its report, in {@code <root>/state/STAGE/dt=DATE.json}, written last, by renaming; when
 * it has failed the message, in {@code dt=DATE.failed.json}.
 */
final class StageMark {
  private final Run run;
  private final Path file;
  private final Path failure;
  private final String key;

  StageMark(Run run, String stage) {
    this.run = run;
    this.key = "fingerprints." + stage;
    this.file = new Path(run.folder("state/" + stage), "dt=" + run.date() + ".json");
    this.failure = new Path(run.folder("state/" + stage), "dt=" + run.date() + ".failed.json");
  }

  /**
   * The report of the stage when it ended with this fingerprint and its outputs are still there.
   */
  Optional<Report> find(String fingerprint, List<Path> outputs) {
    Optional<Report> report = read(file).filter(found -> found.text(key).equals(fingerprint));
    try {
      for (Path output : outputs) {
        if (!run.fileSystem(output).exists(output)) {
          return Optional.empty();
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return report;
  }

  /** The report of the stage when it has ended well, whatever it depended on. */
  Optional<Report> report() {
    return read(file);
  }

  /** Exit code and error of the stage when it has failed since. */
  Optional<Report> failure() {
    return read(failure);
  }

  private Optional<Report> read(Path path) {
    try {
      return run.fileSystem(path).exists(path)
          ? Optional.of(Report.fromText(TextFile.read(run, path)))
          : Optional.empty();
    } catch (IOException e) {
      // A mark that cannot be read is no mark: the stage runs.
      return Optional.empty();
    }
  }

  /** Takes the mark away before the outputs change. */
  void clear() {
    TextFile.delete(run, file);
    TextFile.delete(run, failure);
  }

  /** Writes the mark. */
  void set(String fingerprint, Report report) {
    report.put(key, fingerprint);
    TextFile.replace(run, file, report.toText());
  }

  /**
   * Writes why the stage has failed; a file system that has no room for it is no second failure.
   */
  void failed(int exitCode, String message) {
    Report report = new Report().put("exit_code", exitCode).put("error", message);
    try {
      TextFile.replace(run, failure, report.toText());
    } catch (IllegalStateException e) {
      run.say("Why it failed is in the log alone: " + e.getMessage());
    }
  }
}
