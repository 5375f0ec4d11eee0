package io.tagloom.conf;

import io.tagloom.conf.EvaluationSettings.Split;
import io.tagloom.conf.ExportSettings.TagScore;
import io.tagloom.conf.ModelSettings.Score;
import io.tagloom.conf.SampleSettings.SplitBy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one block of settings must not say, given another: found before the first stage of a night,
 * not by the stage that would meet it hours later.
 */
final class Agreement {
  private final SettingsReader reader;
  private final Settings settings;

  Agreement(SettingsReader reader, Settings settings) {
    this.reader = reader;
    this.settings = settings;
  }

  /** Tells the reader all that does not agree. */
  void check() {
    labels();
    tasks();
    scores();
    split();
  }

  private void labels() {
    List<String> labels = new ArrayList<>(Arrays.asList("click", "conversion"));
    labels.addAll(settings.samples().labelTypes());
    for (TaskSettings task : settings.model().tasks()) {
      for (String label : Arrays.asList(task.label(), task.rows())) {
        if (!labels.contains(label) && !label.equals(TaskSettings.ALL_ROWS)) {
          fault(
              "model",
              "tasks",
              "label or rows " + label + " of task " + task.name(),
              "click, conversion or one of samples.label-types");
        }
      }
    }
  }

  private void tasks() {
    List<String> names =
        settings.model().tasks().stream().map(TaskSettings::name).collect(Collectors.toList());
    String rule = "a task of model.tasks, " + names;
    for (String task : settings.evaluation().minAuc().keySet()) {
      if (!names.contains(task)) {
        fault("evaluation", "min-auc", task, rule);
      }
    }
    ExportSettings export = settings.export();
    if (!export.interests().isEmpty() && !names.contains(export.interests())) {
      fault("export", "interests", export.interests(), rule + ", or \"\" for none");
    }
    if (!export.intentions().isEmpty() && !names.contains(export.intentions())) {
      fault("export", "intentions", export.intentions(), rule + ", or \"\" for none");
    }
  }

  private void scores() {
    if (settings.model().score() != Score.COSINE) {
      return;
    }
    String rule = "when model.score = cosine, which is no inner product; or kernel-cosine there";
    if (settings.export().ann().vectors()) {
      reader.at("export").at("ann").fault("vectors", "on", "off " + rule);
    }
    if (settings.export().tagScore() == TagScore.ITEMS) {
      fault("export", "tag-score", "items", "tag or auto " + rule);
    }
  }

  private void split() {
    SampleSettings samples = settings.samples();
    boolean test = settings.evaluation().split() == Split.TEST;
    boolean days = samples.splitBy() == SplitBy.DAY;
    double share =
        days
            ? (test ? samples.testDays() : samples.validDays())
            : (test ? samples.testShare() : samples.validShare());
    if (share == 0) {
      String name = test ? "test" : "valid";
      fault(
          "evaluation",
          "split",
          name,
          "a split with samples; samples.split." + name + (days ? "-days" : "") + " is 0");
    }
  }

  private void fault(String block, String key, String value, String rule) {
    reader.at(block).fault(key, value, rule);
  }
}
