package io.tagloom.pipeline.command;

import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.Stages;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Encoding and training of one date. */
@Command(
    name = "train",
    description = {
      "Encode the samples and train the model.",
      "Needs samples; writes the model bundle of the date."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom train --conf my.conf --date 2026-11-01",
      "  tagloom train --conf my.conf --date 2026-11-01 --json | tail -n 1"
    })
final class TrainCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Mixin private VersionOptions versions;

  @Override
  public Integer call() {
    return new Invocation("train", options, Root.WRITTEN)
        .run(run -> Stages.one("train", versions.of(run)));
  }
}
