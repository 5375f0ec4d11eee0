package io.tagloom.pipeline.stages;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TagloomException;
import io.tagloom.pipeline.console.Report;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.LocalDate;
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

  /** Which days of a range are run. */
  public enum Days {
    /** All; of each the stages that nothing has changed for are passed over. */
    ALL,
    /** Those that have not been published, whatever has changed since. */
    UNPUBLISHED
  }

  private Nightly() {}

  /**
   * Runs the nights of a range in order, each as of its date, as they would have been run one by
   * one. Stops at the first that fails and says which are done.
   *
   * @param run settings; its date does not count
   * @param from first day
   * @param to last day, not before the first
   * @return {@code nights.DATE}: the report of each
   */
  public static Report run(Run run, LocalDate from, LocalDate to, Days days, Finished finished) {
    Report all = new Report();
    for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
      Run night = run.on(day);
      Report report;
      if (days == Days.UNPUBLISHED && isPublished(night)) {
        report = new Report().put("status", "skipped").line("night of " + day + ": done before");
      } else {
        run.say("night of " + day);
        report = night(night, finished, from, to);
      }
      all.put("nights." + day, report);
    }
    return all;
  }

  private static Report night(Run night, Finished finished, LocalDate from, LocalDate to) {
    try {
      return new Report()
          .line("night of " + night.date())
          .add(run(night, finished))
          .put("status", "ok");
    } catch (RuntimeException e) {
      LocalDate day = night.date();
      night.say(
          "Stopped at "
              + day
              + (day.equals(from)
                  ? "; no night is done"
                  : "; done are " + from + " to " + day.minusDays(1))
              + ". Go on with --from "
              + day
              + " --to "
              + to
              + ".");
      throw e;
    }
  }

  private static boolean isPublished(Run night) {
    return Stages.all().stream()
        .allMatch(stage -> new StageMark(night, stage.name()).report().isPresent());
  }

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
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      previous = fingerprint(stage, run, previous);
      StageMark mark = new StageMark(run, stage.name());
      Optional<Report> done =
          finished == Finished.PASSED_OVER && stage.isWhole(run)
              ? mark.find(previous, stage.outputs(run))
              : Optional.empty();
      if (done.isPresent()) {
        run.say(stage.name() + ": done before, nothing has changed");
        all.add(done.get());
      } else {
        all.add(work(stage, run, stages.subList(i, stages.size()), previous));
      }
    }
    return all;
  }

  /** Runs one stage, whether or not it was done before. */
  static Report one(Stage stage, Run run) {
    List<Stage> stages = Stages.all();
    int last = stages.indexOf(stage);
    String fingerprint = codeVersion();
    boolean known = true;
    for (Stage before : stages.subList(0, last)) {
      fingerprint = fingerprint(before, run, fingerprint);
      known = new StageMark(run, before.name()).find(fingerprint, before.outputs(run)).isPresent();
    }
    // Where the stage before was run with other settings, no later night takes this one as done.
    fingerprint = known ? fingerprint(stage, run, fingerprint) : "";
    return work(stage, run, stages.subList(last, stages.size()), fingerprint);
  }

  /** Runs a stage; what it and the stages after it have left of the date is no longer done. */
  private static Report work(Stage stage, Run run, List<Stage> andLater, String fingerprint) {
    andLater.forEach(later -> new StageMark(run, later.name()).clear());
    Report report = run.stage(stage.name(), stage.text(run), () -> stage.work(run));
    new StageMark(run, stage.name()).set(fingerprint, report);
    return report;
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
