package io.tagloom.training.trainer;

import io.tagloom.training.models.MvkeGradients;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.models.Slot;
import java.util.Arrays;
import java.util.List;

/** Says in which layer numbers have stopped to be numbers. */
final class Blame {
  private Blame() {}

  /** One sentence about weights and the dense gradient of a step that has failed. */
  static String text(MvkeShape shape, MvkeParameters parameters, MvkeGradients gradients) {
    for (int t = 0; t < parameters.tables(); t++) {
      if (!finite(parameters.table(t), 0, parameters.table(t).length)) {
        return "Weights of the embedding table " + shape.tables().get(t).name() + " are no number.";
      }
    }
    List<Slot> slots = shape.slots();
    for (Slot slot : slots) {
      if (!finite(parameters.dense(), slot.offset(), slot.end())) {
        return "Weights of layer " + text(slot) + " are no number.";
      }
    }
    return gradients(slots, parameters, gradients.dense());
  }

  /** Gradients are made from the loss back, so in the slots' order from the last to the first. */
  private static String gradients(List<Slot> slots, MvkeParameters parameters, float[] gradients) {
    for (int i = slots.size() - 1; i >= 0; i--) {
      Slot slot = slots.get(i);
      if (finite(gradients, slot.offset(), slot.end())) {
        continue;
      }
      String first =
          "From the loss back, layer "
              + text(slot)
              + " is the first whose gradient is no "
              + "finite number";
      return i < slots.size() - 1
          ? first + "."
          : first + ": the forward pass itself has overflowed. " + largest(slots, parameters);
    }
    return largest(slots, parameters);
  }

  private static String largest(List<Slot> slots, MvkeParameters parameters) {
    Slot most = slots.get(0);
    double size = -1;
    for (Slot slot : slots) {
      for (int i = slot.offset(); i < slot.end(); i++) {
        if (Math.abs(parameters.dense()[i]) > size) {
          size = Math.abs(parameters.dense()[i]);
          most = slot;
        }
      }
    }
    return "The largest weight, " + (float) size + ", is in layer " + text(most) + ".";
  }

  private static String text(Slot slot) {
    return slot.name() + " " + Arrays.toString(slot.dims());
  }

  private static boolean finite(float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      if (Float.isNaN(values[i]) || Float.isInfinite(values[i])) {
        return false;
      }
    }
    return true;
  }
}
