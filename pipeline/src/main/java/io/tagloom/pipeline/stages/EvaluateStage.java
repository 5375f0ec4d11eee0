package io.tagloom.pipeline.stages;

import io.tagloom.pipeline.console.Report;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Model and held-out samples to metrics. */
final class EvaluateStage implements Stage {
  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String text(Run run) {
    return "evaluate " + run.date() + ": AUC and log loss on held-out samples";
  }

  @Override
  public void addTo(Fingerprint fingerprint, Run run) {
    fingerprint.text(run.settings().fingerprint("evaluation"));
  }

  @Override
  public List<Path> outputs(Run run) {
    return Collections.singletonList(run.folder("reports/dt=" + run.date()));
  }

  @Override
  public Report work(Run run) {
    Stages.require(run, TrainStage.model(run), name(), "train");
    throw new UnsupportedOperationException("evaluate");
  }
}
