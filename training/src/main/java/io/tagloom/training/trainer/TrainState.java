package io.tagloom.training.trainer;

import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.models.TableShape;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that decides how training goes on, in one worker. Random numbers need no state: they
 * are functions of the seed and the step.
 *
 * <p>A checkpoint holds one file of what all workers share (dense weights and their optimiser
 * state, the reports, the position) and one of each worker: the embedding rows that it owns, with
 * their optimiser state. Any number of workers can read them, since each row's place follows from
 * its number.
 */
final class TrainState {
  static final String SHARED = "shared.bin";

  private final MvkeShape shape;
  private final int worker;
  private final int workers;
  final MvkeParameters parameters;
  final float[][] denseState;
  final float[][] tableState;
  final BestWeights best;
  final ExplosionGuard guard;
  final List<EpochReport> reports = new ArrayList<>();
  EpochSums sums;
  int epoch;
  long step;

  /** Seconds of training before the last resume. */
  double secondsBefore;

  /**
   * State at the start of a run. The arrays are not copied.
   *
   * @param denseState optimiser state of the dense weights, by slot
   * @param tableState optimiser state of the rows this worker owns, by table; of each row one slot
   *     after the other
   */
  TrainState(
      MvkeShape shape,
      Peers peers,
      MvkeParameters parameters,
      float[][] denseState,
      float[][] tableState,
      BestWeights best,
      ExplosionGuard guard) {
    this.shape = shape;
    this.worker = peers.worker();
    this.workers = peers.workers();
    this.parameters = parameters;
    this.denseState = denseState;
    this.tableState = tableState;
    this.best = best;
    this.guard = guard;
    this.sums = new EpochSums(shape.tasks());
  }

  static String rowsFile(int worker) {
    return "rows-" + worker + ".bin";
  }

  void writeShared(DataOutputStream out, double seconds) throws IOException {
    out.writeLong(step);
    out.writeInt(epoch);
    out.writeDouble(seconds);
    sums.writeShared(out);
    out.writeInt(reports.size());
    for (EpochReport report : reports) {
      report.write(out);
    }
    best.write(out);
    FloatStream.write(out, parameters.dense());
    for (float[] slot : denseState) {
      FloatStream.write(out, slot);
    }
    if (best.kept().isPresent()) {
      FloatStream.write(out, best.kept().get().dense());
    }
  }

  void readShared(DataInputStream in) throws IOException {
    step = in.readLong();
    epoch = in.readInt();
    secondsBefore = in.readDouble();
    sums = new EpochSums(shape.tasks());
    sums.readShared(in);
    reports.clear();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      reports.add(EpochReport.read(in));
    }
    best.read(in, shape);
    FloatStream.read(in, parameters.dense());
    for (float[] slot : denseState) {
      FloatStream.read(in, slot);
    }
    if (best.kept().isPresent()) {
      FloatStream.read(in, best.kept().get().dense());
    }
  }

  /** Writes the rows of this worker. */
  void writeRows(DataOutputStream out) throws IOException {
    sums.writeOwn(out);
    guard.write(out);
    for (int t = 0; t < tableState.length; t++) {
      int width = shape.tables().get(t).width();
      FloatStream.writeRows(out, parameters.table(t), width, worker, workers);
      FloatStream.write(out, tableState[t]);
      if (best.kept().isPresent()) {
        FloatStream.writeRows(out, best.kept().get().table(t), width, worker, workers);
      }
    }
  }

  /**
   * Reads the rows that a worker has written; after {@link #readShared}.
   *
   * @param writer number of that worker
   * @param writers number of workers then
   */
  void readRows(DataInputStream in, int writer, int writers) throws IOException {
    boolean same = writers == workers;
    // With other workers the sums of all go to the first: only their total counts.
    sums.addOwn(in, same ? writer == worker : worker == 0);
    guard.read(in, same ? writer == worker : writer == 0);
    Optional<MvkeParameters> kept = best.kept();
    for (int t = 0; t < tableState.length; t++) {
      TableShape table = shape.tables().get(t);
      FloatStream.readRows(in, parameters.table(t), table.width(), writer, writers);
      int perRow = table.width() * denseState.length;
      if (same && writer == worker) {
        FloatStream.read(in, tableState[t]);
      } else {
        float[] theirs = new float[FloatStream.count(table.rows(), writer, writers) * perRow];
        FloatStream.read(in, theirs);
        deal(theirs, tableState[t], perRow, writer, writers);
      }
      if (kept.isPresent()) {
        FloatStream.readRows(in, kept.get().table(t), table.width(), writer, writers);
      }
    }
  }

  /** Takes what this worker owns of the state that another one owned. */
  private void deal(float[] theirs, float[] mine, int width, int writer, int writers) {
    for (int at = 0, row = writer; at < theirs.length; at += width, row += writers) {
      if (row % workers == worker) {
        System.arraycopy(theirs, at, mine, row / workers * width, width);
      }
    }
  }
}
