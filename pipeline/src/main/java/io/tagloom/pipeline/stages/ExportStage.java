package io.tagloom.pipeline.stages;

import io.tagloom.pipeline.console.Report;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Model to published tables. */
final class ExportStage implements Stage {
  @Override
  public String name() {
    return "export";
  }

  @Override
  public String text(Run run) {
    return "profiles, vectors and gates of " + run.date();
  }

  @Override
  public void addTo(Fingerprint fingerprint, Run run) {
    fingerprint.text(run.settings().fingerprint("export"));
  }

  @Override
  public List<Path> outputs(Run run) {
    return Collections.singletonList(run.folder("tables/_latest"));
  }

  @Override
  public Report work(Run run) {
    Stages.require(run, TrainStage.model(run), name(), "train");
    throw new UnsupportedOperationException("export");
  }
}
