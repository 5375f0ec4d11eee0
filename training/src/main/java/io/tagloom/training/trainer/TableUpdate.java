package io.tagloom.training.trainer;

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
 * back, since loops over one row of 16 numbers are too short for vector instructions.
 */
final class TableUpdate {
  private static final int TILE = 128;

  private final MvkeShape shape;
  private final UpdateRule rule;
  private final int worker;
  private final int workers;
  private final float[][][] state;
  private final Buffers[] buffers;

  TableUpdate(MvkeShape shape, UpdateRule rule, Peers peers, int threads) {
    this.shape = shape;
    this.rule = rule;
    this.worker = peers.worker();
    this.workers = peers.workers();
    this.state = new float[shape.tables().size()][rule.slots()][];
    int widest = 1;
    for (int t = 0; t < state.length; t++) {
      TableShape table = shape.tables().get(t);
      widest = Math.max(widest, table.width());
      int owned = (table.rows() - worker + workers - 1) / workers;
      for (int slot = 0; slot < rule.slots(); slot++) {
        state[t][slot] = new float[owned * table.width()];
      }
    }
    this.buffers = new Buffers[threads];
    for (int i = 0; i < threads; i++) {
      buffers[i] = new Buffers(TILE * widest, rule.slots());
    }
  }

  /** State by table and slot: part of a checkpoint. */
  float[][][] state() {
    return state;
  }

  /** The worker that owns a row. */
  int owner(int row) {
    return row % workers;
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
    float[][] slots = state[table];
    int width = shape.tables().get(table).width();
    int size = (to - from) * width;
    System.arraycopy(gradients, from * width, buffer.gradients, 0, size);
    for (int i = from, at = 0; i < to; i++, at += width) {
      System.arraycopy(weights, rows[i] * width, buffer.weights, at, width);
      int own = rows[i] / workers * width;
      for (int slot = 0; slot < slots.length; slot++) {
        System.arraycopy(slots[slot], own, buffer.state[slot], at, width);
      }
    }
    rule.update(buffer.weights, buffer.gradients, buffer.state, 0, size, rate, step);
    for (int i = from, at = 0; i < to; i++, at += width) {
      System.arraycopy(buffer.weights, at, weights, rows[i] * width, width);
      int own = rows[i] / workers * width;
      for (int slot = 0; slot < slots.length; slot++) {
        System.arraycopy(buffer.state[slot], at, slots[slot], own, width);
      }
    }
  }

  private static final class Buffers {
    final float[] weights;
    final float[] gradients;
    final float[][] state;

    Buffers(int size, int slots) {
      weights = new float[size];
      gradients = new float[size];
      state = new float[slots][size];
    }
  }
}
