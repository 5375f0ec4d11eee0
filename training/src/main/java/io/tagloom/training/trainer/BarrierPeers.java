package io.tagloom.training.trainer;

import io.tagloom.training.bigdl.BlockExchange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.BarrierTaskContext;

/** The tasks of one barrier stage, which hand pieces to one another by Spark's block managers. */
final class BarrierPeers implements Peers {
  private final BarrierTaskContext context;
  private final String run;
  private final int workers;
  private long rounds;

  BarrierPeers(BarrierTaskContext context, String run, int workers) {
    this.context = context;
    this.run = run;
    this.workers = workers;
  }

  @Override
  public int worker() {
    return context.partitionId();
  }

  @Override
  public int workers() {
    return workers;
  }

  @Override
  public void meet() {
    context.barrier();
  }

  @Override
  public List<byte[]> gather(byte[] mine) {
    String round = "gather-" + rounds++;
    offer(round, ByteBuffer.wrap(mine));
    meet();
    List<byte[]> all = new ArrayList<>();
    for (int other = 0; other < workers; other++) {
      all.add(other == worker() ? mine : read(other, round));
    }
    meet();
    remove(round);
    return all;
  }

  /** Offers a piece of this worker. */
  void offer(String piece, ByteBuffer bytes) {
    BlockExchange.offer(name(worker(), piece), bytes);
  }

  /** Takes back a piece of this worker. */
  void remove(String piece) {
    BlockExchange.remove(name(worker(), piece));
  }

  /**
   * Reads a piece that another worker has offered before the last meeting.
   *
   * @throws IllegalStateException if it is not there
   */
  byte[] read(int other, String piece) {
    return BlockExchange.read(name(other, piece))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Cannot read "
                        + piece
                        + " of worker "
                        + other
                        + ": its executor no longer offers it. The stage starts again from the "
                        + "last checkpoint."));
  }

  private String name(int worker, String piece) {
    return run + "_" + worker + "_" + piece;
  }
}
