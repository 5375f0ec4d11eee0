package io.tagloom.pipeline.command;

import io.tagloom.pipeline.command.Invocation.Root;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Everything once, on example logs. */
@Command(
    name = "demo",
    description = {
      "Generate example logs, run a night on them and show what comes out.",
      "Writes its logs, its settings file demo.conf and its tables into one folder."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom demo",
      "  tagloom demo --folder /tmp/demo --set generate.impressions=1000000",
      "  tagloom show --conf tagloom-demo/demo.conf u42"
    })
final class DemoCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where everything is written (default: ${DEFAULT-VALUE}).")
  private Path folder = Paths.get("tagloom-demo");

  @Override
  public Integer call() {
    return new Invocation("demo", options, Root.WRITTEN)
        .run(
            run -> {
              throw new UnsupportedOperationException();
            });
  }
}
