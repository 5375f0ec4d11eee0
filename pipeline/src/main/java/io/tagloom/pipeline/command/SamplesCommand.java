package io.tagloom.pipeline.command;

import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.Stages;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The label join of one date. */
@Command(
    name = "samples",
    description = {
      "Join impressions, clicks and conversions into samples.",
      "Rebuilds the days whose labels can still change; nights before that were skipped come first,",
      "and days that a run of a later date has built are kept."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom samples --conf my.conf --date 2026-11-01",
      "  tagloom samples --conf my.conf --date 2026-11-01 --json | tail -n 1"
    })
final class SamplesCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Mixin private VersionOptions versions;

  @Mixin private ForceOption force;

  @Override
  public Integer call() {
    return new Invocation("samples", options, Root.WRITTEN)
        .run(run -> Stages.one("samples", force.of(versions.of(run))));
  }
}
