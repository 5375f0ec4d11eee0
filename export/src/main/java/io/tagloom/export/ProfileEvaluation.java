package io.tagloom.export;

import io.tagloom.conf.SampleSettings.SplitBy;
import io.tagloom.conf.SampleSettings.SplitKey;
import io.tagloom.conf.Settings;
import io.tagloom.conf.TaskSettings;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockLayout;
import io.tagloom.features.blocks.FieldColumn;
import io.tagloom.features.fields.EncodedSamples;
import io.tagloom.training.evaluation.TaskTargets;
import io.tagloom.training.models.MvkeScorer;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * How well profiles order the tags of users, and how close their probabilities are, on held-out
 * samples; beside two ways that need no model: the tags' rates over all users in training, and the
 * user's own rates in training, smoothed towards these.
 *
 * <p>Profiles are those of the model and the export's settings, all tags and not only the best. A
 * user is seen as at one held-out impression of his: the last one where the split is by hash of the
 * impression, since histories then show training rows alone; else the first, before anything that
 * is held out.
 */
public final class ProfileEvaluation {
  private static final String USER = "user_id";
  private static final StructType ROWS =
      new StructType()
          .add(USER, DataTypes.StringType)
          .add("held", DataTypes.BooleanType)
          .add("ts", DataTypes.LongType)
          .add("impression_id", DataTypes.StringType)
          .add("tags", new ArrayType(DataTypes.IntegerType, false))
          .add("counts", new ArrayType(DataTypes.DoubleType, false))
          .add("experts", DataTypes.BinaryType);

  private ProfileEvaluation() {}

