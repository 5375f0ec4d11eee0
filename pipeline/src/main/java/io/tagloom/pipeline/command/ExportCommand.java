package io.tagloom.pipeline.command;

import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.Stages;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Export of one date. */
@Command(
    name = "export",
    description = {
      "Score all users and tags and publish the tables.",
      "Needs model and evaluation; readers see the old tables or the new ones, never half."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom export --conf my.conf --date 2026-11-01",
      "  tagloom export --conf my.conf --date 2026-11-01 --json | tail -n 1"
    })
final class ExportCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Override
  public Integer call() {
    return new Invocation("export", options, Root.WRITTEN).run(run -> Stages.one("export", run));
  }
}
