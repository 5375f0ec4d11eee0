package io.tagloom.pipeline.command;

import io.tagloom.conf.SettingsException;
import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.console.Report;
import io.tagloom.pipeline.stages.Nightly;
import io.tagloom.pipeline.stages.Nightly.Days;
import io.tagloom.pipeline.stages.Run;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** All stages of one date, or of each of a range. */
@Command(
    name = "nightly",
    description = {
      "Run samples, train, evaluate and export for one date, or for each date of a range in order.",
      "A stage whose settings and inputs have not changed since it was last done is passed over, so",
      "that a night that was interrupted goes on where it was."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom nightly --conf my.conf --date 2026-11-01",
      "  tagloom nightly --conf my.conf --from 2026-10-01 --to 2026-11-01 --skip-done",
      "  tagloom nightly --conf my.conf --date 2026-11-01 --set training.epochs=8 --force",
      "  tagloom nightly --conf my.conf --date 2026-11-01 --master yarn --json | tail -n 1"
    })
final class NightlyCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Mixin private VersionOptions versions;

  @Mixin private ForceOption force;

  @Option(
      names = "--from",
      paramLabel = "YYYY-MM-DD",
      description = "First date of a back-fill; in the place of --date.")
  private LocalDate from;

  @Option(names = "--to", paramLabel = "YYYY-MM-DD", description = "Last date of a back-fill.")
  private LocalDate to;

  @Option(
      names = "--skip-done",
      description = "Of a back-fill, leave out dates that are published, whatever has changed.")
  private boolean skipDone;

  @Override
  public Integer call() {
    return new Invocation("nightly", options, Root.WRITTEN)
        .run(run -> nights(force.of(versions.of(run))));
  }

  private Report nights(Run run) {
    if (from == null && to == null && !skipDone) {
      return Nightly.run(run, force.finished());
    }
    if (from == null || to == null || to.isBefore(from) || run.hasDate()) {
      throw new SettingsException(
          "Invalid range of dates: --from "
              + from
              + " --to "
              + to
              + (run.hasDate() ? " --date " + run.date() : "")
              + "; expected --date alone, or --from and a --to that is not before it.");
    }
    return Nightly.run(run, from, to, skipDone ? Days.UNPUBLISHED : Days.ALL, force.finished());
  }
}
