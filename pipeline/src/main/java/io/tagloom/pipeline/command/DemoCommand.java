package io.tagloom.pipeline.command;

import io.tagloom.conf.Settings;
import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.Demo;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Optional;
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
      "  tagloom show --conf tagloom-demo/demo.conf --user user-42"
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
    Path conf = options.conf().orElseGet(() -> Demo.settings(folder));
    return new Invocation("demo", options, Root.WRITTEN)
        .run(
            Optional.of(conf),
            Optional.of(options.date().orElse(Demo.DATE)),
            Settings.overrides(options.assignments()),
            Demo::run);
  }
}
