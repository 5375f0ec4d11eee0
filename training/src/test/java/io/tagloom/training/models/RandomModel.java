package io.tagloom.training.models;

import io.tagloom.conf.ModelSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A model with random weights and a random batch for it, from a seed. The build compiles this class
 * twice: as it is, and with float turned into double.
 */
public final class RandomModel {
  /** Shape, weights and batch. */
  public final MvkeShape shape;

  /** Weights, away from their start so that nothing is zero or alike. */
  public final MvkeParameters parameters;

  /** A grouped batch with empty, single and multi-valued rows. */
  public final Batch batch;

  private final Random random;

  /**
   * A model and a batch.
   *
   * @param clickRate share of rows with a click; 0 for none
   */
  public RandomModel(
      ModelSettings settings,
      int userFields,
      int itemFields,
      int contextFields,
      int rows,
      double clickRate,
      long seed) {
    this.random = new Random(seed);
    List<FieldShape> fields = new ArrayList<>();
    add(fields, "user", FieldShape.Side.USER, userFields);
    add(fields, "item", FieldShape.Side.ITEM, itemFields);
    add(fields, "context", FieldShape.Side.CONTEXT, contextFields);
    this.shape = MvkeShape.of(settings, fields);
    this.parameters = shape.initialize(seed);
    for (int i = 0; i < parameters.dense().length; i++) {
      parameters.dense()[i] += (float) (0.3 * random.nextGaussian());
    }
    for (int t = 0; t < parameters.tables(); t++) {
      int width = shape.tables().get(t).width();
      for (int i = width; i < parameters.table(t).length; i++) {
        parameters.table(t)[i] += (float) (0.7 * random.nextGaussian());
      }
    }
    this.batch = new Batch(shape);
    for (int row = 0; row < rows; row++) {
      addRow(clickRate);
    }
    batch.group();
  }

  private void add(List<FieldShape> fields, String name, FieldShape.Side side, int count) {
    for (int f = 0; f < count; f++) {
      fields.add(new FieldShape(name + f, side, role(side, f), 4 + random.nextInt(6)));
    }
  }

  private static FieldShape.Role role(FieldShape.Side side, int field) {
    if (side != FieldShape.Side.USER || field > 1) {
      return FieldShape.Role.VALUE;
    }
    return field == 0 ? FieldShape.Role.IDENTITY : FieldShape.Role.HISTORY;
  }

  private void addRow(double clickRate) {
    for (int t = 0; t < shape.tables().size(); t++) {
      BatchColumn column = batch.column(t);
      // Every third row of every second field: a single id; else none to three with weights.
      int values = t % 2 == 0 || random.nextInt(3) == 0 ? 1 : random.nextInt(4);
      for (int i = 0; i < values; i++) {
        float weight = values == 1 ? 1 : (float) (0.2 + random.nextDouble());
        column.add(random.nextInt(shape.tables().get(t).rows()), weight);
      }
      if (t == shape.userFields()) {
        column.mean();
      }
      column.endReadRow();
    }
    int row = batch.addRow();
    boolean click = random.nextDouble() < clickRate;
    for (int task = 0; task < shape.tasks(); task++) {
      boolean everyRow = shape.model().tasks().get(task).rows().equals("all");
      float weight = (float) (everyRow || click ? 0.5 + random.nextDouble() : 0);
      float target = click && (task == 0 || random.nextBoolean()) ? 1 : 0;
      batch.target(task, row, target, weight);
    }
  }

  /** Gradients of one step over the whole batch. */
  public MvkeGradients step(int tileRows, long seed) {
    return step(tileRows, seed, 0, batch.rows());
  }

  /** Gradients of a range of rows. */
  public MvkeGradients step(int tileRows, long seed, int from, int to) {
    MvkeGradients gradients = new MvkeGradients(shape);
    gradients.begin(batch);
    new MvkeNetwork(shape, tileRows)
        .step(parameters, batch, from, to, TrainStep.of(batch, seed, 3), gradients);
    return gradients;
  }

  /** Logits of all rows, {@code [T][rows]}. */
  public float[][] logits(int tileRows) {
    float[][] logits = new float[shape.tasks()][batch.rows()];
    new MvkeNetwork(shape, tileRows).logits(parameters, batch, 0, batch.rows(), logits, 0);
    return logits;
  }

  /** The loss whose gradient {@link #step} gives. */
  public double loss(int tileRows, long seed) {
    MvkeGradients sums = step(tileRows, seed);
    double loss = -shape.model().loadBalance() * sums.balance();
    for (int t = 0; t < shape.tasks(); t++) {
      double weightSum = batch.weightSum(t);
      if (weightSum > 0) {
        double lambda = shape.model().tasks().get(t).weight();
        double mean = lambda * sums.lossSum(t) / weightSum;
        if (shape.hasSlot("uncertainty")) {
          double logVariance = parameters.dense()[shape.slot("uncertainty").offset() + t];
          mean = mean * Math.exp(-logVariance) + lambda * logVariance / 2;
        }
        loss += mean;
      }
    }
    return loss;
  }

  /** The gradient of a table as a dense array. */
  public float[] tableGradient(MvkeGradients gradients, int t) {
    int width = shape.tables().get(t).width();
    float[] dense = new float[parameters.table(t).length];
    for (int r = 0; r < gradients.rowCount(t); r++) {
      int row = gradients.rows(t)[r];
      System.arraycopy(gradients.values(t), r * width, dense, row * width, width);
    }
    return dense;
  }

  /** Largest absolute value. */
  public static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  @Override
  public String toString() {
    return shape.tables().size() + " tables, " + Arrays.asList(shape.slots().size(), batch.rows());
  }
}
