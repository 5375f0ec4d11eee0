package io.tagloom.export;

import io.tagloom.conf.ExportSettings;
import io.tagloom.export.scoring.KeyOrder;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.tables.Gates;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TableWriter;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockLayout;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;

/** Writes item_gates of one partition of encoded items. */
final class ItemTables implements Function2<Integer, Iterator<Row>, Iterator<WrittenPart>> {
  private static final long serialVersionUID = 1L;

  private final TablePlan tables;
  private final Broadcast<ScoringModel> model;
  private final ExportSettings.Gate gate;
  private final boolean annVectors;

  ItemTables(
      TablePlan tables,
      Broadcast<ScoringModel> model,
      ExportSettings.Gate gate,
      boolean annVectors) {
    this.tables = tables;
    this.model = model;
    this.gate = gate;
    this.annVectors = annVectors;
  }

  @Override
  public Iterator<WrittenPart> call(Integer part, Iterator<Row> blocks) throws IOException {
    try (TableWriter<Gates> writer = TableWriter.gates(tables.part(TableKind.ITEM_GATES, part))) {
      long items = 0;
      long outOfOrder = 0;
      long notFinite = 0;
      double worst = 0;
      String last = "";
      while (blocks.hasNext()) {
        Block block = Block.fromRow(blocks.next());
        String[] ids = block.key(BlockLayout.ITEM_ID);
        float[][][] scored = score(block);
        for (int row = 0; row < ids.length; row++) {
          outOfOrder += items > 0 && KeyOrder.compare(last, ids[row]) >= 0 ? 1 : 0;
          last = ids[row];
          items++;
          for (int task = 0; task < scored.length; task++) {
            Gates gates = row(ids[row], row, task, scored[task]);
            notFinite += Finite.all(gates.vector()) && Finite.all(gates.gate()) ? 0 : 1;
            worst = Math.max(worst, gateError(gates.gate()));
            writer.write(gates);
          }
        }
      }
      writer.commit();
      return Collections.singletonList(new WrittenPart(items, 0, outOfOrder, notFinite, worst))
          .iterator();
    }
  }

  /** Vectors and gates of a block, per task. */
  private float[][][] score(Block block) {
    List<ScoredTask> tasks = model.value().tasks();
    float[][][] scored = new float[tasks.size()][2][];
    for (int task = 0; task < scored.length; task++) {
      scored[task][0] = new float[block.rows() * model.value().outputDim()];
      scored[task][1] = new float[block.rows() * tasks.get(task).kernelCount()];
      model.value().tags(block, task, scored[task][0], scored[task][1]);
    }
    return scored;
  }

  private Gates row(String item, int row, int taskIndex, float[][] scored) {
    ScoredTask task = model.value().tasks().get(taskIndex);
    int dim = model.value().outputDim();
    int kernels = task.kernelCount();
    float[] vector = new float[dim];
    float[] weights = new float[kernels];
    System.arraycopy(scored[0], row * dim, vector, 0, dim);
    System.arraycopy(scored[1], row * kernels, weights, 0, kernels);
    TagMatrix one = new TagMatrix(task, dim, new String[] {item}, vector, weights);
    if (!task.kind().isInnerProduct()) {
      one = one.normalised();
    }
    return TagTables.row(gate == ExportSettings.Gate.HARD ? one.hardened() : one, 0, annVectors);
  }

  /** Distance of the sum of gate weights from 1; infinity when a weight is negative. */
  static double gateError(float[] gate) {
    double sum = 0;
    for (float weight : gate) {
      if (weight < 0) {
        return Double.POSITIVE_INFINITY;
      }
      sum += weight;
    }
    return Math.abs(sum - 1.0);
  }
}
