package io.tagloom.training.trainer;

import io.tagloom.conf.ModelSettings;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.models.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Clips the dense gradient by its norm and updates the dense weights, all threads at once. */
final class DenseUpdate {
  private final UpdateRule rule;
  private final double clipNorm;
  private final float[][] state;
  private final List<Slot> fixed;

  DenseUpdate(MvkeShape shape, UpdateRule rule, double clipNorm) {
    this.rule = rule;
    this.clipNorm = clipNorm;
    this.state = new float[rule.slots()][shape.denseSize()];
    this.fixed = fixed(shape);
  }

  /** Weights that the settings fix: weight decay must not move them either. */
  private static List<Slot> fixed(MvkeShape shape) {
    List<Slot> fixed = new ArrayList<>();
    if (shape.model().scaleLearning() == ModelSettings.Learning.FIXED) {
      fixed.add(shape.slot("scale"));
    }
    if (shape.model().biasLearning() == ModelSettings.Learning.FIXED) {
      fixed.add(shape.slot("bias"));
    }
    return fixed;
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
    List<float[]> kept = new ArrayList<>();
    for (Slot slot : fixed) {
      kept.add(Arrays.copyOfRange(weights, slot.offset(), slot.offset() + slot.size()));
    }
    crew.run(
        thread -> {
          int from = (int) ((long) weights.length * thread / crew.size());
          int to = (int) ((long) weights.length * (thread + 1) / crew.size());
          if (factor != 1f) {
            scale(gradient, from, to, factor);
          }
          rule.update(weights, gradient, state, from, to, rate, step);
        });
    for (int i = 0; i < kept.size(); i++) {
      System.arraycopy(kept.get(i), 0, weights, fixed.get(i).offset(), fixed.get(i).size());
    }
  }

  private static void scale(float[] values, int from, int to, float factor) {
    for (int i = from; i < to; i++) {
      values[i] *= factor;
    }
  }
}
