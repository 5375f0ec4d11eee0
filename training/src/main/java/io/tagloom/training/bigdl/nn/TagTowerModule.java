package io.tagloom.training.bigdl.nn;

import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import com.intel.analytics.bigdl.tensor.Tensor;
import io.tagloom.training.layers.Mlp;
import io.tagloom.training.layers.Noise;
import io.tagloom.training.layers.TagTower;

/**
 * A tag tower: item embeddings {@code [n, in]} or {@code [n, I, d]} become tag vectors {@code [n,
 * D]}. Weights: per layer {@code [in, out]} and bias {@code [out]}.
 */
public final class TagTowerModule extends LayerModule {
  private static final long serialVersionUID = 1L;

  private final int[] widths;
  private transient TagTower tower;

  /**
   * A module.
   *
   * @param widths input, hidden and output widths
   */
  public TagTowerModule(long seed, int... widths) {
    super(0, Mlp.size(widths));
    this.widths = widths.clone();
    int at = 0;
    for (int i = 1; i < widths.length; i++) {
      start(at, at + widths[i - 1] * widths[i], 1 / Math.sqrt(widths[i - 1]), seed);
      at += (widths[i - 1] + 1) * widths[i];
    }
  }

  @Override
  public Activity updateOutput(Activity input) {
    int n = size(input, 0);
    float[] items = values(input);
    expect(items.length == n * widths[0], input, "[n, " + widths[0] + "]");
    readWeights();
    if (grows(n) || tower == null) {
      tower = new TagTower(0, 0, Math.max(n, capacity), widths);
    }
    int out = widths[widths.length - 1];
    float[] y = new float[out * n];
    tower.forward(dense, items, n, 0, Noise.NONE, y);
    return result(tensor(turned(y, out, n), n, out));
  }

  @Override
  public Activity updateGradInput(Activity input, Activity gradOutput) {
    clearSlopes();
    int n = size(input, 0);
    float[] dY = turned(values(gradOutput), n, widths[widths.length - 1]);
    float[] dItems = new float[n * widths[0]];
    tower.begin();
    tower.backward(dense, n, Noise.NONE, dY, dItems);
    tower.finish(slopes);
    return inputGradient(tensor(dItems, ((Tensor<?>) input).size()));
  }
}
