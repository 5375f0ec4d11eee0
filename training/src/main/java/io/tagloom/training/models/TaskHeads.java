package io.tagloom.training.models;

import io.tagloom.conf.ModelSettings.Learning;
import io.tagloom.conf.ModelSettings.TaskWeights;
import io.tagloom.conf.TaskSettings;
import io.tagloom.training.layers.CrossEntropy;
import io.tagloom.training.layers.FieldBag;
import io.tagloom.training.layers.GateBalance;
import io.tagloom.training.layers.Noise;
import io.tagloom.training.layers.Score;
import io.tagloom.training.layers.ScoreHead;
import java.util.Arrays;

/** The heads of all tasks for one tile: scores, logits with context, losses and their slopes. */
final class TaskHeads {
  private final MvkeShape shape;
  private final int tasks;
  private final ScoreHead[] heads;
  private final FieldBag[] contexts;
  private final float[][] x;
  private final float[][] logits;
  private final float[][] slopes;
  private final float[] own;
  private final float[] given;
  private final float[] context;
  private final int scale;
  private final int bias;
  private final int uncertainty;

  TaskHeads(MvkeShape shape, int rows) {
    this.shape = shape;
    this.tasks = shape.tasks();
    this.heads = new ScoreHead[tasks];
    Score score = Score.valueOf(shape.model().score().name());
    for (int t = 0; t < tasks; t++) {
      heads[t] = new ScoreHead(score, shape.model().outputDim(), rows, shape.kernels(t));
    }
    int first = shape.userFields() + shape.itemFields();
    this.contexts = new FieldBag[shape.contextFields()];
    for (int c = 0; c < contexts.length; c++) {
      contexts[c] = new FieldBag(first + c, tasks);
    }
    this.x = new float[tasks][];
    this.logits = new float[tasks][rows];
    this.slopes = new float[tasks][rows];
    this.own = new float[rows];
    this.given = new float[rows];
    this.context = new float[tasks * rows];
    this.scale = learned(shape.model().scaleLearning(), "scale");
    this.bias = learned(shape.model().biasLearning(), "bias");
    boolean weighted = shape.model().taskWeights() == TaskWeights.UNCERTAINTY;
    this.uncertainty = weighted ? shape.slot("uncertainty").offset() : -1;
  }

  private int learned(Learning learning, String slot) {
    return learning == Learning.LEARNED ? shape.slot(slot).offset() : -1;
  }

  /** Logits of a task, {@code [n]}. */
  float[] logits(int task) {
    return logits[task];
  }

  /** Computes the logits of the active tasks. */
  void forward(
      MvkeParameters parameters,
      Batch batch,
      int row,
      int n,
      ActiveTasks active,
      ExpertSide users,
      TagSide items) {
    for (int t = 0; t < tasks; t++) {
      if (!active.task(t)) {
        continue;
      }
      x[t] = heads[t].forward(users.experts(), items.tags(t), items.gates(t), n);
      float s = scale(parameters.dense(), t);
      float b = bias < 0 ? (float) shape.model().biasStart() : parameters.dense()[bias + t];
      for (int r = 0; r < n; r++) {
        logits[t][r] = s * x[t][r] + b;
      }
    }
    for (int c = 0; c < contexts.length; c++) {
      int table = shape.tables().size() - contexts.length + c;
      contexts[c].forward(
          batch.column(table), row, n, parameters.table(table), Noise.NONE, context, 0, tasks);
      for (int i = 0; i < n * tasks; i++) {
        logits[i % tasks][i / tasks] += context[i];
      }
    }
  }

  private float scale(float[] dense, int task) {
    return scale < 0 ? (float) shape.model().scaleStart() : dense[scale + task];
  }

  /** The first row of the tile with a logit that is not finite; -1 for none. */
  int faultyRow(int n, ActiveTasks active) {
    for (int r = 0; r < n; r++) {
      for (int t = 0; t < tasks; t++) {
        if (active.task(t) && (Float.isNaN(logits[t][r]) || Float.isInfinite(logits[t][r]))) {
          return r;
        }
      }
    }
    return -1;
  }

