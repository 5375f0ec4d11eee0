package io.tagloom.pipeline.stages;

import io.tagloom.conf.InputException;
import io.tagloom.features.samples.SampleStore;
import io.tagloom.pipeline.console.Report;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Samples to encoded blocks to a model bundle. */
final class TrainStage implements Stage {
  @Override
  public String name() {
    return "train";
  }

  @Override
  public String text(Run run) {
    return "fields, vocabularies and model of " + run.date();
  }

  @Override
  public void addTo(Fingerprint fingerprint, Run run) throws IOException {
    fingerprint.text(run.settings().fingerprint("features", "model", "training"));
  }

  @Override
  public List<Path> outputs(Run run) {
    return Arrays.asList(run.folder("encoded/dt=" + run.date()), model(run));
  }

  /** First day of the samples that the model learns from. */
  static LocalDate firstDay(Run run) {
    return run.date().minusDays(run.settings().training().days() - 1L);
  }

  /**
   * The samples that the model of the run's date learns from and is measured on.
   *
   * @throws InputException when no day of them is there
   */
  static Dataset<Row> samples(Run run, String stage) {
    LocalDate from = firstDay(run);
    if (!Stages.hasDay(run, run.folder("samples"), from, run.date())) {
      String days = from + " to " + run.date();
      throw Stages.missing(
          stage, "no samples of " + days + " in " + run.folder("samples"), "samples", run.date());
    }
    return SampleStore.at(run.spark(), run.settings().run().root()).read(from, run.date());
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
