package io.tagloom.training.bigdl.nn;

import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import io.tagloom.training.bigdl.FloatTensors;
import io.tagloom.training.layers.Score;
import io.tagloom.training.layers.ScoreHead;

/**
 * The logit of one task: a table of expert vectors {@code [n, K, D]}, tag vectors {@code [n, D]}
 * and gate weights {@code [n, K_t]} becomes logits {@code [n]}, scale * x + bias. Weights: scale
 * and bias.
 */
public final class ScoreModule extends LayerModule {
  private static final long serialVersionUID = 1L;

  private final Score score;
  private final int all;
  private final int out;
  private final int[] kernels;
  private transient ScoreHead head;

  /**
   * A module.
   *
   * @param all number of experts (K)
   * @param out width of vectors (D)
   * @param scale scale at the start; the bias starts at 0
   * @param kernels 0-based experts of the task
   */
  public ScoreModule(Score score, int all, int out, double scale, int... kernels) {
    super(0, 2);
    this.score = score;
    this.all = all;
    this.out = out;
    this.kernels = kernels.clone();
    FloatTensors.array(parameters()._1()[0])[0] = (float) scale;
  }

  @Override
  public Activity updateOutput(Activity input) {
    int n = size(entry(input, 0), 0);
    expect(
        size(entry(input, 0), 1) == all && size(entry(input, 0), 2) == out,
        entry(input, 0),
        "[n, " + all + ", " + out + "]");
    readWeights();
    float[] x = score(input, n);
    float[] logits = new float[n];
    for (int r = 0; r < n; r++) {
      logits[r] = dense[0] * x[r] + dense[1];
    }
    return result(tensor(logits, n));
  }

  private float[] score(Activity input, int n) {
    if (grows(n) || head == null) {
      head = new ScoreHead(score, out, Math.max(n, capacity), kernels);
    }
    return head.forward(
        turned(values(entry(input, 0)), n, all * out),
        turned(values(entry(input, 1)), n, out),
        turned(values(entry(input, 2)), n, kernels.length),
        n);
  }

  @Override
  public Activity updateGradInput(Activity input, Activity gradOutput) {
    clearSlopes();
    int n = size(entry(input, 0), 0);
    float[] x = score(input, n);
    float[] gradient = values(gradOutput);
    for (int r = 0; r < n; r++) {
      slopes[0] += gradient[r] * x[r];
      slopes[1] += gradient[r];
      gradient[r] *= dense[0];
    }
    float[] dExperts = new float[n * all * out];
    float[] dTags = new float[n * out];
    float[] dGate = new float[n * kernels.length];
    head.backward(
        turned(values(entry(input, 0)), n, all * out),
        turned(values(entry(input, 1)), n, out),
        turned(values(entry(input, 2)), n, kernels.length),
        n,
        gradient,
        dExperts,
        dTags,
        dGate);
    return inputGradient(
        table(
            tensor(turned(dExperts, all * out, n), n, all, out),
            tensor(turned(dTags, out, n), n, out),
            tensor(turned(dGate, kernels.length, n), n, kernels.length)));
  }
}
