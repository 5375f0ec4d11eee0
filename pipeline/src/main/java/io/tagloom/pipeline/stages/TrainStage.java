package io.tagloom.pipeline.stages;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.tagloom.conf.EvaluationSettings.Undefined;
import io.tagloom.conf.InputException;
import io.tagloom.conf.Settings;
import io.tagloom.conf.TaskSettings;
import io.tagloom.conf.TrainingSettings;
import io.tagloom.features.fields.EncodeJob;
import io.tagloom.features.fields.EncodeResult;
import io.tagloom.features.fields.EncodedSamples;
import io.tagloom.features.logs.InputVersions;
import io.tagloom.features.samples.SampleStore;
import io.tagloom.pipeline.console.Report;
import io.tagloom.training.TrainJob;
import io.tagloom.training.TrainResult;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

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
  public void addTo(StageInputs inputs, Run run) throws IOException {
    inputs.text(run.settings().fingerprint("features", "model", "training"));
    inputs.files(run, run.folder("samples"), firstDay(run), run.date());
    Settings settings = run.inputs().snapshots();
    run.inputs().addTo(inputs, settings, InputVersions.snapshots(settings.input()), LocalDate.MIN);
    LocalDate before = run.date().minusDays(1);
    // Vocabularies go on from the newest earlier ones.
    inputs.files(run, run.folder("encoded"), LocalDate.MIN, before);
    if (run.settings().training().warmStart() != TrainingSettings.WarmStart.OFF) {
      inputs.files(run, run.folder("models"), LocalDate.MIN, before);
    }
  }

  @Override
  public List<Path> outputs(Run run) {
    return Arrays.asList(encoded(run), model(run));
  }

  /** The model bundle of the run's date. */
  static Path model(Run run) {
    return run.folder("models/dt=" + run.date());
  }

  /** The encoded samples of the run's date. */
  static Path encoded(Run run) {
    return run.folder("encoded/dt=" + run.date());
  }

  /** First day of the samples that the model learns from. */
  static LocalDate firstDay(Run run) {
    return run.settings().training().from(run.date());
  }

  /**
   * The samples that the model of the run's date learns from and is measured on.
   *
   * @throws InputException when no day of them is there
   */
  static Dataset<Row> samples(Run run, String stage) {
    requireSamples(run, stage);
    return SampleStore.at(run.spark(), run.settings().run().root()).read(firstDay(run), run.date());
  }

  private static void requireSamples(Run run, String stage) {
    LocalDate from = firstDay(run);
    if (!Stages.hasDay(run, run.folder("samples"), from, run.date())) {
      String days = from + " to " + run.date();
      throw Stages.missing(
          stage, "no samples of " + days + " in " + run.folder("samples"), "samples", run.date());
    }
  }

  /**
   * Refuses a task whose samples are all of one class, before hours go into a model that the
   * publish would refuse.
   */
  private static void refuseOneClass(Run run) {
    if (run.settings().evaluation().undefined() == Undefined.ALLOW) {
      return;
    }
    List<TaskSettings> tasks = run.settings().model().tasks();
    String held = run.settings().evaluation().split().name().toLowerCase(Locale.ROOT);
    List<Column> counts = new ArrayList<>();
    for (TaskSettings task : tasks) {
      Column rows =
          task.rows().equals(TaskSettings.ALL_ROWS) ? lit(true) : col(task.rows()).gt(lit(0));
      counts.add(functions.sum(when(rows, lit(1L)).otherwise(lit(0L))));
      counts.add(functions.sum(when(rows.and(col(task.label()).gt(lit(0))), 1L).otherwise(0L)));
    }
    // A row a split, of few columns of small numbers.
    for (Row split :
        SampleStore.at(run.spark(), run.settings().run().root())
            .read(firstDay(run), run.date())
            .filter(col("split").isin("train", held))
            .groupBy("split")
            .agg(lit(0), counts.toArray(new Column[0]))
            .collectAsList()) {
      for (int i = 0; i < tasks.size(); i++) {
        long rows = split.getLong(2 + 2 * i);
        long positives = split.getLong(3 + 2 * i);
        if (positives == 0 || positives == rows) {
          throw oneClass(run, tasks.get(i), split.getString(0), rows, positives);
        }
      }
    }
  }

  private static InputException oneClass(
      Run run, TaskSettings task, String split, long rows, long positives) {
    return new InputException(
        "Cannot train task "
            + task.name()
            + ": "
            + (rows == 0
                ? "there is none of its samples"
                : "all of its "
                    + rows
                    + " samples have "
                    + task.label()
                    + " = "
                    + (positives > 0 ? 1 : 0))
            + " in split "
            + split
            + " of "
            + firstDay(run)
            + " to "
            + run.date()
            + ", so that nothing can be learned or measured. Check the logs and the join health, take"
            + " more days (training.days), leave the task out of model.tasks, or set"
            + " evaluation.undefined = allow.");
  }

  @Override
  public Report work(Run run) {
    requireSamples(run, name());
    refuseOneClass(run);
    run.note("encoding samples of " + firstDay(run) + " to " + run.date());
    EncodeResult encoded = EncodeJob.run(run.spark(), run.inputs().snapshots(), run.date());
    List<String> tasks = new ArrayList<>();
    run.settings().model().tasks().forEach(task -> tasks.add(task.name()));
    TrainNotes notes = new TrainNotes(run, tasks);
    TrainResult trained =
        TrainJob.run(
            run.spark(),
            run.settings(),
            run.date(),
            encoded.samples().blocks(),
            encoded.encoder(),
            notes);
    Report report = new Report();
    long rows = 0;
    for (Map.Entry<String, Long> split : encoded.rowsBySplit().entrySet()) {
      report.put("rows." + split.getKey(), split.getValue());
      rows += split.getValue();
    }
    EncodedSamples.recordedInputs(run.spark(), run.settings().run().root(), run.date())
        .byTable()
        .forEach((table, version) -> report.put("inputs." + table, version.toString()));
    report.put("tables.encoded", encoded.samples().path());
    report.put("tables.model", trained.path());
    report.put("model_id", trained.model().bundle().info().id());
    notes.addTo(report);
    report.line(
        Run.column(name())
            + Run.count(encoded.rowsBySplit().getOrDefault("train", 0L))
            + " of "
            + Run.count(rows)
            + " samples, "
            + encoded.encoder().declaredFields().size()
            + " fields, "
            + String.format(Locale.ROOT, "%.0f s of training", trained.seconds()));
    encoded.warnings().forEach(warning -> report.line("  note: " + warning));
    return report;
  }
}
