package io.tagloom.pipeline.command;

import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.Nightly;
import io.tagloom.pipeline.stages.Nightly.Finished;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** All stages of one date. */
@Command(
    name = "nightly",
    description = {
      "Run samples, train, evaluate and export for one date.",
      "A stage whose settings and inputs have not changed since it was last done is passed over."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom nightly --conf my.conf --date 2026-11-01",
      "  tagloom nightly --conf my.conf --date 2026-11-01 --set training.epochs=8 --again",
      "  tagloom nightly --conf my.conf --date 2026-11-01 --master yarn --json | tail -n 1"
    })
final class NightlyCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Mixin private VersionOptions versions;

  @Option(
      names = "--again",
      description = "Run every stage, also those that nothing has changed for.")
  private boolean again;

  @Override
  public Integer call() {
    Finished finished = again ? Finished.RUN_AGAIN : Finished.PASSED_OVER;
    return new Invocation("nightly", options, Root.WRITTEN)
        .run(run -> Nightly.run(versions.of(run), finished));
  }
}
