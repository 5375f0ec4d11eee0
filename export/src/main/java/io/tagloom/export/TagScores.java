package io.tagloom.export;

import io.tagloom.conf.ExportSettings;
import io.tagloom.conf.ExportSettings.TagScore;
import io.tagloom.conf.ExportSettings.TagWeights;
import io.tagloom.conf.SettingsException;
import io.tagloom.conf.TaskSettings;
import io.tagloom.export.publish.Check;
import io.tagloom.export.scoring.KeyOrder;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockLayout;
import io.tagloom.training.evaluation.TaskTargets;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** How the tags of each task are scored: alone, or as the mean of their items. */
final class TagScores {
  /** Users of training on whom probabilities are fitted and the error is measured. */
  static final int SAMPLE_USERS = 128;

  /** Weight of an item that was not shown in training: it counts where no other item does. */
  private static final double UNSEEN = 1e-6;

  private static final String ITEM = "item_id";
  private static final String EXPOSURE = "exposure";
  private static final String TASK = "task";
  private static final StructType EXPOSURES =
      new StructType()
          .add(ITEM, DataTypes.StringType)
          .add(TASK, DataTypes.IntegerType)
          .add(EXPOSURE, DataTypes.DoubleType);

  private final List<TagMatrix> matrices;
  private final SortedMap<String, Double> numbers = new TreeMap<>();
  private final List<Check> checks = new ArrayList<>();

  private TagScores(List<TagMatrix> matrices) {
    this.matrices = matrices;
  }

  /**
   * The tags of a source as the settings score them.
   *
   * @throws SettingsException if they cannot be scored so
   */
  static TagScores of(JavaSparkContext context, ExportSource source, ExportSettings settings) {
    if (!ofItems(source, settings.tagScore())) {
      return new TagScores(TagTables.matrices(source, settings.gate()));
    }
    context.setJobGroup("export tags", "Mean of the items that carry each tag");
    try {
      return means(source, sums(context, source, settings));
    } finally {
      context.clearJobGroup();
    }
  }

  private static boolean ofItems(ExportSource source, TagScore wanted) {
    boolean products =
        source.model().tasks().stream().allMatch(task -> task.kind().isInnerProduct());
    if (wanted == TagScore.ITEMS && !products) {
      throw new SettingsException(
          "Cannot score tags by their items: with model.score = cosine their mean score is no"
              + " product with one vector. Set export.tag-score = tag, or train with model.score ="
              + " kernel-cosine.");
    }
    return wanted == TagScore.ITEMS
        || wanted == TagScore.AUTO && products && source.hasWeighedItems();
  }

  private static ItemSums sums(
      JavaSparkContext context, ExportSource source, ExportSettings settings) {
    ItemSums empty =
        new ItemSums(
            source.model().tasks(),
            source.model().kernels(),
            source.model().outputDim(),
            source.vocabulary().size(),
            sample(source));
    ItemReader reader = new ItemReader(source, settings);
    Broadcast<ItemSums> shared = context.broadcast(empty);
    Broadcast<ItemReader> readers = context.broadcast(reader);
    JavaRDD<Row> items = source.items().toJavaRDD();
    ArrayList<TaskSettings> tasks = new ArrayList<>(source.taskSettings());
    int partitions = items.getNumPartitions();
    JavaRDD<Map.Entry<Integer, double[]>> parts =
        items.zipPartitions(
            exposures(source.training(), tasks, partitions).toJavaRDD(),
            (blocks, exposures) ->
                readers
                    .value()
                    .add(shared.value().empty(), blocks, new Exposures(exposures, tasks.size())));
    try {
      ItemSums all = empty.empty();
      InOrder.take(parts, all::add);
      return all;
    } finally {
      shared.destroy();
      readers.destroy();
    }
  }

  /** Training rows of each task by item, partitioned and sorted as the items are. */
  private static Dataset<Row> exposures(
      Dataset<Row> training, ArrayList<TaskSettings> tasks, int partitions) {
    JavaRDD<Row> shown = training.toJavaRDD().flatMap(row -> shown(Block.fromRow(row), tasks));
    return training
        .sparkSession()
        .createDataFrame(shown, EXPOSURES)
        .groupBy(ITEM, TASK)
        .agg(functions.sum(EXPOSURE).as(EXPOSURE))
        .repartition(partitions, functions.col(ITEM))
        .sortWithinPartitions(ITEM, TASK);
  }

  private static Iterator<Row> shown(Block block, List<TaskSettings> tasks) {
    String[] items = block.key(BlockLayout.ITEM_ID);
    List<Row> shown = new ArrayList<>();
    for (int task = 0; task < tasks.size(); task++) {
      float[] weights = TaskTargets.weights(block, tasks.get(task));
      for (int row = 0; row < items.length; row++) {
        if (weights[row] > 0) {
          shown.add(RowFactory.create(items[row], task, (double) weights[row]));
        }
      }
    }
    return shown.iterator();
  }

