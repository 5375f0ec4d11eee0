package io.tagloom.pipeline.stages;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagloom.conf.Settings;
import io.tagloom.features.logs.InputVersions;
import io.tagloom.features.logs.ReadRange;
import io.tagloom.features.samples.DayHealth;
import io.tagloom.features.samples.JoinHealth;
import io.tagloom.features.samples.LabelDates;
import io.tagloom.features.samples.SampleJob;
import io.tagloom.pipeline.console.Report;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.Path;

/** The label join: logs to samples. */
final class SamplesStage implements Stage {
  /** Days of the health table, the run's own included. */
  private static final int TABLE_DAYS = 7;

  @Override
  public String name() {
    return "samples";
  }

  @Override
  public String text(Run run) {
    return "join of impressions, clicks and conversions as of " + run.date();
  }

  @Override
  public void addTo(StageInputs inputs, Run run) throws IOException {
    inputs.text(run.settings().fingerprint("input", "samples"));
    ReadRange range = ReadRange.of(run.settings().samples(), run.date());
    Settings settings = run.inputs().logs();
    // A day more: folders of a local calendar.
    run.inputs()
        .addTo(
            inputs, settings, InputVersions.logs(settings.input()), range.readFrom().minusDays(1));
  }

  @Override
  public List<Path> outputs(Run run) {
    return Arrays.asList(run.folder("samples"), run.folder("reports/join-health/dt=" + run.date()));
  }

  @Override
  public boolean isWhole(Run run) {
    Settings settings = run.settings();
    return LabelDates.of(run.hadoop(), settings.run().root(), settings.samples())
        .areAsOf(run.date());
  }

  /** The join health of the run's date, as JSON. */
  static Path health(Run run) {
    return run.folder("reports/join-health/dt=" + run.date() + "/join-health.json");
  }

  @Override
  public Report work(Run run) {
    JoinHealth health = SampleJob.run(run.spark(), run.inputs().logs(), run.date(), run.later());
    long samples = health.total("samples.rows");
    Report report = new Report();
    for (String log : Arrays.asList("impressions", "clicks", "conversions")) {
      report.put("rows." + log, health.total(log + ".rows"));
    }
    report.put("rows.samples", samples);
    report.put("tables.samples", run.folder("samples").toString());
    report.put("tables.join_health", run.folder("reports/join-health").toString());
    report.line(
        Run.column(name())
            + Run.count(samples)
            + " of "
            + Run.count(health.total("impressions.rows"))
            + " impressions, "
            + Run.count(health.total("clicks.rows"))
            + " clicks, "
            + Run.count(health.total("conversions.rows"))
            + " conversions"
            + rates(health));
    health
        .inputs()
        .byTable()
        .forEach((table, version) -> report.put("inputs." + table, version.toString()));
    if (run.command().equals("demo")) {
      health.warnings().forEach(warning -> report.line("  note: " + warning));
    } else {
      report(run, health, report);
    }
    return report;
  }

  /** The health as it was written, and as a table with the days before beside it. */
  private static void report(Run run, JoinHealth health, Report report) {
    List<DayHealth> before =
        JoinHealth.before(run.spark(), run.settings().run().root(), run.date());
    for (String line : health.table(before, TABLE_DAYS).split("\n")) {
      report.line("  " + line);
    }
    try {
      report.put(
          Collections.singletonList("join_health"), new ObjectMapper().readTree(health.json()));
    } catch (IOException e) {
      throw new IllegalStateException("A health is JSON", e);
    }
  }

  private static String rates(JoinHealth health) {
    long samples = health.total("samples.rows");
    long clicked = health.total("samples.clicked");
    return samples == 0 || clicked == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "; CTR %.4f, CVR %.4f",
            (double) clicked / samples,
            (double) health.total("samples.clicked_and_converted") / clicked);
  }
}
