package io.tagloom.pipeline.command;

import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.Stages;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Evaluation of one date. */
@Command(
    name = "evaluate",
    description = {
      "Measure the model of the date on held-out samples.",
      "Needs the model; writes a report."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom evaluate --conf my.conf --date 2026-11-01",
      "  tagloom evaluate --conf my.conf --date 2026-11-01 --json | tail -n 1"
    })
final class EvaluateCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Override
  public Integer call() {
    return new Invocation("evaluate", options, Root.WRITTEN)
        .run(run -> Stages.one("evaluate", run));
  }
}
