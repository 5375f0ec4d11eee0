package io.tagloom.pipeline.command;

import io.tagloom.conf.SettingsException;
import io.tagloom.pipeline.bench.Benchmarks.Switches;
import io.tagloom.training.bench.StepSizes;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is measured without Spark, and for how long. */
final class StepOptions {
  @Mixin private SizeOptions sizes;

  @Option(names = "--click-share", paramLabel = "P", description = "Share of clicked rows (0.1).")
  private Double clickShare;

  @Option(
      names = "--model",
      paramLabel = "WHICH",
      description =
          "Switches of the model: paper (sigmoid, concatenated fields, no residual, cosine) or"
              + " settings (default: paper).")
  private Switches model = Switches.PAPER;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each number is measured, 0.01 to 3600 (default: 10).")
  private double seconds = 10;

  StepSizes sizes() {
    return clickShare == null ? sizes.step() : sizes.step().withClickShare(clickShare);
  }

  Switches switches() {
    return model;
  }

  double seconds() {
    if (!(seconds >= 0.01 && seconds <= 3600)) {
      throw new SettingsException("Invalid --seconds: " + seconds + "; expected 0.01 to 3600.");
    }
    return seconds;
  }
}
