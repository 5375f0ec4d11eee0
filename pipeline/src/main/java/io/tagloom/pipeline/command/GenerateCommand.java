package io.tagloom.pipeline.command;

import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.Stages;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Example logs. */
@Command(
    name = "generate",
    description = {
      "Write example logs with a planted truth: impressions, clicks, conversions, users, items.",
      "--date is the last day of impressions; block `generate` of the settings has the sizes."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom generate --date 2026-11-07 --set generate.path=logs",
      "  tagloom generate --date 2026-11-07 --set generate.path=big \\",
      "      --set generate.impressions=10000000 --set generate.users=500000"
    })
final class GenerateCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Override
  public Integer call() {
    return new Invocation("generate", options, Root.UNUSED).run(Stages::generate);
  }
}
