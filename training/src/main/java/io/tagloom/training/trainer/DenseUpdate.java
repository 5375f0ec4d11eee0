package io.tagloom.training.trainer;

import io.tagloom.training.models.MvkeShape;

/** Clips the dense gradient by its norm and updates the dense weights, all threads at once. */
final class DenseUpdate {
  private final UpdateRule rule;
  private final double clipNorm;
  private final float[][] state;

  DenseUpdate(MvkeShape shape, UpdateRule rule, double clipNorm) {
    this.rule = rule;
    this.clipNorm = clipNorm;
    this.state = new float[rule.slots()][shape.denseSize()];
  }

  /** State of the rule, by slot: part of a checkpoint. */
  float[][] state() {
    return state;
  }

  /** The Euclidean norm of a gradient; NaN or infinite when one of its numbers is. */
  static double norm(float[] gradient) {
    double sum = 0;
    for (float g : gradient) {
      sum += (double) g * g;
    }
    return Math.sqrt(sum);
  }

  /**
   * Updates the weights.
   *
   * @param norm norm of the gradient
   * @param gradient changed when it is clipped
   */
  void apply(Crew crew, float[] weights, float[] gradient, double norm, double rate, long step) {
    float factor = clipNorm > 0 && norm > clipNorm ? (float) (clipNorm / norm) : 1f;
    crew.run(
        thread -> {
          int from = (int) ((long) weights.length * thread / crew.size());
          int to = (int) ((long) weights.length * (thread + 1) / crew.size());
          if (factor != 1f) {
            scale(gradient, from, to, factor);
          }
          rule.update(weights, gradient, state, from, to, rate, step);
        });
  }

  private static void scale(float[] values, int from, int to, float factor) {
    for (int i = from; i < to; i++) {
      values[i] *= factor;
    }
  }
}
