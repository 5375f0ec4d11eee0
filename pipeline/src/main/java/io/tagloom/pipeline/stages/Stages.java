package io.tagloom.pipeline.stages;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TagloomException;
import io.tagloom.pipeline.console.Report;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The stages of a night in order, and how one is run. */
public final class Stages {
  private static final List<Stage> ALL =
      Collections.unmodifiableList(
          Arrays.asList(
              new SamplesStage(), new TrainStage(), new EvaluateStage(), new ExportStage()));

  private Stages() {}

  /**
   * Runs one stage, whether or not it was done before.
   *
   * @param name samples, train, evaluate or export
   * @param run settings and date
   * @return rows, metrics and paths
   */
  public static Report one(String name, Run run) {
    for (Stage stage : ALL) {
      if (stage.name().equals(name)) {
        run.date();
        return Nightly.one(stage, run);
      }
    }
    throw new IllegalArgumentException("Invalid stage: " + name + "; expected one of " + ALL + ".");
  }

  /**
   * Writes example logs, or finds them there.
   *
   * @param run settings, and the last day of impressions
   * @return rows and paths
   */
  public static Report generate(Run run) {
    Stage stage = new Generation();
    return run.stage(stage.name(), stage.text(run), () -> stage.work(run));
  }

  static List<Stage> all() {
    return ALL;
  }

  /**
   * Whether any day of a range has a folder below a table.
   *
   * @param table folder with {@code dt=} folders
   */
  static boolean hasDay(Run run, Path table, LocalDate from, LocalDate to) {
    try {
      FileSystem files = run.fileSystem(table);
      if (!files.exists(table)) {
        return false;
      }
      for (FileStatus day : files.listStatus(table)) {
        String name = day.getPath().getName();
        if (name.compareTo("dt=" + from) >= 0 && name.compareTo("dt=" + to) <= 0) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw unreadable(table, e);
    }
  }

  /** Refuses when a stage before this one has left nothing. */
  static void require(Run run, Path input, String stage, String before) {
    boolean exists;
    try {
      exists = run.fileSystem(input).exists(input);
    } catch (IOException e) {
      throw unreadable(input, e);
    }
    if (!exists) {
      throw missing(stage, input + " does not exist", before, run.date());
    }
  }

  static InputException missing(String stage, String reason, String before, LocalDate date) {
    return new InputException(
        "Cannot "
            + stage
            + ": "
            + reason
            + ". Run `tagloom "
            + before
            + "` with --date "
            + date
            + " and the same settings first.");
  }

  private static InputException unreadable(Path path, IOException e) {
    return new InputException(
        "Cannot read " + path + ": " + TagloomException.reason(e) + ". Check path and permissions.",
        e);
  }
}
