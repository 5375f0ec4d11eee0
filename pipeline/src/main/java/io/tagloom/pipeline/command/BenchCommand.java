package io.tagloom.pipeline.command;

import io.tagloom.conf.SettingsException;
import io.tagloom.pipeline.bench.Benchmarks;
import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.console.Report;
import io.tagloom.pipeline.stages.Run;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the parts, each by a command of its own. */
@Command(
    name = "bench",
    description = "Measure the speed of one part on made-up data.",
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom bench train",
      "  tagloom bench samples --size 10000000 --folder /scratch/bench --json"
    })
final class BenchCommand implements Callable<Integer> {
  private static final long MAX_EVENTS = 1_000_000_000L;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new SettingsException(
        "Missing what to measure; expected one of "
            + String.join(", ", spec.subcommands().keySet())
            + ".");
  }

  @Command(
      name = "samples",
      description = "Speed of the label join.",
      mixinStandardHelpOptions = true,
      footer = {"", "Examples:", "  tagloom bench samples --size 1000000"})
  int samples(@Mixin RunOptions options, @Mixin Work work) {
    return measure(
        "samples",
        options,
        work,
        (run, folder) -> Benchmarks.samples(run, work.size(10_000_000), folder));
  }

  @Command(
      name = "encode",
      description =
          "Speed of encoding samples of 20 fields to blocks, without and with one user of very many"
              + " events.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Examples:",
        "  tagloom bench encode",
        "  tagloom bench encode --size 1000000 --heavy-user 0 --json"
      })
  int encode(
      @Mixin RunOptions options,
      @Mixin Work work,
      @Option(
              names = "--heavy-user",
              paramLabel = "EVENTS",
              defaultValue = "200000",
              description =
                  "Clicks of one user more, with whom all is encoded a second time; 0 leaves that"
                      + " out (default: ${DEFAULT-VALUE}).")
          long heavyUserEvents) {
    if (heavyUserEvents < 0 || heavyUserEvents > MAX_EVENTS) {
      throw new SettingsException(
          "Invalid --heavy-user: " + heavyUserEvents + "; expected 0 to " + MAX_EVENTS + ".");
    }
    return measure(
        "encode",
        options,
        work,
        (run, folder) -> Benchmarks.encode(run, work.size(10_000_000), heavyUserEvents, folder));
  }

  @Command(
      name = "train",
      description = "Speed of training, with the model and trainer of the settings.",
      mixinStandardHelpOptions = true,
      footer = {"", "Examples:", "  tagloom bench train --set training.workers=2"})
  int train(@Mixin RunOptions options, @Mixin Work work) {
    return measure(
        "train",
        options,
        work,
        (run, folder) ->
            Benchmarks.train(run, (int) Math.min(Integer.MAX_VALUE, work.size(400_000)), folder));
  }

  @Command(
      name = "export",
      description = "Speed of ranking 1000 tags for each user, and of writing the tables.",
      mixinStandardHelpOptions = true,
      footer = {"", "Examples:", "  tagloom bench export --size 1000000"})
  int export(@Mixin RunOptions options, @Mixin Work work) {
    return measure(
        "export",
        options,
        work,
        (run, folder) ->
            Benchmarks.export(
                run, (int) Math.min(Integer.MAX_VALUE, work.size(1_000_000)), folder));
  }

  private static int measure(
      String name, RunOptions options, Work work, BiFunction<Run, String, Report> benchmark) {
    return new Invocation("bench " + name, options, Root.UNUSED)
        .run(
            run -> {
              try {
                return work.in(folder -> benchmark.apply(run, folder));
              } catch (IOException e) {
                throw new SettingsException(
                    "Cannot make a folder to measure in: "
                        + e.getMessage()
                        + ". Choose one that can be written with --folder DIR.");
              }
            });
  }

  /** How much is measured, and where its files go. */
  static final class Work {
    @Option(
        names = "--size",
        paramLabel = "N",
        description = "Impressions, samples or users; each benchmark has its default.")
    private Long size;

    @Option(
        names = "--folder",
        paramLabel = "DIR",
        description = "Where files go (default: a temporary folder, removed at the end).")
    private Path folder;

    long size(long standard) {
      return size == null ? standard : size;
    }

    Report in(Function<String, Report> work) throws IOException {
      if (folder != null) {
        return work.apply(folder.toAbsolutePath().toString());
      }
      File temporary = Files.createTempDirectory("tagloom-bench").toFile();
      try {
        return work.apply(temporary.toString());
      } finally {
        FileUtils.deleteQuietly(temporary);
      }
    }
  }
}
