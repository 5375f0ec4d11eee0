package io.tagloom.pipeline.command;

import io.tagloom.pipeline.stages.Run;
import picocli.CommandLine.Option;

/** Which versions of its inputs a run reads. */
final class VersionOptions {
  @Option(
      names = "--repin",
      description =
          "Read the newest versions of Iceberg and Delta inputs, not those that the date was run"
              + " with before.")
  private boolean repin;

  /** The run, told so. */
  Run of(Run run) {
    if (repin) {
      run.repin();
    }
    return run;
  }
}
