package io.tagloom.training.bigdl.nn;

import com.intel.analytics.bigdl.nn.abstractnn.AbstractCriterion;
import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import com.intel.analytics.bigdl.utils.Table;
import io.tagloom.training.bigdl.FloatTensors;
import io.tagloom.training.layers.CrossEntropy;

/**
 * Binary cross-entropy on logits, finite and right for every logit (BigDL's own sigmoid and
 * cross-entropy lose the gradient from a logit of 17 on).
 *
 * <p>Input: logits {@code [n]}; or for the entire-space loss a table of two, whose probabilities
 * are multiplied. Target: {@code [n]}, or a table of targets and row weights. Output: the weighted
 * mean; 0 when all weights are 0.
 */
public final class LogitCriterion extends AbstractCriterion<Activity, Activity, Object> {
  private static final long serialVersionUID = 1L;

  /** A criterion. */
  public LogitCriterion() {
    super(LayerModule.activity(), LayerModule.activity(), FloatTensors.TAG, FloatTensors.NUMERIC);
  }

  @Override
  public Object updateOutput(Activity input, Activity target) {
    output_$eq((float) evaluate(input, target));
    return output();
  }

  @Override
  public Activity updateGradInput(Activity input, Activity target) {
    evaluate(input, target);
    return gradInput();
  }

  private double evaluate(Activity input, Activity target) {
    Activity first = input.isTensor() ? input : LayerModule.entry(input, 0);
    float[] logits = LayerModule.values(first);
    int n = logits.length;
    float[] targets = LayerModule.values(target.isTensor() ? target : ((Table) target).apply(1));
    float[] weights = new float[n];
    java.util.Arrays.fill(weights, 1);
    if (!target.isTensor()) {
      weights = LayerModule.values(LayerModule.entry(target, 1));
    }
    double total = 0;
    for (float weight : weights) {
      total += weight;
    }
    double share = total > 0 ? 1 / total : 0;
    float[] slopes = new float[n];
    if (input.isTensor()) {
      double sum = CrossEntropy.rows(logits, targets, weights, 0, n, slopes);
      gradInput_$eq(LayerModule.tensor(scaled(slopes, share), n));
      return sum * share;
    }
    float[] given = LayerModule.values(LayerModule.entry(input, 1));
    float[] givenSlopes = new float[n];
    double sum = CrossEntropy.product(logits, given, targets, weights, 0, n, slopes, givenSlopes);
    gradInput_$eq(
        LayerModule.table(
            LayerModule.tensor(scaled(slopes, share), n),
            LayerModule.tensor(scaled(givenSlopes, share), n)));
    return sum * share;
  }

  private static float[] scaled(float[] x, double factor) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= (float) factor;
    }
    return x;
  }
}
