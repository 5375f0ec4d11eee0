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
    description = "Show the published profile of users: their tags by interest and intention.",
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

  @Override
  public Integer call() {
    return new Invocation("show", options, Root.READ).run(run -> Profiles.of(run, users));
  }
}
