package io.tagloom.training.bigdl.nn;

import com.intel.analytics.bigdl.nn.abstractnn.AbstractCriterion;
import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import io.tagloom.training.bigdl.FloatTensors;

/**
 * The loss of all tasks: the sum of their {@link LogitCriterion}s, each times its weight.
 *
 * <p>Input: logits of each task. Target: targets and row weights of each task in turn.
 */
public final class TasksCriterion extends AbstractCriterion<Activity, Activity, Object> {
  private static final long serialVersionUID = 1L;

  private final LogitCriterion[] tasks;
  private final double[] weights;

  /** A criterion for tasks with some loss weights. */
  public TasksCriterion(double... weights) {
    super(LayerModule.activity(), LayerModule.activity(), FloatTensors.TAG, FloatTensors.NUMERIC);
    this.weights = weights.clone();
    this.tasks = new LogitCriterion[weights.length];
    for (int t = 0; t < tasks.length; t++) {
      tasks[t] = new LogitCriterion();
    }
  }

  @Override
  public Object updateOutput(Activity input, Activity target) {
    double sum = 0;
    for (int t = 0; t < tasks.length; t++) {
      sum += weights[t] * (float) tasks[t].forward(logits(input, t), target(target, t));
    }
    output_$eq((float) sum);
    return output();
  }

  @Override
  public Activity updateGradInput(Activity input, Activity target) {
    Activity[] slopes = new Activity[tasks.length];
    for (int t = 0; t < tasks.length; t++) {
      float[] own = LayerModule.values(tasks[t].backward(logits(input, t), target(target, t)));
      for (int i = 0; i < own.length; i++) {
        own[i] *= (float) weights[t];
      }
      slopes[t] = LayerModule.tensor(own, own.length);
    }
    gradInput_$eq(tasks.length == 1 ? slopes[0] : LayerModule.table(slopes));
    return gradInput();
  }

  private Activity logits(Activity input, int task) {
    return tasks.length == 1 ? input : LayerModule.entry(input, task);
  }

  private static Activity target(Activity target, int task) {
    return LayerModule.table(
        LayerModule.entry(target, 2 * task), LayerModule.entry(target, 2 * task + 1));
  }
}
