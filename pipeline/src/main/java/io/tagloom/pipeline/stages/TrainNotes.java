package io.tagloom.pipeline.stages;

import io.tagloom.pipeline.console.Report;
import io.tagloom.training.trainer.EpochReport;
import io.tagloom.training.trainer.ExpertHealth;
import io.tagloom.training.trainer.TrainListener;
import io.tagloom.training.trainer.TrainNotice;
import io.tagloom.training.trainer.TrainProgress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Shows how training goes on: a bar on a terminal, a line every {@code training.log-seconds}
 * elsewhere and in the log, and after each epoch its losses, metrics and the health of the experts.
 */
final class TrainNotes implements TrainListener {
  private final Run run;
  private final List<String> tasks;
  private Optional<EpochReport> best = Optional.empty();
  private int epochs;
  private int warnings;
  private long lastLine = System.nanoTime();

  TrainNotes(Run run, List<String> tasks) {
    this.run = run;
    this.tasks = tasks;
  }

  @Override
  public void progress(TrainProgress progress) {
    StringBuilder losses = new StringBuilder();
    for (int t = 0; t < tasks.size(); t++) {
      losses.append(text(" %s %.4f", tasks.get(t), progress.losses()[t]));
    }
    String left = time(progress.secondsLeft());
    long total = (long) progress.steps() * progress.epochs();
    run.measure(
        text("epoch %d/%d", progress.epoch(), progress.epochs()),
        (progress.epoch() - 1L) * progress.steps() + progress.step(),
        total,
        text("%,.0f/s%s, %s left", progress.samplesPerSecond(), losses, left));
    long now = System.nanoTime();
    if (now - lastLine >= run.settings().training().logSeconds() * 1_000_000_000L) {
      lastLine = now;
      run.record(
          text(
              "epoch %d/%d, step %d/%d, %,.0f samples/s, loss%s, rate %.2g, %s left",
              progress.epoch(),
              progress.epochs(),
              progress.step(),
              progress.steps(),
              progress.samplesPerSecond(),
              losses,
              progress.rate(),
              left));
    }
  }

  @Override
  public void epoch(EpochReport epoch) {
    epochs = epoch.epoch();
    best = epoch.best() ? Optional.of(epoch) : best;
    StringBuilder line = new StringBuilder("epoch " + epoch.epoch() + ":");
    for (EpochReport.Task task : epoch.tasks()) {
      line.append(
          text(" %s loss %.4f, validation AUC %.4f;", task.name(), task.loss(), task.validAuc()));
    }
    double rate = epoch.seconds() > 0 ? epoch.samples() / epoch.seconds() : 0;
    run.line(line + text(" %,.0f samples/s", rate));
    run.line("experts: " + experts(epoch.health()));
  }

  @Override
  public void notice(TrainNotice notice) {
    if (notice.level() == TrainNotice.Level.WARNING) {
      warnings++;
      run.warn(notice.text());
    } else {
      run.line(notice.text());
    }
  }

  /** What the best epoch came to. */
  void addTo(Report report) {
    report.put("training.epochs", epochs);
    report.put("training.warnings", warnings);
    if (!best.isPresent()) {
      return;
    }
    report.put("training.best_epoch", best.get().epoch());
    ExpertHealth health = best.get().health();
    for (int t = 0; t < tasks.size(); t++) {
      String key = "training.experts." + tasks.get(t) + ".";
      report.put(key + "gate_entropy", health.gateEntropy(t));
      double[] use = health.kernelUse(t);
      for (int k = 0; k < use.length; k++) {
        report.put(key + "use_" + k, use[k]);
      }
    }
    report.put("training.experts.kernel_cosine", largest(health.kernelCosine()));
    report.put("training.experts.output_cosine", largest(health.expertCosine()));
  }

  /** Gate entropy of each task beside the most it can be, use of its kernels, closest pairs. */
  private String experts(ExpertHealth health) {
    StringBuilder text = new StringBuilder();
    for (int t = 0; t < tasks.size(); t++) {
      double[] use = health.kernelUse(t);
      text.append(
          text(
              "%s gate entropy %.2f of %.2f, use",
              tasks.get(t), health.gateEntropy(t), Math.log(use.length)));
      for (double share : use) {
        text.append(text(" %.0f%%", 100 * share));
      }
      text.append("; ");
    }
    return text
        + text(
            "closest kernels cosine %.2f, closest outputs %.2f",
            largest(health.kernelCosine()), largest(health.expertCosine()));
  }

  /** The largest cosine of two different vectors; 0 when there is one alone. */
  private static double largest(double[][] cosines) {
    double largest = cosines.length > 1 ? -1 : 0;
    for (int i = 0; i < cosines.length; i++) {
      for (int j = 0; j < i; j++) {
        largest = Math.max(largest, cosines[i][j]);
      }
    }
    return largest;
  }

  private static String time(double seconds) {
    long whole = Math.round(seconds);
    return whole >= 3600
        ? text("%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
        : text("%d:%02d", whole / 60, whole % 60);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
