package io.tagloom.pipeline.stages;

import io.tagloom.features.logs.Logs;
import io.tagloom.pipeline.console.Report;
import io.tagloom.pipeline.generate.BestAuc;
import io.tagloom.pipeline.generate.Truth;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Of example logs: AUC and order of tags that their planted probabilities reach. */
final class BestAucStage implements Stage {
  @Override
  public String name() {
    return "truth";
  }

  @Override
  public String text(Run run) {
    return "what the planted truth allows";
  }

  @Override
  public void addTo(StageInputs inputs, Run run) throws IOException {
    inputs.text(run.settings().fingerprint("generate", "evaluation"));
    inputs.files(run, run.folder("samples"), TrainStage.firstDay(run), run.date());
  }

  @Override
  public List<Path> outputs(Run run) {
    return Collections.emptyList();
  }

  @Override
  public Report work(Run run) {
    String path = run.settings().generate().path();
    String split = run.settings().evaluation().split().name().toLowerCase(Locale.ROOT);
    Dataset<Row> samples = TrainStage.samples(run, name());
    Dataset<Row> items = Logs.of(run.spark(), run.settings().input()).items(run.date());
    BestAuc best = Truth.bestAuc(run.spark(), path, samples, split);
    Map<String, Double> order = Truth.pairOrder(run.spark(), path, samples, items, split);
    Report report = new Report();
    put(report, "ctr", best.ctr());
    put(report, "cvr", best.cvr());
    // The demo's lists are of clicks and of conversions.
    putOrder(report, "interests", order, "click");
    putOrder(report, "intentions", order, "conversion");
    return report;
  }

  private static void putOrder(
      Report report, String list, Map<String, Double> order, String label) {
    if (order.containsKey(label)) {
      report.put("profile." + list + ".best_pair_order", order.get(label));
    }
  }

  private static void put(Report report, String task, OptionalDouble best) {
    if (best.isPresent()) {
      report.put("tasks." + task + ".best_auc", best.getAsDouble());
    }
  }
}
