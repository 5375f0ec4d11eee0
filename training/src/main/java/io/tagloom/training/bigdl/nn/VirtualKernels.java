package io.tagloom.training.bigdl.nn;

import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import com.intel.analytics.bigdl.tensor.Tensor;

/**
 * The virtual kernels {@code [K, d]} as a node of a graph, so that experts and gates share them:
 * the graph adds up their gradients. The input only gives the node a place in the graph.
 */
public final class VirtualKernels extends LayerModule {
  private static final long serialVersionUID = 1L;

  private final int kernels;
  private final int width;

  /** K kernels of width d with a spread at the start. */
  public VirtualKernels(int kernels, int width, double spread, long seed) {
    super(0, kernels * width);
    this.kernels = kernels;
    this.width = width;
    start(0, kernels * width, spread, seed);
  }

  @Override
  public Activity updateOutput(Activity input) {
    readWeights();
    return result(tensor(dense.clone(), kernels, width));
  }

  @Override
  public Activity updateGradInput(Activity input, Activity gradOutput) {
    float[] gradient = values(gradOutput);
    System.arraycopy(gradient, 0, slopes, 0, gradient.length);
    if (!input.isTensor()) {
      return inputGradient(table());
    }
    Tensor<?> tensor = (Tensor<?>) input;
    return inputGradient(tensor(new float[tensor.nElement()], tensor.size()));
  }
}