  /** Experts of the users of some training samples. */
  private static float[] sample(ExportSource source) {
    Optional<Block> block = firstBlock(source.training());
    int rows = block.map(Block::rows).orElse(0);
    int width = source.model().kernels() * source.model().outputDim();
    float[] experts = new float[rows * width];
    block.ifPresent(users -> source.model().experts(users, experts));
    return Arrays.copyOf(experts, Math.min(SAMPLE_USERS, rows) * width);
  }

  /** The first samples, which are in the order of a hash; none without samples. */
  static Optional<Block> firstBlock(Dataset<Row> training) {
    Row first = training.agg(functions.min("block_order")).first();
    return first.isNullAt(0)
        ? Optional.empty()
        : training.filter(training.col("block_order").equalTo(first.get(0))).takeAsList(1).stream()
            .map(Block::fromRow)
            .findFirst();
  }

  private static TagScores means(ExportSource source, ItemSums sums) {
    List<Integer> carried = new ArrayList<>();
    for (int tag = 0; tag < source.vocabulary().size(); tag++) {
      if (sums.of(0, tag).length > 0) {
        carried.add(tag);
      }
    }
    List<String> names = source.vocabulary();
    carried.sort((a, b) -> KeyOrder.compare(names.get(a), names.get(b)));
    TagScores scores = new TagScores(new ArrayList<>());
    for (int task = 0; task < source.model().tasks().size(); task++) {
      TagMeans means = new TagMeans(source, sums, task, carried);
      scores.matrices.add(means.matrix());
      scores.numbers.putAll(means.numbers());
      scores.checks.add(
          Check.atMost(
              "scores of " + means.matrix().task().name() + " as the means over items",
              means.worstScore(),
              Proof.IDENTITY_TOLERANCE));
    }
    scores.numbers.put("tag_score.tags", (double) carried.size());
    scores.numbers.put("tag_score.tags_without_items", (double) names.size() - carried.size());
    return scores;
  }

  /** The tags of each task, in the model's order of tasks. */
  List<TagMatrix> matrices() {
    return Collections.unmodifiableList(matrices);
  }

  /** What a tag's score is, as in the manifest: {@code items} or {@code tag}. */
  String kind() {
    return matrices.get(0).hasMeans() ? "items" : "tag";
  }

  /**
   * Of means: {@code tag_score.tags}, {@code tag_score.tags_without_items}, and by task {@code
   * probability_error} and {@code probability_worst}, the mean and largest distance of a tag's
   * probability from the mean of its items' for users who did not take part in the fit.
   */
  SortedMap<String, Double> numbers() {
    return numbers;
  }

  /** What was proven of means. */
  List<Check> checks() {
    return checks;
  }

  /** Items of blocks as they are summed up: vectors, gates, weights. */
  private static final class ItemReader implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ScoringModel model;
    private final String tagField;
    private final int[] tagOfId;
    private final boolean hard;
    private final boolean equal;

    ItemReader(ExportSource source, ExportSettings settings) {
      this.model = source.model();
      this.tagField = source.tagField();
      this.tagOfId = source.tagOfId();
      this.hard = settings.gate() == ExportSettings.Gate.HARD;
      this.equal = settings.tagWeights() == TagWeights.EQUAL;
    }

    Iterator<Map.Entry<Integer, double[]>> add(
        ItemSums sums, Iterator<Row> blocks, Exposures exposures) {
      while (blocks.hasNext()) {
        Block block = Block.fromRow(blocks.next());
        double[][] weights = weights(block.key(BlockLayout.ITEM_ID), exposures);
        for (int task = 0; task < weights.length; task++) {
          int kernels = model.tasks().get(task).kernelCount();
          float[] vectors = new float[block.rows() * model.outputDim()];
          float[] gates = new float[block.rows() * kernels];
          model.tags(block, task, vectors, gates);
          if (hard) {
            TagMatrix.harden(gates, kernels);
          }
          sums.add(task, vectors, gates, block.field(tagField), tagOfId, weights[task]);
        }
      }
      return sums.entries();
    }

    /** By task and item. */
    private double[][] weights(String[] items, Exposures exposures) {
      double[][] weights = new double[model.tasks().size()][items.length];
      for (int row = 0; row < items.length; row++) {
        double[] shown = exposures.of(items[row]);
        for (int task = 0; task < shown.length; task++) {
          weights[task][row] = equal ? 1 : Math.max(UNSEEN, shown[task]);
        }
      }
      return weights;
    }
  }

  /** Exposures in the order of items; asked for in that order. */
  private static final class Exposures {
    private final Iterator<Row> rows;
    private final int tasks;
    private Row ahead;

    Exposures(Iterator<Row> rows, int tasks) {
      this.rows = rows;
      this.tasks = tasks;
      this.ahead = rows.hasNext() ? rows.next() : null;
    }

    /** Training rows of an item by task. */
    double[] of(String item) {
      double[] exposures = new double[tasks];
      while (ahead != null && KeyOrder.compare(ahead.getString(0), item) <= 0) {
        if (ahead.getString(0).equals(item)) {
          exposures[ahead.getInt(1)] = ahead.getDouble(2);
        }
        ahead = rows.hasNext() ? rows.next() : null;
      }
      return exposures;
    }
  }
}
