package io.tagloom.pipeline.command;

import io.tagloom.pipeline.bench.Benchmarks;
import io.tagloom.pipeline.bench.Benchmarks.Scaling;
import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.training.bench.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures training steps without Spark. */
@Command(
    name = "train-step",
    description =
        "Speed of a training step of the model alone, where its time goes, and of MKL beside it.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  tagloom bench train-step --json",
      "  tagloom bench train-step --fields 40 --kernels 8 --scaling",
      "  tagloom bench train-step --model settings --set model.residual=on",
      "  tagloom bench train-step --peer \"eager=python3 train.py\""
    })
final class BenchTrainStepCommand implements Callable<Integer> {
  @Mixin private RunOptions options;
  @Mixin private StepOptions step;

  @Option(
      names = "--peer",
      paramLabel = "NAME=COMMAND",
      description =
          "A command of the shell that trains the same and prints \"N samples/s\"; measured between"
              + " two halves of the steps. May be given several times.")
  private List<String> peers = new ArrayList<>();

  @Option(names = "--scaling", description = "Also halve and double K, F, D and the batch.")
  private boolean scaling;

  @Override
  public Integer call() {
    return new Invocation("bench train-step", options, Root.UNUSED)
        .run(
            run ->
                Benchmarks.trainStep(
                    run,
                    step.sizes(),
                    step.switches(),
                    step.seconds(),
                    peers.stream().map(Peer::of).collect(Collectors.toList()),
                    scaling ? Scaling.ON : Scaling.OFF));
  }
}