  /** Losses of the tile, and the gradients of everything the heads read. */
  void backward(
      MvkeParameters parameters,
      Batch batch,
      int row,
      int n,
      ActiveTasks active,
      TrainStep step,
      ExpertSide users,
      TagSide items,
      MvkeGradients into) {
    for (int t = 0; t < tasks; t++) {
      Arrays.fill(slopes[t], 0, n, 0);
    }
    for (int t = 0; t < tasks; t++) {
      if (active.task(t)) {
        loss(parameters.dense(), batch, row, n, t, step, into);
      }
    }
    for (int t = 0; t < tasks; t++) {
      if (active.task(t)) {
        headBackward(parameters.dense(), n, t, users, items, into);
        balance(batch, row, n, t, step, items, into);
      }
    }
    for (int c = 0; c < contexts.length; c++) {
      int table = shape.tables().size() - contexts.length + c;
      for (int i = 0; i < n * tasks; i++) {
        context[i] = slopes[i % tasks][i / tasks];
      }
      contexts[c].backward(
          batch.column(table), row, n, context, 0, tasks, Noise.NONE, into.values(table));
    }
  }

  private void loss(
      float[] dense, Batch batch, int row, int n, int t, TrainStep step, MvkeGradients into) {
    TaskSettings task = shape.model().tasks().get(t);
    float[] targets = batch.targets(t);
    float[] weights = batch.rowWeights(t);
    double weightSum = 0;
    for (int r = row; r < row + n; r++) {
      weightSum += weights[r];
    }
    int other =
        task.loss() == TaskSettings.Loss.ENTIRE_SPACE ? shape.model().taskIndex(task.given()) : -1;
    double lossSum =
        other < 0
            ? CrossEntropy.rows(logits[t], targets, weights, row, n, own)
            : CrossEntropy.product(logits[t], logits[other], targets, weights, row, n, own, given);
    into.addLoss(t, lossSum, weightSum);
    double share = step.weightSum(t) > 0 ? task.weight() / step.weightSum(t) : 0;
    double factor = share;
    if (uncertainty >= 0) {
      factor *= Math.exp(-dense[uncertainty + t]);
      into.dense()[uncertainty + t] += (float) (share * weightSum / 2 - factor * lossSum);
    }
    addScaled(own, (float) factor, slopes[t], n);
    if (other >= 0) {
      addScaled(given, (float) factor, slopes[other], n);
    }
  }

  private void headBackward(
      float[] dense, int n, int t, ExpertSide users, TagSide items, MvkeGradients into) {
    float s = scale(dense, t);
    double dScale = 0;
    double dBias = 0;
    for (int r = 0; r < n; r++) {
      double slope = slopes[t][r];
      dScale += slope * x[t][r];
      dBias += slope;
      own[r] = s * slopes[t][r];
    }
    if (scale >= 0) {
      into.dense()[scale + t] += (float) dScale;
    }
    if (bias >= 0) {
      into.dense()[bias + t] += (float) dBias;
    }
    heads[t].backward(
        users.experts(),
        items.tags(t),
        items.gates(t),
        n,
        own,
        users.dExperts(),
        items.dTags(t),
        items.dGates(t));
  }

  private void balance(
      Batch batch, int row, int n, int t, TrainStep step, TagSide items, MvkeGradients into) {
    double factor = shape.model().loadBalance();
    if (factor > 0 && step.weightSum(t) > 0) {
      into.addBalance(
          GateBalance.add(
              items.gates(t),
              shape.kernels(t).length,
              batch.rowWeights(t),
              row,
              n,
              1 / step.weightSum(t),
              factor,
              items.dGates(t)));
    }
  }

  private static void addScaled(float[] x, float factor, float[] to, int n) {
    for (int r = 0; r < n; r++) {
      to[r] += factor * x[r];
    }
  }
}
