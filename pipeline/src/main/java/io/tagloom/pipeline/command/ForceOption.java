package io.tagloom.pipeline.command;

import io.tagloom.pipeline.stages.Nightly.Finished;
import io.tagloom.pipeline.stages.Run;
import picocli.CommandLine.Option;

/** Whether what is done is done again. */
final class ForceOption {
  @Option(
      names = "--force",
      description =
          "Do again what is done, and build also those days again whose labels are of a run of a"
              + " later date; the next night makes these good.")
  private boolean force;

  /** The run, told so. */
  Run of(Run run) {
    if (force) {
      run.replaceLater();
    }
    return run;
  }

  Finished finished() {
    return force ? Finished.RUN_AGAIN : Finished.PASSED_OVER;
  }
}
