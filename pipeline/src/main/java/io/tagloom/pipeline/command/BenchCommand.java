package io.tagloom.pipeline.command;

import io.tagloom.conf.Settings;
import io.tagloom.conf.SettingsException;
import io.tagloom.features.samples.SampleBenchmark.Route;
import io.tagloom.pipeline.bench.Benchmarks;
import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.console.Report;
import io.tagloom.pipeline.stages.Run;
import io.tagloom.training.BenchSizes;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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
    subcommands = {BenchTrainStepCommand.class, BenchInferenceCommand.class},
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom bench train",
      "  tagloom bench train-step --kernels 8 --hidden 256,128",
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
      footer = {
        "",
        "Examples:",
        "  tagloom bench samples --size 1000000",
        "  tagloom bench samples --size 1000000 --route pairs"
      })
  int samples(
      @Mixin RunOptions options,
      @Mixin Work work,
      @Option(
              names = "--route",
              paramLabel = "ROUTE",
              defaultValue = "ids",
              description =
                  "How events find their impressions: ids, or pairs (user and item). Default: ids.")
          String route) {
    return measure(
        "samples",
        options,
        work,
        (run, folder) -> Benchmarks.samples(run, work.size(10_000_000), folder, route(route)));
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
      description = {
        "Speed of training: the whole loop, from Parquet blocks to updated weights, beside the step"
            + " alone.",
        "Without --conf, the reference shape: 20 fields, batches of 8192, Adam, no dropout."
      },
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Examples:",
        "  tagloom bench train --json",
        "  tagloom bench train --workers 2",
        "  tagloom bench train --compare-rows"
      })
  int train(
      @Mixin RunOptions options,
      @Mixin Work work,
      @Mixin SizeOptions sizes,
      @Option(
              names = "--workers",
              paramLabel = "W",
              description =
                  "Workers of one core each, on a standalone cluster that is started here for the"
                      + " time of the measurement, or on that of --master (default: one worker with"
                      + " all cores).")
          Integer workers,
      @Option(
              names = "--epochs",
              paramLabel = "N",
              description = "Passes over the samples; the first is not counted (3).")
          Integer epochs,
      @Option(
              names = "--compare-rows",
              description =
                  "Compare the step with 10,000 and with 10,000,000 rows in all tables together.")
          boolean compareRows) {
    if (workers != null && workers < 1) {
      throw new SettingsException("Invalid --workers: " + workers + "; expected 1 or more.");
    }
    TrainMeasurement what = compareRows ? TrainMeasurement.ROWS : TrainMeasurement.LOOP;
    Map<String, String> settings = new LinkedHashMap<>();
    if (!options.conf().isPresent()) {
      settings.putAll(what.settings());
    }
    settings.putAll(sizes.settings());
    if (workers != null) {
      settings.put("training.workers", workers.toString());
    }
    if (epochs != null) {
      settings.put("training.epochs", epochs.toString());
    }
    settings.putAll(Settings.overrides(options.assignments()));
    boolean ownCluster = workers != null && !settings.containsKey("spark.master");
    return measure(
        "train",
        options,
        settings,
        work,
        (run, folder) -> {
          BenchSizes data = what.data(sizes, work);
          return ownCluster
              ? Benchmarks.trainOnCluster(run, data, folder, what)
              : Benchmarks.train(run, data, folder, what);
        });
  }

  @Command(
      name = "export",
      description = {
        "Speed of ranking 1000 tags for each user in two lists of 20 (K = 5, D = 32; ctr reads 3",
        "kernels, cvr 4), and of writing profiles and vectors. peak_share: floating-point operations",
        "of the scores, 2 x 1000 x (3 + 4) x 32 a user, by all the time of ranking, selection",
        "included, over the rate of 512 x 512 x 512 products on as many threads."
      },
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Examples:",
        "  tagloom bench export --size 1000000",
        "  tagloom bench export --items 100000"
      })
  int export(
      @Mixin RunOptions options,
      @Mixin Work work,
      @Option(
              names = "--items",
              paramLabel = "N",
              description = "Items whose means the tags are; 0, the default, scores tags alone.")
          int items) {
    if (items < 0) {
      throw new SettingsException("Invalid --items: " + items + "; expected 0 or more.");
    }
    return measure(
        "export",
        options,
        work,
        (run, folder) ->
            Benchmarks.export(
                run, (int) Math.min(Integer.MAX_VALUE, work.size(1_000_000)), items, folder));
  }

  private static Route route(String name) {
    for (Route route : Route.values()) {
      if (route.name().toLowerCase(Locale.ROOT).equals(name)) {
        return route;
      }
    }
    throw new SettingsException("Invalid --route: " + name + "; expected ids or pairs.");
  }

  private static int measure(
      String name, RunOptions options, Work work, BiFunction<Run, String, Report> benchmark) {
    return measure(name, options, Settings.overrides(options.assignments()), work, benchmark);
  }

  private static int measure(
      String name,
      RunOptions options,
      Map<String, String> settings,
      Work work,
      BiFunction<Run, String, Report> benchmark) {
    return new Invocation("bench " + name, options, Root.UNUSED)
        .run(
            options.conf(),
            options.date(),
            settings,
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
