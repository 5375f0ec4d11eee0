package io.tagloom.pipeline.command;

import io.tagloom.conf.SettingsException;
import io.tagloom.pipeline.bench.Benchmarks.Switches;
import picocli.CommandLine.Option;

/** Which model is measured, and for how long. */
final class BenchModel {
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
