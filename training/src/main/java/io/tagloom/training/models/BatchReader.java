package io.tagloom.training.models;

import io.tagloom.conf.TaskSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.FieldColumn;
import io.tagloom.training.models.FieldShape.Side;

/**
 * Gathers rows of encoded blocks into batches: those of training, evaluation and export alike, so
 * that a row without a value is the same input to all of them. It reads as the unknown id, which
 * masking trains and values outside the vocabulary have, and never as padding. A history without an
 * event is left empty, as it is for every user at first; so is context, which then shifts nothing.
 * Keeps no state between calls.
 */
public final class BatchReader {
  /** The label that tells whether a sample's conversion window has passed. */
  public static final String MATURE = "mature";

  private final MvkeShape shape;

  /** A reader for batches of a shape. */
  public BatchReader(MvkeShape shape) {
    this.shape = shape;
  }

  /**
   * Adds samples with their labels. May be called for several blocks before {@link Batch#group()}.
   *
   * @param rows row numbers of the block
   * @param from first position in {@code rows}
   * @param to position after the last
   * @throws IllegalArgumentException if the block lacks a field or a label of the model, or an id
   *     is not in its table
   */
  public void addSamples(Batch batch, Block block, int[] rows, int from, int to) {
    for (int t = 0; t < shape.tables().size(); t++) {
      addColumn(batch.column(t), field(block, t), rows, from, to);
    }
    int first = batch.rows();
    for (int i = from; i < to; i++) {
      batch.addRow();
    }
    for (int task = 0; task < shape.tasks(); task++) {
      addTargets(batch, first, task, block, rows, from, to);
    }
  }

  /**
   * Adds some rows of a block that holds one side, without labels. The other side's fields are
   * empty; item fields beside the tags that the block lacks are unknown.
   */
  void addSide(Batch batch, Block block, Side side, int from, int to) {
    for (int t = 0; t < shape.tables().size(); t++) {
      BatchColumn column = batch.column(t);
      if (column.table().side() != side) {
        for (int row = from; row < to; row++) {
          column.endRow();
        }
        continue;
      }
      boolean optional = side == Side.ITEM && t != shape.userFields();
      boolean present = !optional || block.layout().fields().contains(column.table().name());
      FieldColumn field = present ? field(block, t) : null;
      for (int row = from; row < to; row++) {
        if (present) {
          addRow(column, field, row);
        } else {
          column.endReadRow();
        }
      }
    }
    for (int row = from; row < to; row++) {
      batch.addRow();
    }
  }

  private FieldColumn field(Block block, int t) {
    return block.field(shape.tables().get(t).name());
  }

  private void addColumn(BatchColumn column, FieldColumn field, int[] rows, int from, int to) {
    for (int i = from; i < to; i++) {
      addRow(column, field, rows[i]);
    }
  }

  private void addRow(BatchColumn column, FieldColumn field, int row) {
    int end = field.end(row);
    for (int i = field.start(row); i < end; i++) {
      column.add(field.ids()[i], field.weight(i));
    }
    if (column.table() == shape.tables().get(shape.userFields())) {
      column.mean();
    }
    column.endReadRow();
  }

  private void addTargets(
      Batch batch, int first, int task, Block block, int[] rows, int from, int to) {
    TaskSettings settings = shape.model().tasks().get(task);
    float[] label = block.label(settings.label());
    boolean everyRow =
        settings.rows().equals(TaskSettings.ALL_ROWS)
            || settings.loss() == TaskSettings.Loss.ENTIRE_SPACE;
    float[] condition = everyRow ? null : block.label(settings.rows());
    float[] mature = mature(block, settings);
    for (int i = from; i < to; i++) {
      int row = rows[i];
      boolean closed = mature == null || mature[row] != 0;
      boolean member = (condition == null || condition[row] != 0) && closed;
      batch.target(task, first + i - from, label[row], member ? block.weight(row) : 0f);
    }
  }

  /**
   * Whether the conversion window of each row has closed, 1 or 0; null when the task reads open
   * ones, too. A click is final the moment it is made: maturity concerns the labels that come
   * later.
   */
  public static float[] mature(Block block, TaskSettings task) {
    boolean drops =
        task.immature() == TaskSettings.Immature.DROP
            && block.layout().labels().contains(MATURE)
            && !task.label().equals("click");
    return drops ? block.label(MATURE) : null;
  }
}
