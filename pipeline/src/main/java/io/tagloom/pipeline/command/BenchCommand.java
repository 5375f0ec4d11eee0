package io.tagloom.pipeline.command;

import io.tagloom.conf.SettingsException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measures the parts, each by a command of its own. */
@Command(
    name = "bench",
    description = "Measure the speed of one part on made-up data.",
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {"", "Examples:", "  tagloom bench train-step", "  tagloom bench samples --json"})
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new SettingsException(
        "Missing what to measure; expected one of "
            + String.join(", ", spec.subcommands().keySet())
            + ".");
  }
}
