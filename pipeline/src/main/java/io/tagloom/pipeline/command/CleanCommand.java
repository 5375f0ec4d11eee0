package io.tagloom.pipeline.command;

import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.Retention;
import io.tagloom.pipeline.stages.Retention.Removal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes what old nights have left. */
@Command(
    name = "clean",
    description = {
      "Remove samples, encoded blocks, models, reports, marks and logs of days that are older than",
      "run.keep-days and that no later night reads. Published versions, and the models that kept",
      "versions were made of, stay. Starts no Spark."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom clean --conf my.conf --dry-run",
      "  tagloom clean --conf my.conf --set run.keep-days=60"
    })
final class CleanCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Option(names = "--dry-run", description = "Only say what would be removed.")
  private boolean dryRun;

  @Override
  public Integer call() {
    return new Invocation("clean", options, Root.WRITTEN)
        .run(run -> Retention.apply(run, dryRun ? Removal.NAMED : Removal.DONE));
  }
}
