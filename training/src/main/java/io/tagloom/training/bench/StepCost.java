package io.tagloom.training.bench;

import io.tagloom.conf.ModelSettings;
import io.tagloom.conf.ModelSettings.Gate;
import io.tagloom.conf.ModelSettings.Residual;
import io.tagloom.training.layers.StepClock.Part;
import io.tagloom.training.models.Batch;
import io.tagloom.training.models.MvkeShape;
import java.util.List;

/**
 * Floating-point operations of the matrix products of a step, two for each product and sum, and the
 * bytes of embeddings that it moves at least. Element-wise passes are not counted.
 */
final class StepCost {
  private final MvkeShape shape;
  private final double rows;
  private final double expertRows;
  private final double taskRows;

  /**
   * Cost of a step that left out what counts for nothing.
   *
   * @param rows rows of the batch
   * @param expertRows rows that went through an expert network, added up over the experts
   * @param taskRows rows that went through a tag tower and gate, added up over the tasks
   */
  StepCost(MvkeShape shape, double rows, double expertRows, double taskRows) {
    this.shape = shape;
    this.rows = rows;
    this.expertRows = expertRows;
    this.taskRows = taskRows;
  }

  /** Cost of a step in which every expert and every task sees every row. */
  static StepCost ofAllRows(MvkeShape shape, double rows) {
    return new StepCost(shape, rows, rows * shape.model().kernels(), rows * shape.tasks());
  }

  /** Operations of a part. */
  double flops(Part part) {
    ModelSettings model = shape.model();
    double cells = rows * shape.userFields();
    double a = model.attentionDim();
    double projection = 2 * cells * model.embeddingDim() * 2 * a;
    double attention = 2 * expertRows * shape.userFields() * a;
    double norm = model.residual() == Residual.ON ? 2 * cells * a * a : 0;
    switch (part) {
      case PROJECTIONS:
        return projection + norm;
      case ATTENTION:
        return attention;
      case EXPERTS:
        return 2 * expertRows * expertWeights();
      case TAGS:
        return 2 * taskRows * tagWeights();
      case EXPERTS_BACKWARD:
        return 4 * expertRows * expertWeights();
      case ATTENTION_BACKWARD:
        return 2 * attention;
      case PROJECTIONS_BACKWARD:
        return 2 * projection + norm;
      case TAGS_BACKWARD:
        return 4 * taskRows * tagWeights();
      default:
        return 0;
    }
  }

  /** Operations of all parts. */
  double flops() {
    double sum = 0;
    for (Part part : Part.values()) {
      sum += flops(part);
    }
    return sum;
  }

  /** Input, hidden and output widths of an expert network. */
  static int[] expertLayers(MvkeShape shape) {
    List<Integer> hidden = shape.model().expertHidden();
    int[] widths = new int[hidden.size() + 2];
    widths[0] = shape.attendedWidth();
    for (int i = 0; i < hidden.size(); i++) {
      widths[i + 1] = hidden.get(i);
    }
    widths[hidden.size() + 1] = shape.model().outputDim();
    return widths;
  }

  /** Operations of the user side's forward pass. */
  double scoring() {
    return flops(Part.PROJECTIONS) + flops(Part.ATTENTION) + flops(Part.EXPERTS);
  }

  /** Weights of one expert network. */
  private double expertWeights() {
    ModelSettings model = shape.model();
    double factor =
        model.expertNetwork() == ModelSettings.ExpertNetwork.DEEPFM
            ? (double) model.attentionDim() * model.outputDim()
            : 0;
    return layers(shape.attendedWidth(), model.expertHidden(), model.outputDim()) + factor;
  }

  /** Weights that see a row of a task on the item side, its tower and gate: the tasks' mean. */
  private double tagWeights() {
    ModelSettings model = shape.model();
    double in = (double) shape.itemFields() * model.embeddingDim();
    double sum = shape.tasks() * layers(in, model.tagHidden(), model.outputDim());
    for (int task = 0; task < shape.tasks(); task++) {
      double width = model.gate() == Gate.PROJECTED ? model.attentionDim() : model.outputDim();
      sum += model.gate() == Gate.PROJECTED ? width * model.outputDim() : 0;
      sum += width * shape.kernels(task).length;
    }
    return sum / shape.tasks();
  }

  private static double layers(double in, List<Integer> hidden, int out) {
    double sum = 0;
    double width = in;
    for (int units : hidden) {
      sum += (width + 1) * units;
      width = units;
    }
    return sum + (width + 1) * out;
  }

  /**
   * Bytes of embeddings and their optimiser state that one step must move: each id's row is read;
   * its gradient is read and written; each distinct row's gradient is set to zero and read by
   * {@code replicas}, and its weights and two numbers of state are read and written.
   */
  static double bytes(Batch batch, int replicas) {
    double sum = 0;
    for (int t = 0; t < batch.shape().tables().size(); t++) {
      double row = 4.0 * batch.shape().tables().get(t).width();
      sum += 3 * row * batch.column(t).offsets()[batch.rows()];
      sum += (2 * replicas + 6) * row * batch.column(t).distinctCount();
    }
    return sum;
  }
}
