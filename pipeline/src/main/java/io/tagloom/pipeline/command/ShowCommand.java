package io.tagloom.pipeline.command;

import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.Profiles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Profiles of single users, for reading. */
@Command(
    name = "show",
    description = {
      "Show the published profile of users: their tags by interest and intention, and how much each",
      "expert (numbered from 0, as in column `kernels`) has to say in them."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom show --conf my.conf --user u42",
      "  tagloom show --conf my.conf --user u42 --user u43 --json | tail -n 1"
    })
final class ShowCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Option(
      names = "--user",
      paramLabel = "USER",
      required = true,
      description = "A user's id; may be given several times.")
  private List<String> users = new ArrayList<>();

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "Tags shown of each list (default: ${DEFAULT-VALUE}); --json has them all.")
  private int top = 5;

  @Override
  public Integer call() {
    return new Invocation("show", options, Root.READ)
        .run(run -> Profiles.described(run, users, Limits.checked("--top", top, 10_000)));
  }
}
