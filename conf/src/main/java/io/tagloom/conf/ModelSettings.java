package io.tagloom.conf;

import java.io.Serializable;
import java.util.List;

/** The MVKE model and its tasks: block {@code model} of {@code reference.conf}. Immutable. */
public final class ModelSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Largest number of virtual kernels. */
  public static final int MOST_KERNELS = 64;

  /** Activation of queries, keys and values. */
  public enum Projection {
    /** 1 / (1 + exp(-x)), as in the paper. */
    SIGMOID,
    /** max(x, 0). */
    RELU,
    /** x, as in the authors' released code. */
    IDENTITY
  }

  /** How the attended fields become the input of an expert network. */
  public enum Pooling {
    /** Side by side. */
    CONCAT,
    /** Added up. */
    SUM
  }

  /** Whether attended fields pass a residual connection and layer norm. */
  public enum Residual {
    /** Attended field + field embedding, normalised. */
    ON,
    /** Attended field alone. */
    OFF
  }

  /** The network of each expert. */
  public enum ExpertNetwork {
    /** A multi-layer perceptron. */
    MLP,
    /** The perceptron and a factorization-machine term over the attended fields. */
    DEEPFM
  }

  /** Who owns a tag tower. */
  public enum TagTower {
    /** Each task has its own. */
    PER_TASK,
    /** All tasks share one. */
    SHARED
  }

  /** How the virtual-kernel gate compares a tag vector with a kernel. */
  public enum Gate {
    /** Projections of both, as in the paper. */
    PROJECTED,
    /** The two vectors themselves, as in the authors' released code. */
    PLAIN
  }

  /** How user and tag vectors become one number before scale and bias. */
  public enum Score {
    /** Inner product of the mixed user vector and the tag vector. */
    DOT,
    /** Cosine of the mixed user vector and the tag vector. */
    COSINE,
    /** Gate-weighted mean of the cosines of each expert's vector and the tag vector. */
    KERNEL_COSINE
  }

  /** Whether a value is learned. */
  public enum Learning {
    /** It is a weight of the model. */
    LEARNED,
    /** It stays where it starts. */
    FIXED
  }

  /** Weights of the task losses. */
  public enum TaskWeights {
    /** As given with each task. */
    FIXED,
    /** Learned from each task's uncertainty (Kendall et al. 2018), on top of those given. */
    UNCERTAINTY
  }

  private final ModelSettingsBuilder values;

  ModelSettings(ModelSettingsBuilder values) {
    this.values = values.copy();
  }

  /** A builder that starts at the defaults of {@code reference.conf}. */
  public static ModelSettingsBuilder builder() {
    return new ModelSettingsBuilder();
  }

  /** A builder that starts at these settings. */
  public ModelSettingsBuilder toBuilder() {
    return values.copy();
  }

  static ModelSettings read(SettingsReader reader) {
    ModelSettingsBuilder builder = ModelSettingsBuilder.read(reader);
    builder.check(reader::fault);
    return new ModelSettings(builder);
  }

  /** Width of field and tag embeddings (d), 1 to 1024. */
  public int embeddingDim() {
    return values.embeddingDim;
  }

  /** Width of the attention projections (A), 1 to 1024. */
  public int attentionDim() {
    return values.attentionDim;
  }

  /** Number of virtual kernels and experts (K), 1 to {@link #MOST_KERNELS}. */
  public int kernels() {
    return values.kernels;
  }

  /** Widths of the hidden layers of each expert network, possibly none. */
  public List<Integer> expertHidden() {
    return values.expertHidden;
  }

  /** The network of each expert. */
  public ExpertNetwork expertNetwork() {
    return values.expertNetwork;
  }

  /** Width of expert outputs and tag vectors (D), 1 to 1024. */
  public int outputDim() {
    return values.outputDim;
  }

  /** Widths of the hidden layers of the tag tower, possibly none. */
  public List<Integer> tagHidden() {
    return values.tagHidden;
  }

  /** Who owns a tag tower. */
  public TagTower tagTower() {
    return values.tagTower;
  }

  /** Activation of queries, keys and values. */
  public Projection projection() {
    return values.projection;
  }

  /** How attended fields become the input of an expert network. */
  public Pooling pooling() {
    return values.pooling;
  }

  /** Whether attended fields pass a residual connection and layer norm. */
  public Residual residual() {
    return values.residual;
  }

  /** How the gate compares a tag vector with a kernel. */
  public Gate gate() {
    return values.gate;
  }

  /** How user and tag vectors become one number. */
  public Score score() {
    return values.score;
  }

  /** Whether the scale of the logit is learned. */
  public Learning scaleLearning() {
    return values.scaleLearning;
  }

  /** Where the scale of the logit starts. */
  public double scaleStart() {
    return values.scaleStart;
  }

  /** Whether the bias of the logit is learned. */
  public Learning biasLearning() {
    return values.biasLearning;
  }

  /** Where the bias of the logit starts. */
  public double biasStart() {
    return values.biasStart;
  }

  /** The tasks in order, at least one. */
  public List<TaskSettings> tasks() {
    return values.tasks;
  }

  /**
   * Position of a task.
   *
   * @throws IllegalArgumentException if there is no such task
   */
  public int taskIndex(String name) {
    for (int t = 0; t < values.tasks.size(); t++) {
      if (values.tasks.get(t).name().equals(name)) {
        return t;
      }
    }
    throw new IllegalArgumentException(
        "Invalid task: " + name + "; expected one of " + values.taskNames() + ".");
  }

  /** Weights of the task losses. */
  public TaskWeights taskWeights() {
    return values.taskWeights;
  }

  /** Factor of the load-balancing term on the gates, 0 to 10; 0 leaves it out. */
  public double loadBalance() {
    return values.loadBalance;
  }

  /** Standard deviation of new embedding rows. */
  public double startEmbedding() {
    return values.startEmbedding;
  }

  /** Length of each virtual kernel at the start. */
  public double startKernel() {
    return values.startKernel;
  }

  /** Share of field embedding values that are dropped in training, 0 to below 1. */
  public double dropoutEmbedding() {
    return values.dropoutEmbedding;
  }

  /** Share of hidden units that are dropped in training, 0 to below 1. */
  public double dropoutHidden() {
    return values.dropoutHidden;
  }

  /** Share of ids that are masked to unknown in training, 0 to below 1. */
  public double dropoutId() {
    return values.dropoutId;
  }

  /**
   * Share of rows whose user is made a new one in training, 0 to below 1: id unknown and histories
   * empty, and in half of these rows all other user fields unknown, too.
   */
  public double dropoutUser() {
    return values.dropoutUser;
  }

  /** Share of rows whose item fields but the tags are all made unknown, 0 to below 1. */
  public double dropoutItem() {
    return values.dropoutItem;
  }
}
