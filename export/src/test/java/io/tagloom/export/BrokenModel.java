package io.tagloom.export;

import io.tagloom.export.scoring.ScoreKind;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.features.blocks.Block;
import java.util.List;

/** A model that gives one user NaN, or gates that do not sum to 1. */
final class BrokenModel implements ScoringModel {
  private static final long serialVersionUID = 1L;

  private final TestModel model = new TestModel(3, ScoreKind.KERNEL_COSINE);
  private final boolean nan;

  private BrokenModel(boolean nan) {
    this.nan = nan;
  }

  static BrokenModel nan() {
    return new BrokenModel(true);
  }

  static BrokenModel gates() {
    return new BrokenModel(false);
  }

  @Override
  public int kernels() {
    return model.kernels();
  }

  @Override
  public int outputDim() {
    return model.outputDim();
  }

  @Override
  public List<ScoredTask> tasks() {
    return model.tasks();
  }

  @Override
  public void experts(Block users, float[] out) {
    model.experts(users, out);
    int width = kernels() * outputDim();
    for (int row = 0; nan && row < users.rows(); row++) {
      if (users.field(0).ids()[row] == 9) {
        out[row * width + 3] = Float.NaN;
      }
    }
  }

  @Override
  public void tags(Block items, int task, float[] vectors, float[] gates) {
    model.tags(items, task, vectors, gates);
    if (!nan) {
      gates[0] += 0.01f;
    }
  }
}
