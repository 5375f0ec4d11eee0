package io.tagloom.export;

import io.tagloom.conf.TaskSettings;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.features.blocks.Block;
import io.tagloom.training.evaluation.Logistic;
import io.tagloom.training.evaluation.TaskTargets;
import io.tagloom.training.models.MvkeScorer;
import java.util.ArrayList;
import java.util.List;

/**
 * Tasks whose probabilities are means over the contexts of training, such as the slots of a page:
 * an export does not know the context, and no shift at all would be that of no context in
 * particular.
 *
 * <p>The mean of {@code sigmoid(logit + shift)} over the shifts of some training rows is put into
 * scale and bias of the task: the line of least squares through its logits.
 */
final class ContextShift {
  /** Rows whose logits the line goes through, and whose shifts are averaged over, at most. */
  private static final int ROWS = 512;

  private ContextShift() {}

  /**
   * The tasks of a model.
   *
   * @param scorer the model, with its own tasks
   * @param settings which rows each task reads, in the model's order
   * @param sample training rows in an order of chance
   */
  static List<ScoredTask> tasks(MvkeScorer scorer, List<TaskSettings> settings, Block sample) {
    List<ScoredTask> tasks = new ArrayList<>();
    TrainedModel model = new TrainedModel(scorer);
    float[][] logits = scorer.logits(sample);
    for (int task = 0; task < settings.size(); task++) {
      float[] plain = Logits.of(model, sample, task);
      float[] weights = TaskTargets.weights(sample, settings.get(task));
      tasks.add(shifted(model.tasks().get(task), logits[task], plain, weights));
    }
    return tasks;
  }

  private static ScoredTask shifted(
      ScoredTask task, float[] logits, float[] plain, float[] weights) {
    int[] rows = new int[Math.min(ROWS, logits.length)];
    int size = 0;
    for (int row = 0; row < logits.length && size < rows.length; row++) {
      if (weights[row] > 0) {
        rows[size++] = row;
      }
    }
    double[] y = new double[size];
    double[] x = new double[size];
    for (int i = 0; i < size; i++) {
      double sum = 0;
      double all = 0;
      for (int j = 0; j < size; j++) {
        int other = rows[j];
        double shift = logits[other] - plain[other];
        sum += weights[other] * Logistic.probability(plain[rows[i]] + shift);
        all += weights[other];
      }
      x[i] = plain[rows[i]];
      y[i] = Line.logit(sum / all);
    }
    Line line = Line.through(x, y, size, 1);
    return new ScoredTask(
        task.name(),
        task.kernels(),
        line.slope() * task.scale(),
        line.slope() * task.bias() + line.offset(),
        task.kind());
  }
}
