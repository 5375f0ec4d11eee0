package io.tagloom.training.trainer;

import io.tagloom.features.blocks.Block;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A worker's blocks, and their order in each epoch. */
final class SampleShare {
  private final BlockShelf blocks;
  private final long rows;

  /**
   * Takes blocks.
   *
   * @param blocks in an order that depends on their content alone
   */
  SampleShare(List<Block> blocks) {
    this(BlockShelf.of(blocks));
  }

  /** Takes blocks of which some may lie on the disk. */
  SampleShare(BlockShelf blocks) {
    this.blocks = blocks;
    long sum = 0;
    for (int i = 0; i < blocks.size(); i++) {
      sum += blocks.rows(i);
    }
    this.rows = sum;
  }

  List<Block> blocks() {
    return blocks;
  }

  /** Number of samples. */
  long rows() {
    return rows;
  }

  /**
   * The order of an epoch: blocks shuffled, then rows shuffled within windows of blocks.
   *
   * @param seed the run's seed
   * @param epoch number of the epoch, from 0
   * @param window blocks whose rows are mixed, 1 or more
   */
  Order order(long seed, int epoch, int window) {
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + epoch);
    int[] order = new int[blocks.size()];
    for (int i = 0; i < order.length; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return new Order(order, random, window);
  }

  /** Samples in the order of an epoch: {@code block << 32 | row}. */
  final class Order {
    private final int[] order;
    private final SplittableRandom random;
    private final int window;
    private int nextBlock;
    private long[] mixed = {};
    private int taken;

    private Order(int[] order, SplittableRandom random, int window) {
      this.order = order;
      this.random = random;
      this.window = window;
    }

    /**
     * The next samples, sorted by block and row within the batch.
     *
     * @param count how many; no more than are left
     */
    long[] next(int count) {
      long[] batch = new long[count];
      int filled = 0;
      while (filled < count) {
        if (taken == mixed.length) {
          mixNextWindow();
        }
        int part = Math.min(count - filled, mixed.length - taken);
        System.arraycopy(mixed, taken, batch, filled, part);
        taken += part;
        filled += part;
      }
      Arrays.sort(batch);
      return batch;
    }

    private void mixNextWindow() {
      int end = Math.min(order.length, nextBlock + window);
      int size = 0;
      for (int i = nextBlock; i < end; i++) {
        size += blocks.rows(order[i]);
      }
      mixed = new long[size];
      taken = 0;
      int place = 0;
      for (int i = nextBlock; i < end; i++) {
        for (int row = 0; row < blocks.rows(order[i]); row++, place++) {
          int other = random.nextInt(place + 1);
          mixed[place] = mixed[other];
          mixed[other] = ((long) order[i] << 32) | row;
        }
      }
      nextBlock = end;
    }
  }
}
