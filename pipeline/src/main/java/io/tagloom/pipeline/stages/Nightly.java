package io.tagloom.pipeline.stages;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TagloomException;
import io.tagloom.pipeline.console.Report;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** All stages of one date, from logs to published tables. */
public final class Nightly {
  /** What is done with a stage whose settings and inputs are what they were when it last ended. */
  public enum Finished {
    /** Its report is given again, nothing is run. */
    PASSED_OVER,
    /** It is run all the same. */
    RUN_AGAIN
  }

  private Nightly() {}

  /**
   * Runs samples, train, evaluate and export.
   *
   * <p>A stage is passed over when a digest of its settings, of its input files (name, length,
   * second of change), of the job jar and of the stages before it is what it was when the stage
   * last ended well, and its outputs are still there.
   *
   * @param run settings and date
   * @param finished what is done with such a stage
   * @return the reports of all stages as one
   */
  public static Report run(Run run, Finished finished) {
    return run(run, finished, Stages.all());
  }

  static Report run(Run run, Finished finished, List<Stage> stages) {
    run.date();
    // Before hours of work, not after.
    Versions.views(run);
    Report all = new Report();
    String previous = codeVersion();
    for (Stage stage : stages) {
      previous = fingerprint(stage, run, previous);
      StageMark mark = new StageMark(run, stage.name());
      Optional<Report> done =
          finished == Finished.PASSED_OVER
              ? mark.find(previous, stage.outputs(run))
              : Optional.empty();
      if (done.isPresent()) {
        run.say(stage.name() + ": done before, nothing has changed");
        all.add(done.get());
        continue;
      }
      mark.clear();
      Report report = run.stage(stage.name(), stage.text(run), () -> stage.work(run));
      mark.set(previous, report);
      all.add(report);
    }
    return all;
  }

  private static String fingerprint(Stage stage, Run run, String previous) {
    StageInputs inputs = new StageInputs().text(previous).text(stage.name());
    inputs.text(run.date().toString()).text(run.settings().fingerprint("run"));
    try {
      stage.addTo(inputs, run);
    } catch (IOException e) {
      throw new InputException(
          "Cannot list the inputs of "
              + stage.name()
              + ": "
              + TagloomException.reason(e)
              + ". Check paths and permissions.",
          e);
    }
    return inputs.fingerprint();
  }

  /** The job jar by length and time, or the class folder's name when run without one. */
  private static String codeVersion() {
    try {
      Path code =
          Paths.get(Nightly.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isRegularFile(code)
          ? Files.size(code) + " " + Files.getLastModifiedTime(code).to(TimeUnit.SECONDS)
          : code.toString();
    } catch (IOException | URISyntaxException e) {
      return "unknown";
    }
  }
}
