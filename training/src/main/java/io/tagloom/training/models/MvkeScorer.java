package io.tagloom.training.models;

import io.tagloom.conf.ModelSettings.Learning;
import io.tagloom.conf.ModelSettings.Score;
import io.tagloom.conf.TaskSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.training.layers.KernelGate;
import io.tagloom.training.layers.Noise;
import io.tagloom.training.layers.StepClock;
import io.tagloom.training.models.FieldShape.Side;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Scores users and tags apart from one another: what an export needs of a trained model.
 *
 * <p>For score kernel-cosine the vectors come with length 1, so that for dot and kernel-cosine
 * alike x = sum over the task's kernels of gate_k * (expert_k . vector) and logit = scale * x +
 * bias. Context fields do not take part.
 *
 * <p>One thread at a time; {@link #copy()} gives another thread a scorer of the same weights.
 */
public final class MvkeScorer implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Rows of a tile; larger than in training, since nothing is kept for a backward pass. */
  private static final int TILE_ROWS = 128;

  private final MvkeShape shape;
  private final MvkeParameters parameters;
  private final boolean hard;
  private final List<ScorerTask> tasks;
  private transient ExpertSide users;
  private transient TagSide items;
  private transient ActiveTasks everything;
  private transient Batch batch;

  /** A scorer of soft gates. The weights are shared, not copied. */
  public MvkeScorer(MvkeShape shape, MvkeParameters parameters) {
    this(shape, parameters, false);
  }

  private MvkeScorer(MvkeShape shape, MvkeParameters parameters, boolean hard) {
    this.shape = shape;
    this.parameters = parameters;
    this.hard = hard;
    List<ScorerTask> list = new ArrayList<>();
    for (int t = 0; t < shape.tasks(); t++) {
      TaskSettings task = shape.model().tasks().get(t);
      double scale = learned(shape.model().scaleLearning(), "scale", t, shape.model().scaleStart());
      double bias = learned(shape.model().biasLearning(), "bias", t, shape.model().biasStart());
      list.add(new ScorerTask(task.name(), shape.kernels(t), scale, bias, shape.model().score()));
    }
    this.tasks = Collections.unmodifiableList(list);
  }

  private double learned(Learning learning, String slot, int task, double start) {
    return learning == Learning.LEARNED
        ? parameters.dense()[shape.slot(slot).offset() + task]
        : start;
  }

  /** The same scorer with hard gates: the kernel of the largest weight has all of it. */
  public MvkeScorer hard() {
    return new MvkeScorer(shape, parameters, true);
  }

  /** The same scorer for another thread. */
  public MvkeScorer copy() {
    return new MvkeScorer(shape, parameters, hard);
  }

  /** Number of experts of a user (K). */
  public int kernels() {
    return shape.model().kernels();
  }

  /** Width of vectors (D). */
  public int outputDim() {
    return shape.model().outputDim();
  }

  /** The tasks in order. */
  public List<ScorerTask> tasks() {
    return tasks;
  }

  /** Names of the fields that a block of users must have. */
  public List<String> userFields() {
    return names(0, shape.userFields());
  }

  /** Names of the item fields, that of the tags first. */
  public List<String> itemFields() {
    return names(shape.userFields(), shape.userFields() + shape.itemFields());
  }

  private List<String> names(int from, int to) {
    List<String> names = new ArrayList<>();
    for (TableShape table : shape.tables().subList(from, to)) {
      names.add(table.name());
    }
    return names;
  }

  /**
   * Expert vectors of users.
   *
   * @param block the user fields of some users
   * @param out receives {@code [rows][K][D]}
   * @throws IllegalArgumentException if a user field is missing or an id is not in its table
   */
  public void experts(Block block, float[] out) {
    prepare();
    int width = kernels() * outputDim();
    users.begin(parameters.dense());
    for (int row = 0; row < block.rows(); row += TILE_ROWS) {
      int n = Math.min(TILE_ROWS, block.rows() - row);
      batch.clear();
      new BatchReader(shape).addSide(batch, block, Side.USER, row, row + n);
      users.forward(parameters, batch, 0, n, everything, Noise.NONE);
      rowsFirst(users.experts(), 0, width, n, out, row);
    }
    if (shape.model().score() == Score.KERNEL_COSINE) {
      normalise(out, block.rows() * kernels());
    }
  }

  /**
   * Vectors and gate weights of tags or items for one task.
   *
   * @param block the field of the tags, and other item fields where there are any; those it lacks
   *     are taken as unknown, as in a profile, where the tower sees a tag alone
   * @param vectors receives {@code [rows][D]}
   * @param gates receives {@code [rows][K_t]}, each row summing to 1
   * @throws IllegalArgumentException if the tags' field is missing or an id is not in its table
   */
  public void tags(Block block, int task, float[] vectors, float[] gates) {
    prepare();
    int count = shape.kernels(task).length;
    items.begin(parameters.dense());
    for (int row = 0; row < block.rows(); row += TILE_ROWS) {
      int n = Math.min(TILE_ROWS, block.rows() - row);
      batch.clear();
      new BatchReader(shape).addSide(batch, block, Side.ITEM, row, row + n);
      items.forward(parameters, batch, 0, n, everything, Noise.NONE);
      if (hard) {
        KernelGate.harden(items.gates(task), count, n);
      }
      rowsFirst(items.tags(task), 0, outputDim(), n, vectors, row);
      rowsFirst(items.gates(task), 0, count, n, gates, row);
    }
    if (shape.model().score() == Score.KERNEL_COSINE) {
      normalise(vectors, block.rows());
    }
  }

  /**
   * Logits of samples, context fields included.
   *
   * @param block samples with all fields and labels of the model
   * @return one array a task, one number a row
   */
  public float[][] logits(Block block) {
    int[] rows = new int[block.rows()];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = row;
    }
    Batch samples = new Batch(shape);
    new BatchReader(shape).addSamples(samples, block, rows, 0, rows.length);
    float[][] logits = new float[shape.tasks()][rows.length];
    new MvkeNetwork(shape).logits(parameters, samples, 0, rows.length, logits, 0);
    return logits;
  }

  /** Names of the context fields, which shift logits of samples and are unknown to an export. */
  public List<String> contextFields() {
    return names(shape.userFields() + shape.itemFields(), shape.tables().size());
  }

  private void prepare() {
    if (users == null) {
      users = new ExpertSide(shape, TILE_ROWS, new StepClock());
      items = new TagSide(shape, TILE_ROWS);
      everything = new ActiveTasks(shape);
      batch = new Batch(shape);
    }
  }

  private static void rowsFirst(float[] x, int from, int width, int n, float[] out, int row) {
    for (int r = 0; r < n; r++) {
      int to = (row + r) * width;
      for (int j = 0; j < width; j++) {
        out[to + j] = x[from + j * n + r];
      }
    }
  }

  private void normalise(float[] vectors, int count) {
    int width = outputDim();
    for (int v = 0; v < count; v++) {
      double squares = 0;
      for (int i = v * width; i < (v + 1) * width; i++) {
        squares += vectors[i] * vectors[i];
      }
      float inverse = (float) (1 / Math.max(Math.sqrt(squares), 1e-8));
      for (int i = v * width; i < (v + 1) * width; i++) {
        vectors[i] *= inverse;
      }
    }
  }
}
