package io.tagloom.pipeline.stages;

import io.tagloom.pipeline.console.Report;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** The label join: logs to samples. */
final class SamplesStage implements Stage {
  @Override
  public String name() {
    return "samples";
  }

  @Override
  public String text(Run run) {
    return "samples of " + run.date() + ": join of impressions, clicks and conversions";
  }

  @Override
  public void addTo(Fingerprint fingerprint, Run run) throws IOException {
    fingerprint.text(run.settings().fingerprint("input", "samples"));
  }

  @Override
  public List<Path> outputs(Run run) {
    return Collections.singletonList(run.folder("samples"));
  }

  @Override
  public Report work(Run run) {
    throw new UnsupportedOperationException("samples");
  }
}
