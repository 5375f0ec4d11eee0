package io.tagloom.pipeline.stages;

import io.tagloom.pipeline.console.Report;
import io.tagloom.pipeline.generate.ExampleCounts;
import io.tagloom.pipeline.generate.ExampleLogs;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** Example logs up to the run's date. */
final class Generation implements Stage {
  @Override
  public String name() {
    return "generate";
  }

  @Override
  public String text(Run run) {
    return "example logs up to " + run.date();
  }

  @Override
  public void addTo(StageInputs inputs, Run run) throws IOException {
    inputs.text(run.settings().fingerprint("generate"));
  }

  @Override
  public List<Path> outputs(Run run) {
    return Collections.singletonList(new Path(run.settings().generate().path()));
  }

  @Override
  public Report work(Run run) {
    ExampleCounts counts =
        ExampleLogs.write(
            run.spark(), run.settings().generate(), run.settings().run().seed(), run.date());
    Report report = new Report();
    for (Map.Entry<String, Long> rows : counts.rows().entrySet()) {
      report.put("rows." + rows.getKey(), rows.getValue());
      report.put("tables." + rows.getKey(), run.settings().generate().path() + "/" + rows.getKey());
    }
    counts.anomalies().forEach((name, rows) -> report.put("anomalies." + name, rows));
    return report.line(
        Run.column("generate")
            + Run.count(counts.rows("impressions"))
            + " impressions, "
            + Run.count(counts.rows("clicks"))
            + " clicks, "
            + Run.count(counts.rows("conversions"))
            + " conversions"
            + (counts.reused() ? " (there already)" : "")
            + " in "
            + run.settings().generate().path());
  }
}
