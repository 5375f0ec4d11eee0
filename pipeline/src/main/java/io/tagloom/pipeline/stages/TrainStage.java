package io.tagloom.pipeline.stages;

import io.tagloom.pipeline.console.Report;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Samples to encoded blocks to a model bundle. */
final class TrainStage implements Stage {
  @Override
  public String name() {
    return "train";
  }

  @Override
  public String text(Run run) {
    return "train " + run.date() + ": fields, vocabularies and model";
  }

  @Override
  public void addTo(Fingerprint fingerprint, Run run) throws IOException {
    fingerprint.text(run.settings().fingerprint("features", "model", "training"));
  }

  @Override
  public List<Path> outputs(Run run) {
    return Arrays.asList(run.folder("encoded/dt=" + run.date()), model(run));
  }

  /** The model bundle of the run's date. */
  static Path model(Run run) {
    return run.folder("models/dt=" + run.date());
  }

  @Override
  public Report work(Run run) {
    throw new UnsupportedOperationException("train");
  }
}
