package io.tagloom.training.trainer;

import io.tagloom.training.models.MvkeGradients;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.models.TableShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Sends gradients of touched rows to the workers that own the rows, and the updated rows back to
 * everybody. What a step sends follows the rows it touches, not the size of the tables.
 *
 * <p>A piece holds for each table the number of rows, the row numbers, and one vector per row.
 */
final class RowExchange {
  private final MvkeShape shape;
  private final BarrierPeers peers;
  private final TouchedRows[] own;
  private final TouchedRows[] sums;
  private final TouchedRows[] scratch;
  private final TouchedRows[] foreign;

  RowExchange(MvkeShape shape, BarrierPeers peers) {
    this.shape = shape;
    this.peers = peers;
    this.own = touched();
    this.sums = touched();
    this.scratch = touched();
    this.foreign = touched();
  }

  private TouchedRows[] touched() {
    List<TableShape> tables = shape.tables();
    TouchedRows[] touched = new TouchedRows[tables.size()];
    for (int t = 0; t < touched.length; t++) {
      touched[t] = new TouchedRows(tables.get(t).width());
    }
    return touched;
  }

  /** Offers each other worker the gradients of its rows. A meeting must follow. */
  void offerGradients(MvkeGradients gradients, long step) {
    for (int other = 0; other < peers.workers(); other++) {
      for (int t = 0; t < own.length; t++) {
        select(gradients, t, other, scratch[t]);
      }
      if (other == peers.worker()) {
        for (int t = 0; t < own.length; t++) {
          copy(scratch[t], own[t]);
        }
      } else {
        peers.offer(gradientPiece(step, other), write(scratch));
      }
    }
  }

  /** The summed gradients of the rows this worker owns, in the workers' order. */
  TouchedRows[] sumGradients(long step) {
    for (int other = 0; other < peers.workers(); other++) {
      TouchedRows[] piece = own;
      if (other != peers.worker()) {
        read(peers.read(other, gradientPiece(step, peers.worker())), foreign);
        piece = foreign;
      }
      for (int t = 0; t < sums.length; t++) {
        if (other == 0) {
          copy(piece[t], sums[t]);
        } else {
          scratch[t].sum(sums[t], piece[t]);
          TouchedRows swap = sums[t];
          sums[t] = scratch[t];
          scratch[t] = swap;
        }
      }
    }
    return sums;
  }

  /** Offers the new values of the rows this worker has updated. A meeting must follow. */
  void offerRows(MvkeParameters parameters, long step) {
    for (int t = 0; t < sums.length; t++) {
      TouchedRows rows = sums[t];
      float[] table = parameters.table(t);
      for (int i = 0; i < rows.count; i++) {
        System.arraycopy(table, rows.rows[i] * rows.width, rows.values, i * rows.width, rows.width);
      }
    }
    peers.offer(rowPiece(step), write(sums));
    // The meeting before this has shown that everybody has read last step's rows.
    peers.remove(rowPiece(step - 1));
  }

  /** Takes the new values of the rows that others own, and takes back this step's gradients. */
  void readRows(MvkeParameters parameters, long step) {
    for (int other = 0; other < peers.workers(); other++) {
      if (other == peers.worker()) {
        continue;
      }
      read(peers.read(other, rowPiece(step)), foreign);
      for (int t = 0; t < foreign.length; t++) {
        TouchedRows rows = foreign[t];
        float[] table = parameters.table(t);
        for (int i = 0; i < rows.count; i++) {
          int at = rows.rows[i] * rows.width;
          System.arraycopy(rows.values, i * rows.width, table, at, rows.width);
        }
      }
      peers.remove(gradientPiece(step, other));
    }
  }

  private void select(MvkeGradients gradients, int table, int owner, TouchedRows into) {
    int count = gradients.rowCount(table);
    int[] rows = gradients.rows(table);
    float[] values = gradients.values(table);
    into.reserve(count);
    into.count = 0;
    for (int i = 0; i < count; i++) {
      if (rows[i] % peers.workers() == owner) {
        into.rows[into.count] = rows[i];
        System.arraycopy(values, i * into.width, into.values, into.count * into.width, into.width);
        into.count++;
      }
    }
  }

  private static void copy(TouchedRows from, TouchedRows into) {
    into.reserve(from.count);
    into.count = from.count;
    System.arraycopy(from.rows, 0, into.rows, 0, from.count);
    System.arraycopy(from.values, 0, into.values, 0, from.count * from.width);
  }

  private static ByteBuffer write(TouchedRows[] tables) {
    int size = 0;
    for (TouchedRows table : tables) {
      size = Math.addExact(size, 4 + table.count * 4 * (1 + table.width));
    }
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    for (TouchedRows table : tables) {
      bytes.putInt(table.count);
      bytes.asIntBuffer().put(table.rows, 0, table.count);
      bytes.position(bytes.position() + 4 * table.count);
      bytes.asFloatBuffer().put(table.values, 0, table.count * table.width);
      bytes.position(bytes.position() + 4 * table.count * table.width);
    }
    bytes.flip();
    return bytes;
  }

  private static void read(byte[] piece, TouchedRows[] tables) {
    ByteBuffer bytes = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);
    for (TouchedRows table : tables) {
      int count = bytes.getInt();
      table.reserve(count);
      table.count = count;
      bytes.asIntBuffer().get(table.rows, 0, count);
      bytes.position(bytes.position() + 4 * count);
      bytes.asFloatBuffer().get(table.values, 0, count * table.width);
      bytes.position(bytes.position() + 4 * count * table.width);
    }
  }

  private static String gradientPiece(long step, int to) {
    return "gradients-" + step + "-" + to;
  }

  private static String rowPiece(long step) {
    return "rows-" + step;
  }
}
