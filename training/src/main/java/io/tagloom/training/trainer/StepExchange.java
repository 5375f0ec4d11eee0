package io.tagloom.training.trainer;

import io.tagloom.conf.TrainingSettings.Exchange;
import io.tagloom.training.bigdl.PeerBlocks;
import io.tagloom.training.models.MvkeGradients;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * What the workers of a step send one another: an all-reduce of the dense gradient, and gradients
 * of touched rows to the workers that own the rows, which send the updated rows back to everybody.
 * Both travel together, in one piece to each worker before the first meeting of the step and in one
 * piece to all before the second. What a step sends follows the rows it touches, not the size of
 * the tables.
 *
 * <p>Each worker owns an equal slice of the dense weights and the rows whose number divided by the
 * number of workers leaves its own. Sums are made in the workers' order, so that they do not depend
 * on who comes first. With {@link Exchange#FP16} gradients and their sums are rounded to 16 bits,
 * for everybody alike; weights of rows are not.
 */
final class StepExchange {
  private final BarrierPeers peers;
  private final Crew crew;
  private final boolean halves;
  private final int dense;
  private final float[] slice;
  private final float[] part;
  private final TouchedRows[][] rows;
  private final TouchedRows[][] spare;
  private final TouchedRows[] sums;
  private final Piece[] gradientPieces;
  private final byte[][] spares;
  private final Piece result = new Piece();
  private final Piece arrived = new Piece();

  StepExchange(MvkeShape shape, BarrierPeers peers, Crew crew, Exchange format) {
    this.peers = peers;
    this.crew = crew;
    this.halves = format == Exchange.FP16;
    this.dense = shape.denseSize();
    this.slice = new float[from(peers.worker() + 1) - from(peers.worker())];
    this.part = new float[slice.length];
    int tables = shape.tables().size();
    this.rows = new TouchedRows[tables][];
    this.spare = new TouchedRows[tables][];
    this.sums = new TouchedRows[tables];
    for (int t = 0; t < tables; t++) {
      int width = shape.tables().get(t).width();
      rows[t] = touched(width, peers.workers());
      spare[t] = touched(width, 2);
    }
    this.spares = new byte[peers.workers()][0];
    this.gradientPieces = new Piece[peers.workers()];
    for (int i = 0; i < gradientPieces.length; i++) {
      gradientPieces[i] = new Piece();
    }
  }

  private static TouchedRows[] touched(int width, int workers) {
    TouchedRows[] touched = new TouchedRows[workers];
    for (int i = 0; i < workers; i++) {
      touched[i] = new TouchedRows(width);
    }
    return touched;
  }

  /** Tells the workers where each of them is; waits for all. */
  void start() {
    peers.know(new PeerBlocks(peers.gather(PeerBlocks.address())));
  }

  /** Takes back what the last step has left; waits for all, since somebody may still read it. */
  void finish() {
    peers.meet();
    peers.removeAll();
  }

  /** First dense weight of a worker's slice. */
  private int from(int worker) {
    return (int) ((long) dense * worker / peers.workers());
  }

  /** Offers each other worker the gradients of what it owns. A meeting must follow. */
  void offerGradients(MvkeGradients gradients, long step) {
    eachTable(
        t ->
            TouchedRows.deal(
                gradients.rowCount(t), gradients.rows(t), gradients.values(t), rows[t]));
    for (int other = 0; other < peers.workers(); other++) {
      if (other != peers.worker()) {
        int from = from(other);
        int count = from(other + 1) - from;
        int size = 4 * count;
        for (TouchedRows[] table : rows) {
          size = Math.addExact(size, table[other].bytes());
        }
        Piece piece = gradientPieces[other];
        piece.clear(size);
        putGradients(piece, gradients.dense(), from, count);
        for (TouchedRows[] table : rows) {
          putRows(piece, table[other]);
          putGradients(piece, table[other].values, 0, table[other].count * table[other].width);
        }
        peers.post(gradientPiece(step, other), piece.written());
      }
    }
  }

  /**
   * Adds up the gradients of what this worker owns: dense ones in place, rows into the result, by
   * table.
   */
  TouchedRows[] sumGradients(float[] gradient, long step) {
    List<Future<ByteBuffer>> pieces = fetchAll(gradientPiece(step, peers.worker()));
    int from = from(peers.worker());
    for (int other = 0; other < peers.workers(); other++) {
      float[] values = other == 0 ? slice : part;
      if (other == peers.worker()) {
        System.arraycopy(gradient, from, values, 0, slice.length);
      } else {
        await(pieces.get(other), other);
        takeGradients(values, 0, slice.length);
        for (TouchedRows[] table : rows) {
          takeRows(table[other]);
          takeGradients(table[other].values, 0, table[other].count * table[other].width);
        }
      }
      if (other > 0) {
        TableUpdate.add(part, slice, 0, slice.length);
      }
    }
    System.arraycopy(slice, 0, gradient, from, slice.length);
    eachTable(t -> sums[t] = sum(rows[t], spare[t]));
    return sums;
  }

  /** The sum of some rows in the workers' order; in one of the two spare buffers, or the first. */
  private static TouchedRows sum(TouchedRows[] parts, TouchedRows[] spare) {
    TouchedRows sum = parts[0];
    for (int other = 1; other < parts.length; other++) {
      TouchedRows next = spare[other % 2];
      next.sum(sum, parts[other]);
      sum = next;
    }
    return sum;
  }

  /**
   * Offers the sums of this worker's slice and the new values of its rows. A meeting must follow.
   */
  void offerResults(MvkeParameters parameters, float[] gradient, long step) {
    eachTable(t -> sums[t].copyFrom(parameters.table(t)));
    int size = 4 * slice.length;
    for (TouchedRows table : sums) {
      size = Math.addExact(size, table.bytes());
    }
    // The meeting before this has shown that everybody has read last step's results.
    peers.remove(resultPiece(step - 1));
    result.clear(size);
    putGradients(result, slice, 0, slice.length);
    for (TouchedRows table : sums) {
      putRows(result, table);
      result.put(table.values, 0, table.count * table.width);
    }
    if (halves) {
      // This worker must see what the others see.
      arrived.read(result.written());
      takeGradients(gradient, from(peers.worker()), slice.length);
    }
    peers.post(resultPiece(step), result.written());
  }

  /** Takes the sums and the new rows of the others, and takes back this step's gradients. */
  void takeResults(MvkeParameters parameters, float[] gradient, long step) {
    List<Future<ByteBuffer>> pieces = fetchAll(resultPiece(step));
    for (int other = 0; other < peers.workers(); other++) {
      if (other != peers.worker()) {
        await(pieces.get(other), other);
        takeGradients(gradient, from(other), from(other + 1) - from(other));
        for (TouchedRows[] table : rows) {
          takeRows(table[other]);
          arrived.take(table[other].values, 0, table[other].count * table[other].width);
        }
        peers.remove(gradientPiece(step, other));
      }
    }
    eachTable(
        t -> {
          for (int other = 0; other < peers.workers(); other++) {
            if (other != peers.worker()) {
              rows[t][other].copyTo(parameters.table(t));
            }
          }
        });
  }

  private List<Future<ByteBuffer>> fetchAll(String piece) {
    List<Future<ByteBuffer>> pieces = new ArrayList<>();
    for (int other = 0; other < peers.workers(); other++) {
      boolean own = other == peers.worker();
      pieces.add(own ? null : peers.fetch(other, piece, spares[other]));
    }
    return pieces;
  }

  private void await(Future<ByteBuffer> piece, int other) {
    ByteBuffer bytes = peers.arrived(piece, other);
    spares[other] = bytes.array();
    arrived.read(bytes);
  }

  /** Work on each table, dealt to the threads. */
  private void eachTable(IntConsumer work) {
    crew.run(
        thread -> {
          for (int t = thread; t < rows.length; t += crew.size()) {
            work.accept(t);
          }
        });
  }

  private static void putRows(Piece piece, TouchedRows table) {
    piece.put(table.count);
    piece.put(table.rows, table.count);
  }

  private void takeRows(TouchedRows into) {
    int count = arrived.take();
    into.reserve(count);
    into.count = count;
    arrived.take(into.rows, count);
  }

  private void putGradients(Piece piece, float[] values, int from, int count) {
    if (halves) {
      piece.putHalves(values, from, count);
    } else {
      piece.put(values, from, count);
    }
  }

  private void takeGradients(float[] into, int from, int count) {
    if (halves) {
      arrived.takeHalves(into, from, count);
    } else {
      arrived.take(into, from, count);
    }
  }

  private static String gradientPiece(long step, int to) {
    return "gradients-" + step + "-" + to;
  }

  private static String resultPiece(long step) {
    return "results-" + step;
  }
}
