package io.tagloom.pipeline.stages;

import io.tagloom.pipeline.console.Report;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a finished stage leaves behind: the fingerprint of all it depended on, and its report. Lies
 * in {@code <root>/state/STAGE/dt=DATE.json}; written last, by renaming, so that it exists only
 * when the stage has ended well.
 */
final class StageMark {
  private final Run run;
  private final Path file;
  private final String key;

  StageMark(Run run, String stage) {
    this.run = run;
    this.key = "fingerprints." + stage;
    this.file = new Path(run.folder("state/" + stage), "dt=" + run.date() + ".json");
  }

  /**
   * The report of the stage when it ended with this fingerprint and its outputs are still there.
   */
  Optional<Report> find(String fingerprint, List<Path> outputs) {
    try {
      FileSystem files = run.fileSystem(file);
      if (!files.exists(file)) {
        return Optional.empty();
      }
      Report report = Report.fromText(TextFile.read(run, file));
      for (Path output : outputs) {
        if (!files.exists(output)) {
          return Optional.empty();
        }
      }
      return report.text(key).equals(fingerprint) ? Optional.of(report) : Optional.empty();
    } catch (IOException e) {
      // A mark that cannot be read is no mark: the stage runs.
      return Optional.empty();
    }
  }

  /** Takes the mark away before the outputs change. */
  void clear() {
    TextFile.delete(run, file);
  }

  /** Writes the mark. */
  void set(String fingerprint, Report report) {
    report.put(key, fingerprint);
    TextFile.replace(run, file, report.toText());
  }
}
