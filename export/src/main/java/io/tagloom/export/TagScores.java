package io.tagloom.export;

import io.tagloom.conf.ExportSettings;
import io.tagloom.conf.ExportSettings.TagScore;
import io.tagloom.conf.ExportSettings.TagWeights;
import io.tagloom.conf.SettingsException;
import io.tagloom.export.publish.Check;
import io.tagloom.export.scoring.KeyOrder;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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
  private static final int SAMPLE_USERS = 128;

  /** Weight of an item that was not shown in training: it counts where no other item does. */
  private static final double UNSEEN = 1e-6;

  private static final String ITEM = "item_id";
  private static final String EXPOSURE = "exposure";
  private static final StructType EXPOSURES =
      new StructType().add(ITEM, DataTypes.StringType).add(EXPOSURE, DataTypes.DoubleType);

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
            source.model(), settings.gate(), source.tagField(), source.ids(), sample(source));
    boolean equal = settings.tagWeights() == TagWeights.EQUAL;
    Broadcast<ItemSums> shared = context.broadcast(empty);
    Dataset<Row> items = source.items();
    JavaRDD<Map.Entry<Integer, double[]>> parts =
        items
            .toJavaRDD()
            .zipPartitions(
                exposures(source.training(), items.javaRDD().getNumPartitions()).toJavaRDD(),
                (blocks, exposures) ->
                    add(shared.value().empty(), blocks, new Exposures(exposures), equal));
    try {
      ItemSums all = empty.empty();
      InOrder.take(parts, all::add);
      return all;
    } finally {
      shared.destroy();
    }
  }

  private static Iterator<Map.Entry<Integer, double[]>> add(
      ItemSums sums, Iterator<Row> blocks, Exposures exposures, boolean equal) {
    while (blocks.hasNext()) {
      Block block = Block.fromRow(blocks.next());
      String[] items = block.key(BlockLayout.ITEM_ID);
      double[] weights = new double[items.length];
      for (int row = 0; row < weights.length; row++) {
        weights[row] = equal ? 1 : Math.max(UNSEEN, exposures.of(items[row]));
      }
      sums.add(block, weights);
    }
    return sums.entries();
  }

  /** Impressions of each item in training, partitioned and sorted as the items are. */
  private static Dataset<Row> exposures(Dataset<Row> training, int partitions) {
    JavaRDD<Row> shown =
        training.select("split", "rows", "block_order", ITEM, "ts", "weight").toJavaRDD().flatMap(TagScores::shown);
    return training
        .sparkSession()
        .createDataFrame(shown, EXPOSURES)
        .groupBy(ITEM)
        .agg(functions.sum(EXPOSURE).as(EXPOSURE))
        .repartition(partitions, functions.col(ITEM))
        .sortWithinPartitions(ITEM);
  }

  private static Iterator<Row> shown(Row row) {
    Block block = Block.fromRow(row);
    String[] items = block.key(BlockLayout.ITEM_ID);
    List<Row> shown = new ArrayList<>(items.length);
    for (int i = 0; i < items.length; i++) {
      shown.add(RowFactory.create(items[i], (double) block.weight(i)));
    }
    return shown.iterator();
  }

  /** Experts of the users of the first training samples, which are in the order of a hash. */
  private static float[] sample(ExportSource source) {
    Dataset<Row> training = source.training();
    Row first = training.agg(functions.min("block_order")).first();
    if (first.isNullAt(0)) {
      return new float[0];
    }
    List<Row> rows =
        training.filter(training.col("block_order").equalTo(first.get(0))).takeAsList(1);
    Block block = Block.fromRow(rows.get(0));
    int width = source.model().kernels() * source.model().outputDim();
    float[] experts = new float[block.rows() * width];
    source.model().experts(block, experts);
    return Arrays.copyOf(experts, Math.min(SAMPLE_USERS, block.rows()) * width);
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

  /** Exposures in the order of items; asked for in that order. */
  private static final class Exposures {
    private final Iterator<Row> rows;
    private String item = "";
    private double exposure;

    Exposures(Iterator<Row> rows) {
      this.rows = rows;
    }

    double of(String wanted) {
      while (KeyOrder.compare(item, wanted) < 0 && rows.hasNext()) {
        Row row = rows.next();
        item = row.getString(0);
        exposure = row.getDouble(1);
      }
      return item.equals(wanted) ? exposure : 0;
    }
  }
}
