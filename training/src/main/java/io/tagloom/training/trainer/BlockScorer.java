package io.tagloom.training.trainer;

import io.tagloom.features.blocks.Block;
import io.tagloom.training.evaluation.Logistic;
import io.tagloom.training.models.Batch;
import io.tagloom.training.models.BatchReader;
import io.tagloom.training.models.MvkeNetwork;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;

/** Logits of whole blocks. Used by one thread at a time. */
public final class BlockScorer {
  private final MvkeShape shape;
  private final MvkeNetwork network;
  private final BatchReader reader;
  private final Batch batch;

  /** A scorer for models of a shape. */
  public BlockScorer(MvkeShape shape) {
    this.shape = shape;
    this.network = new MvkeNetwork(shape);
    this.reader = new BatchReader(shape);
    this.batch = new Batch(shape);
  }

  /**
   * Logits of every row, without dropout.
   *
   * @return one array per task, one number per row
   */
  public float[][] logits(MvkeParameters parameters, Block block) {
    float[][] out = new float[shape.tasks()][block.rows()];
    int[] rows = new int[block.rows()];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = row;
    }
    batch.clear();
    reader.addSamples(batch, block, rows, 0, rows.length);
    network.logits(parameters, batch, 0, rows.length, out, 0);
    return out;
  }

  /** Probabilities of logits. */
  public static float[] probabilities(float[] logits) {
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = (float) Logistic.probability(logits[i]);
    }
    return probabilities;
  }
}
