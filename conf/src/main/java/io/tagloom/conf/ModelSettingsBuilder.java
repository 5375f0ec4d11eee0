package io.tagloom.conf;

import io.tagloom.conf.ModelSettings.ExpertNetwork;
import io.tagloom.conf.ModelSettings.Gate;
import io.tagloom.conf.ModelSettings.Learning;
import io.tagloom.conf.ModelSettings.Pooling;
import io.tagloom.conf.ModelSettings.Projection;
import io.tagloom.conf.ModelSettings.Residual;
import io.tagloom.conf.ModelSettings.Score;
import io.tagloom.conf.ModelSettings.TagTower;
import io.tagloom.conf.ModelSettings.TaskWeights;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Collects the values of {@link ModelSettings}; a new one holds the defaults. */
public final class ModelSettingsBuilder implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final double ALMOST_ONE = Math.nextDown(1.0);
  private static final int WIDEST = 1024;

  int embeddingDim = 32;
  int attentionDim = 32;
  int kernels = 5;
  List<Integer> expertHidden = Collections.singletonList(128);
  ExpertNetwork expertNetwork = ExpertNetwork.MLP;
  int outputDim = 32;
  List<Integer> tagHidden = Collections.emptyList();
  TagTower tagTower = TagTower.PER_TASK;
  Projection projection = Projection.RELU;
  Pooling pooling = Pooling.CONCAT;
  Residual residual = Residual.ON;
  Gate gate = Gate.PROJECTED;
  Score score = Score.KERNEL_COSINE;
  Learning scaleLearning = Learning.LEARNED;
  double scaleStart = 5.0;
  Learning biasLearning = Learning.LEARNED;
  double biasStart = 0.0;
  List<TaskSettings> tasks =
      frozen(
          Arrays.asList(
              TaskSettings.of("ctr", "click", TaskSettings.ALL_ROWS, 0, 1, 2),
              TaskSettings.of("cvr", "conversion", "click", 1, 2, 3, 4)));
  TaskWeights taskWeights = TaskWeights.FIXED;
  double loadBalance = 0.0;
  double startEmbedding = 0.1;
  double startKernel = 0.5;
  double dropoutEmbedding = 0.1;
  double dropoutHidden = 0.2;
  double dropoutId = 0.02;
  double dropoutUser = 0.05;
  double dropoutItem = 0.0;

  ModelSettingsBuilder() {}

  /** Receives the faults of settings that do not fit one another. */
  interface FaultSink {
    void accept(String key, String value, String rule);
  }

  static ModelSettingsBuilder read(SettingsReader reader) {
    ModelSettingsBuilder b = new ModelSettingsBuilder();
    b.embeddingDim = reader.integer("embedding-dim", 1, WIDEST);
    b.attentionDim = reader.integer("attention-dim", 1, WIDEST);
    b.kernels = reader.integer("kernels", 1, ModelSettings.MOST_KERNELS);
    b.expertHidden = reader.integers("expert-hidden", 1, 1 << 16);
    b.expertNetwork = reader.choice("expert-network", ExpertNetwork.class);
    b.outputDim = reader.integer("output-dim", 1, WIDEST);
    b.tagHidden = reader.integers("tag-hidden", 1, 1 << 16);
    b.tagTower = reader.choice("tag-tower", TagTower.class);
    b.projection = reader.choice("projection", Projection.class);
    b.pooling = reader.choice("pooling", Pooling.class);
    b.residual = reader.onOff("residual") ? Residual.ON : Residual.OFF;
    b.gate = reader.choice("gate", Gate.class);
    b.score = reader.choice("score", Score.class);
    b.readLogit(reader);
    b.tasks =
        frozen(
            reader.blocks("tasks").stream().map(TaskSettings::read).collect(Collectors.toList()));
    b.taskWeights = reader.choice("task-weights", TaskWeights.class);
    b.loadBalance = reader.number("load-balance", 0, 10);
    b.readStart(reader);
    return b;
  }

  private void readLogit(SettingsReader reader) {
    SettingsReader scale = reader.at("scale");
    scaleLearning = scale.choice("mode", Learning.class);
    scaleStart = scale.number("start", 1e-6, 1000);
    SettingsReader bias = reader.at("bias");
    biasLearning = bias.choice("mode", Learning.class);
    biasStart = bias.number("start", -1000, 1000);
  }

  private void readStart(SettingsReader reader) {
    SettingsReader start = reader.at("start");
    startEmbedding = start.number("embedding", 0, 100);
    startKernel = start.number("kernel", 0, 100);
    SettingsReader dropout = reader.at("dropout");
    dropoutEmbedding = dropout.number("embedding", 0, ALMOST_ONE);
    dropoutHidden = dropout.number("hidden", 0, ALMOST_ONE);
    dropoutId = dropout.number("id", 0, ALMOST_ONE);
    dropoutUser = dropout.number("user", 0, ALMOST_ONE);
    dropoutItem = dropout.number("item", 0, ALMOST_ONE);
  }

  void check(FaultSink faults) {
    if (residual == Residual.ON && attentionDim != embeddingDim) {
      faults.accept(
          "attention-dim",
          String.valueOf(attentionDim),
          "the embedding-dim " + embeddingDim + " when residual is on");
    }
    if (gate == Gate.PLAIN && outputDim != embeddingDim) {
      faults.accept(
          "output-dim",
          String.valueOf(outputDim),
          "the embedding-dim " + embeddingDim + " when gate is plain");
    }
    if (tasks.isEmpty()) {
      faults.accept("tasks", "[]", "at least one task");
    }
    if (new LinkedHashSet<>(taskNames()).size() < tasks.size()) {
      faults.accept("tasks", String.valueOf(taskNames()), "a different name for each task");
    }
    for (TaskSettings task : tasks) {
      checkKernels(task, faults);
      checkLoss(task, faults);
    }
  }

  private void checkKernels(TaskSettings task, FaultSink faults) {
    String value = task.name() + " with kernels " + task.kernels();
    Set<Integer> own = new LinkedHashSet<>(task.kernels());
    if (own.isEmpty()) {
      faults.accept("tasks", value, "at least one kernel for each task");
      return;
    }
    if (own.size() < task.kernels().size()) {
      faults.accept("tasks", value, "each kernel once");
    }
    if (own.stream().anyMatch(k -> k < 0 || k >= kernels)) {
      faults.accept("tasks", value, "kernels from 0 to " + (kernels - 1));
    }
    tasks.stream().filter(other -> other != task).forEach(other -> own.removeAll(other.kernels()));
    if (own.isEmpty()) {
      faults.accept("tasks", value, "a kernel that no other task reads");
    }
  }

  private void checkLoss(TaskSettings task, FaultSink faults) {
    boolean entire = task.loss() == TaskSettings.Loss.ENTIRE_SPACE;
    String value = task.name() + " with given " + task.given();
    boolean known =
        tasks.stream()
            .anyMatch(
                other ->
                    other != task
                        && other.name().equals(task.given())
                        && other.loss() == TaskSettings.Loss.ROWS);
    if (entire && !known) {
      faults.accept("tasks", value, "the name of another task whose loss is rows");
    }
    if (!entire && !task.given().isEmpty()) {
      faults.accept("tasks", value, "given only where loss is entire-space");
    }
    if (!(task.weight() >= 0) || Double.isInfinite(task.weight())) {
      faults.accept("tasks", task.name() + " with weight " + task.weight(), "0 or more");
    }
  }

  List<String> taskNames() {
    return tasks.stream().map(TaskSettings::name).collect(Collectors.toList());
  }

  /**
   * The settings.
   *
   * @throws IllegalArgumentException with all values that do not fit one another
   */
  public ModelSettings build() {
    List<String> lines = new ArrayList<>();
    check(
        (key, value, rule) ->
            lines.add("Invalid model." + key + ": " + value + "; expected " + rule + "."));
    if (!lines.isEmpty()) {
      throw new IllegalArgumentException(String.join(System.lineSeparator(), lines));
    }
    return new ModelSettings(this);
  }

  ModelSettingsBuilder copy() {
    ModelSettingsBuilder c = new ModelSettingsBuilder();
    c.dims(embeddingDim, attentionDim, outputDim).kernels(kernels);
    c.expertHidden = expertHidden;
    c.tagHidden = tagHidden;
    c.tasks = tasks;
    c.expertNetwork(expertNetwork).tagTower(tagTower).projection(projection).pooling(pooling);
    c.residual(residual).gate(gate).score(score).taskWeights(taskWeights);
    c.scale(scaleLearning, scaleStart).bias(biasLearning, biasStart).loadBalance(loadBalance);
    c.start(startEmbedding, startKernel)
        .dropout(dropoutEmbedding, dropoutHidden, dropoutId)
        .wholeDropout(dropoutUser, dropoutItem);
    return c;
  }

  /** Widths of embeddings (d), attention (A) and outputs (D). */
  public ModelSettingsBuilder dims(int embedding, int attention, int output) {
    this.embeddingDim = embedding;
    this.attentionDim = attention;
    this.outputDim = output;
    return this;
  }

  /** Number of virtual kernels (K). */
  public ModelSettingsBuilder kernels(int value) {
    this.kernels = value;
    return this;
  }

  /** Widths of the hidden layers of each expert network. */
  public ModelSettingsBuilder expertHidden(Integer... widths) {
    this.expertHidden = frozen(Arrays.asList(widths));
    return this;
  }

  /** The network of each expert. */
  public ModelSettingsBuilder expertNetwork(ExpertNetwork value) {
    this.expertNetwork = value;
    return this;
  }

  /** Widths of the hidden layers of the tag tower. */
  public ModelSettingsBuilder tagHidden(Integer... widths) {
    this.tagHidden = frozen(Arrays.asList(widths));
    return this;
  }

  /** Who owns a tag tower. */
  public ModelSettingsBuilder tagTower(TagTower value) {
    this.tagTower = value;
    return this;
  }

  /** Activation of queries, keys and values. */
  public ModelSettingsBuilder projection(Projection value) {
    this.projection = value;
    return this;
  }

  /** How attended fields become the input of an expert network. */
  public ModelSettingsBuilder pooling(Pooling value) {
    this.pooling = value;
    return this;
  }

  /** Whether attended fields pass a residual connection and layer norm. */
  public ModelSettingsBuilder residual(Residual value) {
    this.residual = value;
    return this;
  }

  /** How the gate compares a tag vector with a kernel. */
  public ModelSettingsBuilder gate(Gate value) {
    this.gate = value;
    return this;
  }

  /** How user and tag vectors become one number. */
  public ModelSettingsBuilder score(Score value) {
    this.score = value;
    return this;
  }

  /** Scale of the logit. */
  public ModelSettingsBuilder scale(Learning learning, double start) {
    this.scaleLearning = learning;
    this.scaleStart = start;
    return this;
  }

  /** Bias of the logit. */
  public ModelSettingsBuilder bias(Learning learning, double start) {
    this.biasLearning = learning;
    this.biasStart = start;
    return this;
  }

  /** The tasks in order. */
  public ModelSettingsBuilder tasks(TaskSettings... values) {
    this.tasks = frozen(Arrays.asList(values));
    return this;
  }

  /** Weights of the task losses. */
  public ModelSettingsBuilder taskWeights(TaskWeights value) {
    this.taskWeights = value;
    return this;
  }

  /** Factor of the load-balancing term. */
  public ModelSettingsBuilder loadBalance(double value) {
    this.loadBalance = value;
    return this;
  }

  /** Spread of new embedding rows and length of the kernels at the start. */
  public ModelSettingsBuilder start(double embedding, double kernel) {
    this.startEmbedding = embedding;
    this.startKernel = kernel;
    return this;
  }

  /** Dropout on embeddings and hidden layers, share of ids masked to unknown. */
  public ModelSettingsBuilder dropout(double embedding, double hidden, double id) {
    this.dropoutEmbedding = embedding;
    this.dropoutHidden = hidden;
    this.dropoutId = id;
    return this;
  }

  /** Share of rows whose user is made a new one, and of rows whose item keeps its tags alone. */
  public ModelSettingsBuilder wholeDropout(double user, double item) {
    this.dropoutUser = user;
    this.dropoutItem = item;
    return this;
  }

  private static <T> List<T> frozen(List<T> values) {
    return Collections.unmodifiableList(new ArrayList<>(values));
  }
}
