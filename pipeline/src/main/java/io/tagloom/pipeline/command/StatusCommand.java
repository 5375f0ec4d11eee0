package io.tagloom.pipeline.command;

import io.tagloom.conf.SettingsException;
import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.Status;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the last nights have done. */
@Command(
    name = "status",
    description = {
      "Show the last nights: each stage, its duration, rows and metrics, what was published, and why",
      "a stage has failed or a publish was refused. Starts no Spark."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom status --conf my.conf",
      "  tagloom status --conf my.conf --nights 30 --json"
    })
final class StatusCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Option(
      names = "--nights",
      paramLabel = "N",
      description = "How many nights, up to --date where it is given (default: ${DEFAULT-VALUE}).")
  private int nights = 7;

  @Override
  public Integer call() {
    return new Invocation("status", options, Root.READ)
        .run(
            run -> {
              if (nights < 1) {
                throw new SettingsException(
                    "Invalid --nights: " + nights + "; expected 1 or more.");
              }
              return Status.of(run, nights);
            });
  }
}
