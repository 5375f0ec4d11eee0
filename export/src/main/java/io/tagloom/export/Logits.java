package io.tagloom.export;

import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.export.scoring.TagMatrix;
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
      double score =
          TagMatrix.score(scored, dim, experts, row * model.kernels() * dim, vectors, gates, row);
      logits[row] = (float) (scored.scale() * score + scored.bias());
    }
    return logits;
  }
}
