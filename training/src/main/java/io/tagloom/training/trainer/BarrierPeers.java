package io.tagloom.training.trainer;

import io.tagloom.training.bigdl.BlockExchange;
import io.tagloom.training.bigdl.Meeting;
import io.tagloom.training.bigdl.PeerBlocks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.util.TaskFailureListener;

/** The tasks of one barrier stage, which hand pieces to one another by Spark's block managers. */
final class BarrierPeers implements Peers {
  private final BarrierTaskContext context;
  private final Meeting meeting;
  private final String run;
  private final int workers;
  private PeerBlocks blocks;
  private long rounds;

  BarrierPeers(BarrierTaskContext context, String run, int workers) {
    this.context = context;
    this.meeting = new Meeting(context);
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
    meeting.meet();
  }

  @Override
  public List<byte[]> gather(byte[] mine) {
    String round = "gather-" + rounds++;
    BlockExchange.offer(name(worker(), round), ByteBuffer.wrap(mine));
    meet();
    List<byte[]> all = new ArrayList<>();
    for (int other = 0; other < workers; other++) {
      all.add(other == worker() ? mine : read(other, round));
    }
    meet();
    BlockExchange.remove(name(worker(), round));
    return all;
  }

  /** Learns where the other workers are: what {@link #post} and {@link #fetch} need. */
  void know(PeerBlocks places) {
    blocks = places;
    TaskFailureListener removal = (task, failure) -> removeAll();
    context.addTaskFailureListener(removal);
  }

  /** Offers a piece of this worker to workers that know where it is. */
  void post(String piece, ByteBuffer bytes) {
    blocks.offer(name(worker(), piece), bytes);
  }

  /** Takes back a piece of this worker. */
  void remove(String piece) {
    blocks.remove(name(worker(), piece));
  }

  /** Takes back all pieces of this worker. */
  void removeAll() {
    blocks.removeAll();
  }

  /**
   * Starts to take a piece that another worker has posted before the last meeting.
   *
   * @param spare where it goes when it fits
   */
  Future<ByteBuffer> fetch(int other, String piece, byte[] spare) {
    return blocks.fetch(other, name(other, piece), spare);
  }

  /**
   * Waits for a piece.
   *
   * @throws IllegalStateException if the worker no longer offers it
   */
  ByteBuffer arrived(Future<ByteBuffer> piece, int other) {
    try {
      return piece.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(missing("a piece of the step", other), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot finish the step: the task was stopped.", e);
    }
  }

  private byte[] read(int other, String piece) {
    return BlockExchange.read(name(other, piece))
        .orElseThrow(() -> new IllegalStateException(missing(piece, other)));
  }

  private static String missing(String piece, int other) {
    return "Cannot read "
        + piece
        + " of worker "
        + other
        + ": its executor no longer offers it. The stage starts again from the last checkpoint.";
  }

  private String name(int worker, String piece) {
    return run + "_" + worker + "_" + piece;
  }
}
