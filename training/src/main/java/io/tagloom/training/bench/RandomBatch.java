package io.tagloom.training.bench;

import io.tagloom.training.models.Batch;
import io.tagloom.training.models.BatchColumn;
import io.tagloom.training.models.MvkeNetwork;
import io.tagloom.training.models.MvkeShape;
import java.util.SplittableRandom;

/** Batches of random samples: ids evenly spread, clicks and conversions by chance. */
final class RandomBatch {
  private static final double CONVERSIONS_OF_CLICKS = 0.2;

  private RandomBatch() {}

  /** Fills a batch anew and groups its ids. */
  static void fill(Batch batch, StepSizes sizes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    MvkeShape shape = batch.shape();
    batch.clear();
    for (int row = 0; row < sizes.of(Size.BATCH); row++) {
      for (int f = 0; f < shape.userFields(); f++) {
        BatchColumn column = batch.column(f);
        column.add(1 + random.nextInt(column.table().rows() - 1), 1);
        column.endRow();
      }
      BatchColumn tags = batch.column(shape.userFields());
      for (int i = 0; i < sizes.of(Size.TAGS_PER_ROW); i++) {
        tags.add(1 + random.nextInt(tags.table().rows() - 1), 1);
      }
      tags.endMeanRow();
      batch.addRow();
      boolean click = random.nextDouble() < sizes.clickShare();
      boolean conversion = click && random.nextDouble() < CONVERSIONS_OF_CLICKS;
      batch.target(0, row, click ? 1 : 0, 1);
      for (int task = 1; task < shape.tasks(); task++) {
        batch.target(task, row, conversion ? 1 : 0, click ? 1 : 0);
      }
    }
    batch.arrange(MvkeNetwork.TILE_ROWS);
    batch.group();
  }
}
