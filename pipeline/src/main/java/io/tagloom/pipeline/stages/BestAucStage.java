package io.tagloom.pipeline.stages;

import io.tagloom.pipeline.console.Report;
import io.tagloom.pipeline.generate.BestAuc;
import io.tagloom.pipeline.generate.Truth;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.apache.hadoop.fs.Path;

/** Of example logs: the AUC that their planted probabilities reach on the evaluated samples. */
final class BestAucStage implements Stage {
  @Override
  public String name() {
    return "truth";
  }

  @Override
  public String text(Run run) {
    return "best AUC that the planted truth allows";
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
    BestAuc best =
        Truth.bestAuc(
            run.spark(),
            run.settings().generate().path(),
            TrainStage.samples(run, name()),
            run.settings().evaluation().split().name().toLowerCase(Locale.ROOT));
    Report report = new Report();
    put(report, "ctr", best.ctr());
    put(report, "cvr", best.cvr());
    return report;
  }

  private static void put(Report report, String task, OptionalDouble best) {
    if (best.isPresent()) {
      report.put("tasks." + task + ".best_auc", best.getAsDouble());
    }
  }
}
