package io.tagloom.export;

import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.features.blocks.Block;

/** Logits of samples without their context: those of the users and items, as an export has them. */
final class Logits {
  private Logits() {}

  /** One logit a row of a block with the fields of both sides. */
  static float[] of(ScoringModel model, Block block, int task) {
    ScoredTask scored = model.tasks().get(task);
    int dim = model.outputDim();
    int kernels = scored.kernelCount();
    float[] experts = new float[block.rows() * model.kernels() * dim];
    float[] vectors = new float[block.rows() * dim];
    float[] gates = new float[block.rows() * kernels];
    model.experts(block, experts);
    model.tags(block, task, vectors, gates);
    float[] logits = new float[block.rows()];
    for (int row = 0; row < logits.length; row++) {
      double score = 0;
      double squares = 0;
      double lengths = 0;
      for (int d = 0; d < dim; d++) {
        double mixed = 0;
        for (int k = 0; k < kernels; k++) {
          mixed +=
              gates[row * kernels + k]
                  * experts[(row * model.kernels() + scored.kernel(k)) * dim + d];
        }
        score += mixed * vectors[row * dim + d];
        squares += mixed * mixed;
        lengths += vectors[row * dim + d] * vectors[row * dim + d];
      }
      double length = scored.kind().isInnerProduct() ? 1 : Math.sqrt(squares * lengths);
      logits[row] = (float) (scored.scale() * (length == 0 ? 0 : score / length) + scored.bias());
    }
    return logits;
  }
}
