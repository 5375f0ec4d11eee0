package io.tagloom.pipeline.command;

import io.tagloom.pipeline.bench.Benchmarks;
import io.tagloom.pipeline.command.Invocation.Root;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures scoring without Spark. */
@Command(
    name = "inference",
    description = "Speed of scoring: experts of users, gates of tags, and training beside them.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  tagloom bench inference --json",
      "  tagloom bench inference --model settings --kernels 8"
    })
final class BenchInferenceCommand implements Callable<Integer> {
  @Mixin private RunOptions options;
  @Mixin private StepOptions step;

  @Override
  public Integer call() {
    return new Invocation("bench inference", options, Root.UNUSED)
        .run(run -> Benchmarks.inference(run, step.sizes(), step.switches(), step.seconds()));
  }
}
