package io.tagloom.pipeline.command;

import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.Versions;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which version of the tables readers see. */
@Command(
    name = "publish",
    description = {
      "List the versions of the tables that are kept, or change which of them readers see.",
      "New versions are written by `tagloom export`, which removes those that were rolled back."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom publish --conf my.conf --list",
      "  tagloom publish --conf my.conf --rollback",
      "  tagloom publish --conf my.conf --use 2026-11-01-ed59205e-1"
    })
final class PublishCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Action action;

  /** What is done; one of them. */
  static final class Action {
    @Option(names = "--list", required = true, description = "Show the versions, oldest first.")
    private boolean list;

    @Option(
        names = "--rollback",
        required = true,
        description = "Publish the version before the published one again.")
    private boolean rollback;

    @Option(
        names = "--use",
        required = true,
        paramLabel = "VERSION",
        description = "Publish a version that is kept.")
    private String version;
  }

  @Override
  public Integer call() {
    return new Invocation("publish", options, Root.READ)
        .run(
            run ->
                action.list
                    ? Versions.list(run)
                    : action.rollback ? Versions.rollback(run) : Versions.use(run, action.version));
  }
}
