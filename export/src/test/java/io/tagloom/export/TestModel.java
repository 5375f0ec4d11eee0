package io.tagloom.export;

import io.tagloom.export.scoring.ScoreKind;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.FieldColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A model of two tasks whose experts and tag vectors are random functions of the ids. */
final class TestModel implements ScoringModel {
  static final int KERNELS = 5;
  static final int DIM = 8;

  private final long seed;
  private final ScoreKind kind;
  private final List<ScoredTask> tasks;

  TestModel(long seed, ScoreKind kind) {
    this.seed = seed;
    this.kind = kind;
    this.tasks =
        Collections.unmodifiableList(
            new ArrayList<>(
                Arrays.asList(
                    new ScoredTask("ctr", new int[] {0, 1, 2}, 5, -1, kind),
                    new ScoredTask("cvr", new int[] {1, 2, 4}, 3, -2, kind))));
  }

  @Override
  public int kernels() {
    return KERNELS;
  }

  @Override
  public int outputDim() {
    return DIM;
  }

  @Override
  public List<ScoredTask> tasks() {
    return tasks;
  }

  @Override
  public void experts(Block users, float[] out) {
    for (int row = 0; row < users.rows(); row++) {
      Random random = new Random(seed * 31 + hash(users, row));
      for (int k = 0; k < KERNELS; k++) {
        vector(random, out, (row * KERNELS + k) * DIM);
      }
    }
  }

  @Override
  public void tags(Block items, int task, float[] vectors, float[] gates) {
    int kernels = tasks.get(task).kernelCount();
    for (int row = 0; row < items.rows(); row++) {
      Random random = new Random(seed * 131 + hash(items, row) + 7919L * task);
      vector(random, vectors, row * DIM);
      float sum = 0;
      for (int k = 0; k < kernels; k++) {
        gates[row * kernels + k] = (float) Math.exp(random.nextGaussian());
        sum += gates[row * kernels + k];
      }
      for (int k = 0; k < kernels; k++) {
        gates[row * kernels + k] /= sum;
      }
    }
  }

  private void vector(Random random, float[] out, int offset) {
    double squares = 0;
    for (int d = 0; d < DIM; d++) {
      out[offset + d] = (float) random.nextGaussian();
      squares += out[offset + d] * out[offset + d];
    }
    for (int d = 0; d < DIM && kind == ScoreKind.KERNEL_COSINE; d++) {
      out[offset + d] /= (float) Math.sqrt(squares);
    }
  }

  private static long hash(Block block, int row) {
    long hash = 17;
    for (int field = 0; field < block.layout().fields().size(); field++) {
      FieldColumn column = block.field(field);
      for (int i = column.start(row); i < column.end(row); i++) {
        hash = hash * 1_000_003 + column.ids()[i];
      }
      hash = hash * 31 + 5;
    }
    return hash;
  }
}
