package io.tagloom.training.trainer;

import io.tagloom.features.blocks.Block;
import io.tagloom.training.models.Batch;
import io.tagloom.training.models.BatchReader;
import io.tagloom.training.models.MvkeNetwork;
import io.tagloom.training.models.MvkeShape;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Gathers the next batch of an epoch while the one before is trained on. */
final class BatchFeed implements AutoCloseable {
  private final SampleShare share;
  private final BatchReader reader;
  private final ExecutorService ahead = Executors.newSingleThreadExecutor(Crew::thread);
  private Batch spare;
  private Batch handed;
  private Future<Batch> next;

  BatchFeed(MvkeShape shape, SampleShare share) {
    this.share = share;
    this.reader = new BatchReader(shape);
    this.spare = new Batch(shape);
    this.handed = new Batch(shape);
  }

  /** Starts to gather the next samples of an order. Called once before each {@link #take}. */
  void prepare(SampleShare.Order order, int count) {
    Batch into = spare;
    next = ahead.submit(() -> fill(into, order.next(count)));
  }

  /** The batch prepared last. It stays as it is until the one after next is prepared. */
  Batch take() {
    try {
      Batch batch = next.get();
      spare = handed;
      handed = batch;
      return batch;
    } catch (ExecutionException e) {
      throw Crew.unchecked(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot gather the batch: the task was stopped.", e);
    }
  }

  private Batch fill(Batch batch, long[] samples) {
    batch.clear();
    int[] rows = new int[samples.length];
    for (int i = 0; i < samples.length; i++) {
      rows[i] = (int) samples[i];
    }
    for (int from = 0; from < samples.length; ) {
      int block = (int) (samples[from] >> 32);
      int to = from;
      while (to < samples.length && (int) (samples[to] >> 32) == block) {
        to++;
      }
      Block source = share.blocks().get(block);
      reader.addSamples(batch, source, rows, from, to);
      from = to;
    }
    batch.arrange(MvkeNetwork.TILE_ROWS);
    batch.group();
    return batch;
  }

  @Override
  public void close() {
    ahead.shutdownNow();
  }
}
