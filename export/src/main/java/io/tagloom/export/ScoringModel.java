package io.tagloom.export;

import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.features.blocks.Block;
import java.io.Serializable;
import java.util.List;

/** What the export needs of a trained model. Safe for use by several threads at once. */
interface ScoringModel extends Serializable {
  /** Number of virtual kernels (K). */
  int kernels();

  /** Width of experts and tag vectors (D). */
  int outputDim();

  /** The tasks in the model's order. */
  List<ScoredTask> tasks();

  /**
   * Experts of users, of length 1 where the score is {@code kernel-cosine}.
   *
   * @param users block with the user fields
   * @param out [rows][K][D], filled
   */
  void experts(Block users, float[] out);

  /**
   * Tag vectors and gate weights of items, vectors of length 1 where the score is {@code
   * kernel-cosine}.
   *
   * @param items block with the item fields
   * @param task 0-based task
   * @param vectors [rows][D], filled
   * @param gates [rows][K_t], filled
   */
  void tags(Block items, int task, float[] vectors, float[] gates);
}
