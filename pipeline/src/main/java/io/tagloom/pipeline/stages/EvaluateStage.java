package io.tagloom.pipeline.stages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tagloom.export.ColdEvaluation;
import io.tagloom.export.ProfileEvaluation;
import io.tagloom.features.fields.EncodedSamples;
import io.tagloom.pipeline.console.Report;
import io.tagloom.training.EvaluateJob;
import io.tagloom.training.ModelStore;
import io.tagloom.training.MvkeModel;
import io.tagloom.training.evaluation.Evaluation;
import io.tagloom.training.evaluation.TaskEvaluation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.apache.hadoop.fs.Path;

/** Model and held-out samples to metrics. */
final class EvaluateStage implements Stage {
  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String text(Run run) {
    return "metrics of model and profiles on held-out samples of " + run.date();
  }

  @Override
  public void addTo(StageInputs inputs, Run run) {
    inputs.text(run.settings().fingerprint("evaluation", "export"));
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
    SortedMap<String, Double> profile =
        ProfileEvaluation.run(
            run.spark(),
            run.settings(),
            run.date(),
            model.bundle().info().id(),
            model.scorer(),
            samples);
    SortedMap<String, Double> cold =
        ColdEvaluation.run(
            run.spark(),
            model.bundle().shape().model().tasks(),
            model.scorer(),
            samples,
            evaluation.split());
    TextFile.replace(run, report(run), json(evaluation, profile, cold));
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
    cold.forEach((name, value) -> report.put("tasks." + name, value));
    for (TaskEvaluation task : evaluation.tasks()) {
      String key = task.task() + ".cold_";
      if (cold.containsKey(key + "auc")) {
        report.line(
            Run.column("")
                + String.format(
                    Locale.ROOT,
                    "%s of users new to the model: AUC %.4f (rates of items %.4f) on %s rows",
                    task.task(),
                    cold.get(key + "auc"),
                    cold.get(key + "auc_items"),
                    Run.count(cold.get(key + "rows").longValue())));
      }
    }
    profile.forEach((name, value) -> report.put("profile." + name, value));
    for (String list : report.names("profile")) {
      lines(report, list).forEach(line -> report.line(Run.column("profile") + line));
    }
    report.put("tables.evaluation_report", report(run).toString());
    return report;
  }

  /** The evaluation with {@code profile.LIST.GROUP.NAME} and {@code tasks.TASK.cold_NAME}. */
  private static String json(
      Evaluation evaluation, SortedMap<String, Double> profile, SortedMap<String, Double> cold) {
    try {
      ObjectNode all = (ObjectNode) new ObjectMapper().readTree(evaluation.json());
      profile.forEach(
          (name, value) -> {
            String[] path = name.split("\\.");
            all.withObject("/profile/" + path[0] + "/" + path[1]).put(path[2], value);
          });
      cold.forEach(
          (name, value) -> {
            int dot = name.lastIndexOf('.');
            ObjectNode tasks = (ObjectNode) all.get("tasks");
            ((ObjectNode) tasks.get(name.substring(0, dot))).put(name.substring(dot + 1), value);
          });
      return all.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An evaluation is JSON", e);
    }
  }

  private static List<String> lines(Report report, String list) {
    List<String> lines = new ArrayList<>();
    for (String group : new String[] {"history", "cold"}) {
      String key = "profile." + list + "." + group + ".";
      String who = group.equals("cold") ? "users new to the model" : "users seen in training";
      if (report.number(key + "pairs") > 0) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%s of %s: pair order %.4f (rates of all users %.4f, own rates %.4f) on %s pairs",
                list,
                who,
                report.number(key + "pair_order"),
                report.number(key + "pair_order_global"),
                report.number(key + "pair_order_own"),
                Run.count((long) report.number(key + "pairs"))));
      }
    }
    String key = "profile." + list + ".all.";
    if (!Double.isNaN(report.number(key + "rate_error"))) {
      double worst = report.number(key + "rate_worst");
      lines.add(
          String.format(
                  Locale.ROOT,
                  "%s: tags' rates off by %.4f (rates of all users %.4f, own rates %.4f)",
                  list,
                  report.number(key + "rate_error"),
                  report.number(key + "rate_error_global"),
                  report.number(key + "rate_error_own"))
              + (Double.isNaN(worst)
                  ? ""
                  : String.format(
                      Locale.ROOT,
                      ", at most %.1f%% of the rate (%.1f%%, %.1f%%) for %.0f tags of 1,000 rows or"
                          + " more",
                      100 * worst,
                      100 * report.number(key + "rate_worst_global"),
                      100 * report.number(key + "rate_worst_own"),
                      report.number(key + "rate_tags"))));
    }
    return lines;
  }
}