  /**
   * Measures the profiles that an export of the same settings would publish.
   *
   * @param date the date whose snapshots are scored
   * @param modelId id of the model
   * @param scorer its weights
   * @param samples the encoded samples it was trained and is evaluated on
   * @return numbers by {@code LIST.GROUP.NAME}: lists interests and intentions, groups {@code all},
   *     {@code history} (users with rows in training) and {@code cold} (users without); names as
   *     {@link ProfileTally#numbers} says
   */
  public static SortedMap<String, Double> run(
      SparkSession spark,
      Settings settings,
      LocalDate date,
      String modelId,
      MvkeScorer scorer,
      EncodedSamples samples) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    ExportSource source =
        ExportJob.source(spark, settings, date, modelId, scorer, samples.encoder());
    TagScores scores = TagScores.of(context, source, settings.export());
    boolean scattered =
        settings.samples().splitBy() == SplitBy.HASH
            && settings.samples().splitKey() == SplitKey.IMPRESSION;
    Plan plan = new Plan(source, scores.matrices(), settings);
    String split = settings.evaluation().split().name().toLowerCase(Locale.ROOT);
    Dataset<Row> blocks = samples.blocks();
    Dataset<Row> chosen = blocks.filter(blocks.col("split").isin("train", split));
    int partitions = Math.max(1, chosen.javaRDD().getNumPartitions());
    Broadcast<Plan> shared = context.broadcast(plan);
    context.setJobGroup("profiles", "Order of tags and rates on held-out samples");
    try {
      JavaRDD<Row> rows =
          chosen.toJavaRDD().flatMap(row -> rows(Block.fromRow(row), shared.value()));
      // Of the blocks of training alone, so that nobody is scored for them.
      ProfileRates rates =
          rates(
              samples
                  .blocks("train")
                  .toJavaRDD()
                  .flatMap(row -> rows(Block.fromRow(row), shared.value())),
              plan);
      Broadcast<ProfileRates> sharedRates = context.broadcast(rates);
      JavaRDD<ProfileTally> tallies =
          spark
              .createDataFrame(rows, ROWS)
              .repartition(partitions, functions.col(USER))
              .sortWithinPartitions(USER, "held", "ts", "impression_id")
              .toJavaRDD()
              .mapPartitions(users -> tally(users, shared.value(), sharedRates.value(), scattered));
      ProfileTally all = plan.tally(rates);
      InOrder.take(tallies, all::add);
      sharedRates.destroy();
      return all.numbers(plan.names);
    } finally {
      context.clearJobGroup();
      shared.destroy();
    }
  }

  /** The rows of a block: who saw which tags, and how often it counts and was positive per list. */
  private static Iterator<Row> rows(Block block, Plan plan) {
    boolean held = !block.split().equals("train");
    String[] users = block.key(BlockLayout.USER_ID);
    String[] impressions = block.key(BlockLayout.IMPRESSION_ID);
    long[] ts = block.ts();
    int width = plan.model.kernels() * plan.model.outputDim();
    float[] experts = new float[held ? block.rows() * width : 0];
    if (held) {
      plan.model.experts(block, experts);
    }
    float[][] weights = new float[plan.tasks.length][];
    float[][] labels = new float[plan.tasks.length][];
    for (int list = 0; list < plan.tasks.length; list++) {
      weights[list] = TaskTargets.weights(block, plan.tasks[list]);
      labels[list] = block.label(plan.tasks[list].label());
    }
    FieldColumn tags = block.field(plan.tagField);
    List<Row> rows = new ArrayList<>(block.rows());
    for (int row = 0; row < block.rows(); row++) {
      double[] counts = new double[2 * plan.tasks.length];
      for (int list = 0; list < plan.tasks.length; list++) {
        counts[2 * list] = weights[list][row];
        counts[2 * list + 1] = labels[list][row] > 0 ? weights[list][row] : 0;
      }
      byte[] vector = new byte[held ? 4 * width : 0];
      if (held) {
        ByteBuffer.wrap(vector).asFloatBuffer().put(experts, row * width, width);
      }
      rows.add(
          RowFactory.create(
              users[row],
              held,
              ts.length == 0 ? 0L : ts[row],
              impressions[row],
              plan.tags(tags, row),
              counts,
              vector));
    }
    return rows.iterator();
  }

  private static ProfileRates rates(JavaRDD<Row> rows, Plan plan) {
    int lists = plan.tasks.length;
    int tags = plan.matrices.length == 0 ? 0 : plan.matrices[0].size();
    ProfileRates rates = new ProfileRates(lists, tags);
    JavaRDD<ProfileRates> parts =
        rows.mapPartitions(
            some -> {
              ProfileRates sum = new ProfileRates(lists, tags);
              some.forEachRemaining(row -> sum.add((int[]) row.get(4), (double[]) row.get(5)));
              return Collections.singletonList(sum).iterator();
            });
    InOrder.take(parts, rates::add);
    return rates;
  }

  /** Rows by user, those of training first, then by time. */
  private static Iterator<ProfileTally> tally(
      Iterator<Row> rows, Plan plan, ProfileRates rates, boolean last) {
    ProfileTally tally = plan.tally(rates);
    String user = null;
    while (rows.hasNext()) {
      Row row = rows.next();
      if (!row.getString(0).equals(user)) {
        tally.endUser();
        user = row.getString(0);
      }
      // Arrays that went through a table are lists.
      int[] tags = row.<Integer>getList(4).stream().mapToInt(Integer::intValue).toArray();
      double[] counts = row.<Double>getList(5).stream().mapToDouble(Double::doubleValue).toArray();
      tally.add(row.getBoolean(1), tags, counts);
      if (row.getBoolean(1) && (last || !tally.hasExperts())) {
        byte[] vector = (byte[]) row.get(6);
        float[] experts = new float[vector.length / 4];
        ByteBuffer.wrap(vector).asFloatBuffer().get(experts);
        tally.experts(experts);
      }
    }
    tally.endUser();
    return Collections.singletonList(tally).iterator();
  }

  /** What rows are read with. */
  private static final class Plan implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ScoringModel model;
    private final String tagField;
    private final List<String> names = new ArrayList<>();
    private final TagMatrix[] matrices;
    private final TaskSettings[] tasks;
    private final int[] tagOfId;

    Plan(ExportSource source, List<TagMatrix> all, Settings settings) {
      this.model = source.model();
      this.tagField = source.tagField();
      List<TagMatrix> used = new ArrayList<>();
      List<TaskSettings> usedTasks = new ArrayList<>();
      String[][] lists = {
        {"interests", settings.export().interests()}, {"intentions", settings.export().intentions()}
      };
      for (String[] list : lists) {
        for (int task = 0; task < all.size(); task++) {
          if (all.get(task).task().name().equals(list[1])) {
            names.add(list[0]);
            used.add(all.get(task));
            usedTasks.add(settings.model().tasks().get(task));
          }
        }
      }
      this.matrices = used.toArray(new TagMatrix[0]);
      this.tasks = usedTasks.toArray(new TaskSettings[0]);
      this.tagOfId = source.tagOfId();
      for (int id = 0; id < tagOfId.length; id++) {
        // Negative for a tag that profiles do not know.
        int tag = tagOfId[id];
        tagOfId[id] = tag < 0 ? tag : all.get(0).indexOf(source.vocabulary().get(tag));
      }
    }

    /** Positions of a row's tags in the matrices. */
    int[] tags(FieldColumn column, int row) {
      int[] tags = new int[column.end(row) - column.start(row)];
      int size = 0;
      for (int i = column.start(row); i < column.end(row); i++) {
        int id = column.ids()[i];
        int tag = id < tagOfId.length ? tagOfId[id] : -1;
        if (tag >= 0) {
          tags[size++] = tag;
        }
      }
      return Arrays.copyOf(tags, size);
    }

    ProfileTally tally(ProfileRates rates) {
      return new ProfileTally(matrices, rates);
    }
  }
}
