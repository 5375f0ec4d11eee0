package io.tagloom.training.layers;

/**
 * Projection of the virtual kernels, phi(W vk_k + b): the queries of the experts or the keys of the
 * gate. Small and the same for all rows, so computed once a step in plain loops.
 */
final class Projection {
  private final Activation activation;
  private final int kernels;
  private final int in;
  private final int out;
  private final int kernelOffset;
  private final int weightOffset;
  private final int biasOffset;

  /** The results, {@code [K][out]}. */
  final float[] values;

  /** Their gradients, added up over the tiles of a step. */
  final float[] slopes;

  Projection(
      Activation activation,
      int kernels,
      int in,
      int out,
      int kernelOffset,
      int weightOffset,
      int biasOffset) {
    this.activation = activation;
    this.kernels = kernels;
    this.in = in;
    this.out = out;
    this.kernelOffset = kernelOffset;
    this.weightOffset = weightOffset;
    this.biasOffset = biasOffset;
    this.values = new float[kernels * out];
    this.slopes = new float[kernels * out];
  }

  void begin(float[] weights) {
    for (int k = 0; k < kernels; k++) {
      for (int a = 0; a < out; a++) {
        double sum = weights[biasOffset + a];
        for (int i = 0; i < in; i++) {
          double weight = weights[weightOffset + a * in + i];
          sum += weight * weights[kernelOffset + k * in + i];
        }
        values[k * out + a] = (float) activation.apply(sum);
        slopes[k * out + a] = 0;
      }
    }
  }

  void finish(float[] weights, float[] gradients) {
    for (int k = 0; k < kernels; k++) {
      for (int a = 0; a < out; a++) {
        float slope = (float) (slopes[k * out + a] * activation.slope(values[k * out + a]));
        gradients[biasOffset + a] += slope;
        for (int i = 0; i < in; i++) {
          int weight = weightOffset + a * in + i;
          int kernel = kernelOffset + k * in + i;
          gradients[weight] += slope * weights[kernel];
          gradients[kernel] += slope * weights[weight];
        }
      }
    }
  }
}
