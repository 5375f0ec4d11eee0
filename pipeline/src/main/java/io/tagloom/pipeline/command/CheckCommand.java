package io.tagloom.pipeline.command;

import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.InputCheck;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Settings and inputs, looked at without writing. */
@Command(
    name = "check",
    description = {
      "Check the settings and look at the inputs: tables, columns, dates, rows. Writes nothing.",
      "With --date only the days that a run for it reads are counted."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom check --conf my.conf",
      "  tagloom check --conf my.conf --date 2026-11-01"
    })
final class CheckCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Override
  public Integer call() {
    return new Invocation("check", options, Root.UNUSED).run(InputCheck::run);
  }
}
