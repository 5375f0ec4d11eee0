package io.tagloom.pipeline.stages;

import io.tagloom.features.fields.EncodedSamples;
import io.tagloom.pipeline.console.Report;
import io.tagloom.training.EvaluateJob;
import io.tagloom.training.ModelStore;
import io.tagloom.training.MvkeModel;
import io.tagloom.training.evaluation.Evaluation;
import io.tagloom.training.evaluation.TaskEvaluation;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.Path;

/** Model and held-out samples to metrics. */
final class EvaluateStage implements Stage {
  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String text(Run run) {
    return "AUC and log loss on held-out samples of " + run.date();
  }

  @Override
  public void addTo(StageInputs inputs, Run run) {
    inputs.text(run.settings().fingerprint("evaluation"));
  }

  @Override
  public List<Path> outputs(Run run) {
    return Collections.singletonList(report(run));
  }

  /** The evaluation of the run's date, as JSON. */
  static Path report(Run run) {
    return run.folder("reports/evaluation/dt=" + run.date() + "/evaluation.json");
  }

  @Override
  public Report work(Run run) {
    Stages.require(run, TrainStage.model(run), name(), "train");
    Stages.require(run, TrainStage.encoded(run), name(), "train");
    String root = run.settings().run().root();
    MvkeModel model = new ModelStore(run.spark(), root).load(run.date());
    EncodedSamples samples = EncodedSamples.open(run.spark(), root, run.date());
    model.bundle().checkVocabulary(samples.encoder().fingerprint());
    Evaluation evaluation = EvaluateJob.run(run.spark(), run.settings(), model, samples.blocks());
    TextFile.replace(run, report(run), evaluation.json());
    Report report = new Report();
    for (TaskEvaluation task : evaluation.tasks()) {
      String key = "tasks." + task.task() + ".";
      report.put(key + "auc", task.auc());
      report.put(key + "logloss", task.logLoss());
      report.put(key + "calibration", task.calibration());
      report.put(key + "rows", task.rows());
      report.line(
          Run.column(name())
              + String.format(
                  Locale.ROOT,
                  "%s: AUC %.4f, log loss %.4f, calibration %.3f on %s rows of split %s",
                  task.task(),
                  task.auc(),
                  task.logLoss(),
                  task.calibration(),
                  Run.count(task.rows()),
                  evaluation.split()));
    }
    report.put("tables.evaluation_report", report(run).toString());
    return report;
  }
}
