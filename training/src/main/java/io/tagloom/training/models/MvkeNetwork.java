package io.tagloom.training.models;

import io.tagloom.conf.ModelSettings;
import io.tagloom.training.layers.Noise;
import io.tagloom.training.layers.Stable;
import io.tagloom.training.layers.StepClock;
import io.tagloom.training.layers.StepClock.Part;

/**
 * One replica of the network: buffers of its own, weights shared and only read. Used by one thread
 * at a time.
 *
 * <p>A range of rows is worked through in tiles, each through the whole forward and backward pass,
 * so that activations stay in the cache. Tasks that none of a tile's rows belongs to, and experts
 * that only such tasks read, are left out: they would add zeros. loss = sum over tasks t of
 * lambda_t * (sum over the task's rows of weight * cross-entropy) / (sum of row weights of the
 * whole step), so that the gradients of replicas and workers add up to that of the step.
 */
public final class MvkeNetwork {
  /** Rows of a tile unless another number is asked for. */
  public static final int TILE_ROWS = 128;

  private final MvkeShape shape;
  private final int tileRows;
  private final ExpertSide users;
  private final TagSide items;
  private final TaskHeads heads;
  private final ActiveTasks active;
  private final StepClock clock = new StepClock();

  /** A replica with tiles of {@link #TILE_ROWS} rows. */
  public MvkeNetwork(MvkeShape shape) {
    this(shape, TILE_ROWS);
  }

  /**
   * A replica with tiles of some rows.
   *
   * @throws IllegalArgumentException if there are fewer than 1 or more than 65536
   */
  public MvkeNetwork(MvkeShape shape, int tileRows) {
    if (tileRows < 1 || tileRows > 65536) {
      throw new IllegalArgumentException(
          "Invalid rows of a tile: " + tileRows + "; expected 1 to 65536.");
    }
    this.shape = shape;
    this.tileRows = tileRows;
    this.users = new ExpertSide(shape, tileRows, clock);
    this.items = new TagSide(shape, tileRows);
    this.heads = new TaskHeads(shape, tileRows);
    this.active = new ActiveTasks(shape);
  }

  /** Rows of a tile. Ranges given to replicas should start at multiples of it. */
  public int tileRows() {
    return tileRows;
  }

  /**
   * Forward and backward pass over rows {@code fromRow} to {@code toRow - 1} of a grouped batch;
   * adds to the gradients.
   *
   * @param gradients begun with this batch
   * @throws ArithmeticException if a logit is not a finite number; the text names the field
   */
  public void step(
      MvkeParameters parameters,
      Batch batch,
      int fromRow,
      int toRow,
      TrainStep step,
      MvkeGradients gradients) {
    Noise noise = noise(step, batch);
    begin(parameters);
    for (int row = fromRow; row < toRow; row += tileRows) {
      int n = Math.min(tileRows, toRow - row);
      if (!active.look(batch, row, n)) {
        continue;
      }
      forward(parameters, batch, row, n, noise);
      heads.backward(parameters, batch, row, n, active, step, users, items, gradients);
      clock.lap(Part.HEADS);
      clock.countTaskRows(n * active.tasks());
      items.backward(parameters, batch, row, n, active, noise, gradients);
      clock.lap(Part.TAGS_BACKWARD);
      users.backward(parameters, batch, row, n, active, noise, gradients);
    }
    users.finish(parameters.dense(), gradients.dense());
    items.finish(parameters.dense(), gradients.dense());
  }

  /**
   * Logits of rows {@code fromRow} to {@code toRow - 1}, without dropout.
   *
   * @param out receives the logit of task t and row r at {@code [t][r - fromRow + offset]}
   * @throws ArithmeticException if a logit is not a finite number; the text names the field
   */
  public void logits(
      MvkeParameters parameters, Batch batch, int fromRow, int toRow, float[][] out, int offset) {
    begin(parameters);
    active.all();
    for (int row = fromRow; row < toRow; row += tileRows) {
      int n = Math.min(tileRows, toRow - row);
      forward(parameters, batch, row, n, Noise.NONE);
      for (int t = 0; t < shape.tasks(); t++) {
        System.arraycopy(heads.logits(t), 0, out[t], row - fromRow + offset, n);
      }
    }
  }

  private Noise noise(TrainStep step, Batch batch) {
    ModelSettings model = shape.model();
    double hidden = model.dropoutUser() + model.dropoutItem();
    double dropped = model.dropoutEmbedding() + model.dropoutHidden() + model.dropoutId();
    if (hidden + dropped == 0) {
      return Noise.NONE;
    }
    Noise noise =
        Noise.of(
                Stable.mix(Stable.mix(step.seed()) + step.number()),
                step.firstRow(),
                model.dropoutEmbedding(),
                model.dropoutHidden(),
                model.dropoutId())
            .hiding(model.dropoutUser(), model.dropoutItem());
    return batch.arranged() ? noise.ofRows(batch.numbers()) : noise;
  }

  private void begin(MvkeParameters parameters) {
    clock.start();
    users.begin(parameters.dense());
    items.begin(parameters.dense());
  }

  private void forward(MvkeParameters parameters, Batch batch, int row, int n, Noise noise) {
    users.forward(parameters, batch, row, n, active, noise);
    items.forward(parameters, batch, row, n, active, noise);
    clock.lap(Part.TAGS);
    heads.forward(parameters, batch, row, n, active, users, items);
    int faulty = heads.faultyRow(n, active);
    if (faulty >= 0) {
      throw new ArithmeticException(fault(parameters, batch, row + faulty));
    }
  }

  private String fault(MvkeParameters parameters, Batch batch, int row) {
    int field = users.faultyField(parameters, batch, row, 1);
    if (field < 0) {
      int item = items.faultyField(parameters, batch, row, 1);
      field = item < 0 ? -1 : shape.userFields() + item;
    }
    String reason =
        field < 0
            ? "a dense weight is not a finite number, or one became too large"
            : "field " + shape.tables().get(field).name() + " is not a finite number there";
    return "Cannot compute the logits of row "
        + batch.number(row)
        + ": "
        + reason
        + ". Check the weights of the field's values, or lower the learning rate.";
  }

  /** Where the time went. */
  public StepClock clock() {
    return clock;
  }

  /** The user side, with what it computed for the last tile. */
  ExpertSide users() {
    return users;
  }

  /** The item side, with what it computed for the last tile. */
  TagSide items() {
    return items;
  }
}
