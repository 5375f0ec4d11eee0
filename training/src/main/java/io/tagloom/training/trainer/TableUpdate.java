package io.tagloom.training.trainer;

import io.tagloom.conf.SettingsException;
import io.tagloom.training.models.MvkeGradients;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.models.TableShape;

/**
 * Updates touched rows of the embedding tables. A worker keeps optimiser state for the rows it
 * owns, those whose number divided by the number of workers leaves its own number; a row that a
 * step does not touch keeps weights and state as they are.
 *
 * <p>Rows are gathered into short flat buffers, updated by the element-wise rule and scattered
 * back, since loops over one row of 16 numbers are too short for vector instructions. The state of
 * a row lies side by side, slot after slot: with large tables the time goes into waiting for
 * memory, and one far place costs less than two.
 */
final class TableUpdate {
  private static final int TILE = 128;

  /** Numbers in a cache line. */
  private static final int LINE = 16;

  private final MvkeShape shape;
  private final UpdateRule rule;
  private final int worker;
  private final int workers;
  private final float[][] state;
  private final Buffers[] buffers;

  TableUpdate(MvkeShape shape, UpdateRule rule, Peers peers, int threads) {
    this.shape = shape;
    this.rule = rule;
    this.worker = peers.worker();
    this.workers = peers.workers();
    this.state = new float[shape.tables().size()][];
    int widest = 1;
    for (int t = 0; t < state.length; t++) {
      TableShape table = shape.tables().get(t);
      widest = Math.max(widest, table.width());
      int owned = (table.rows() - worker + workers - 1) / workers;
      state[t] = new float[stateSize(table, owned)];
    }
    this.buffers = new Buffers[threads];
    for (int i = 0; i < threads; i++) {
      buffers[i] = new Buffers(TILE * widest, rule.slots());
    }
  }

  private int stateSize(TableShape table, int owned) {
    long size = (long) owned * table.width() * rule.slots();
    if (size > Integer.MAX_VALUE - 8) {
      throw new SettingsException(
          "Invalid table "
              + table.name()
              + ": "
              + size
              + " numbers of optimiser state in one worker; expected fewer than 2^31. Raise"
              + " training.workers or set max-size of the field.");
    }
    return (int) size;
  }

  /**
   * State by table: part of a checkpoint. One row after the other, of each row one slot after the
   * other.
   */
  float[][] state() {
    return state;
  }

  /**
   * Adds up the replicas' gradients of some rows, into the first replica.
   *
   * @param from first of the batch's distinct rows
   * @param to after the last
   */
  static void sumReplicas(MvkeGradients[] replicas, int table, int width, int from, int to) {
    float[] sum = replicas[0].values(table);
    for (int i = 1; i < replicas.length; i++) {
      add(replicas[i].values(table), sum, from * width, to * width);
    }
  }

  static void add(float[] from, float[] into, int start, int end) {
    for (int i = start; i < end; i++) {
      into[i] += from[i];
    }
  }

  /** Sums replicas and updates all touched rows; for a worker that owns every row. */
  void apply(
      Crew crew, MvkeParameters parameters, MvkeGradients[] replicas, double rate, long step) {
    crew.run(
        thread -> {
          for (int t = 0; t < state.length; t++) {
            int width = shape.tables().get(t).width();
            int count = replicas[0].rowCount(t);
            int end = (int) ((long) count * (thread + 1) / crew.size());
            int from = (int) ((long) count * thread / crew.size());
            for (; from < end; from += TILE) {
              int to = Math.min(end, from + TILE);
              sumReplicas(replicas, t, width, from, to);
              update(
                  thread,
                  parameters,
                  t,
                  replicas[0].rows(t),
                  replicas[0].values(t),
                  from,
                  to,
                  rate,
                  step);
            }
          }
        });
  }

  /** Updates rows that this worker owns. */
  void apply(Crew crew, MvkeParameters parameters, TouchedRows[] touched, double rate, long step) {
    crew.run(
        thread -> {
          for (int t = 0; t < state.length; t++) {
            int count = touched[t].count;
            int end = (int) ((long) count * (thread + 1) / crew.size());
            int from = (int) ((long) count * thread / crew.size());
            for (; from < end; from += TILE) {
              int to = Math.min(end, from + TILE);
              update(
                  thread, parameters, t, touched[t].rows, touched[t].values, from, to, rate, step);
            }
          }
        });
  }

  private void update(
      int thread,
      MvkeParameters parameters,
      int table,
      int[] rows,
      float[] gradients,
      int from,
      int to,
      double rate,
      long step) {
    Buffers buffer = buffers[thread];
    float[] weights = parameters.table(table);
    float[] slots = state[table];
    int width = shape.tables().get(table).width();
    int perRow = width * rule.slots();
    int size = (to - from) * width;
    buffer.touched = touch(weights, width, slots, perRow, rows, from, to, workers);
    System.arraycopy(gradients, from * width, buffer.gradients, 0, size);
    for (int i = from, at = 0; i < to; i++, at += width) {
      System.arraycopy(weights, rows[i] * width, buffer.weights, at, width);
      int own = rows[i] / workers * perRow;
      for (int slot = 0; slot < buffer.state.length; slot++) {
        System.arraycopy(slots, own + slot * width, buffer.state[slot], at, width);
      }
    }
    rule.update(buffer.weights, buffer.gradients, buffer.state, 0, size, rate, step);
    for (int i = from, at = 0; i < to; i++, at += width) {
      System.arraycopy(buffer.weights, at, weights, rows[i] * width, width);
      int own = rows[i] / workers * perRow;
      for (int slot = 0; slot < buffer.state.length; slot++) {
        System.arraycopy(buffer.state[slot], at, slots, own + slot * width, width);
      }
    }
  }

  /**
   * Reads a number of every cache line that the tile needs. These reads do not wait for one
   * another, as copies of whole rows nearly do, so that the processor fetches many lines at a time.
   */
  private static float touch(
      float[] weights,
      int width,
      float[] slots,
      int perRow,
      int[] rows,
      int from,
      int to,
      int workers) {
    float sum = 0;
    for (int i = from; i < to; i++) {
      int row = rows[i] * width;
      sum += weights[row] + weights[row + width - 1];
    }
    for (int line = 0; line < perRow; line += LINE) {
      for (int i = from; i < to; i++) {
        sum += slots[rows[i] / workers * perRow + line];
      }
    }
    return sum;
  }

  private static final class Buffers {
    final float[] weights;
    final float[] gradients;
    final float[][] state;

    // Stored so that the reads are not optimised away.
    float touched;

    Buffers(int size, int slots) {
      weights = new float[size];
      gradients = new float[size];
      state = new float[slots][size];
    }
  }
}
