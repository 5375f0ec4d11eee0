package io.tagloom.features.fields;

import io.tagloom.conf.FeatureSettings;
import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.InputException;
import io.tagloom.conf.SampleSettings;
import io.tagloom.conf.SampleSettings.SplitBy;
import io.tagloom.conf.SampleSettings.SplitKey;
import io.tagloom.conf.Settings;
import io.tagloom.conf.Side;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.logs.Logs;
import io.tagloom.features.samples.SampleStore;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Encodes the samples of a date: adds histories, joins users and items, fits the fields on training
 * rows, writes blocks and encoder, guards against leaks.
 *
 * <pre>{@code
 * EncodeResult result = EncodeJob.run(spark, settings, date);   // fit and write
 * EncodedSamples samples = EncodedSamples.open(spark, root, date); // later: read
 * Dataset<Row> train = samples.blocks("train");
 * Dataset<Row> users = EncodeJob.users(spark, settings, date, samples.encoder()); // for export
 * }</pre>
 *
 * <p>Everything is written beside and put in place when the leak guard has passed: after a failure
 * the date's folder is what it was.
 */
public final class EncodeJob {
  private EncodeJob() {}

  /**
   * Encodes a date for a model that is trained afresh: vocabularies go on from the newest earlier
   * date under the root, whose evicted ids count as reset. Where a field is declared differently
   * than then, all of them start afresh, with a warning.
   *
   * @param date last day of the training window, training.days long
   * @throws InputException if an input is missing or unusable, or a field leaks a label
   * @throws io.tagloom.conf.SettingsException if no fields are declared, or a history is of an
   *     unknown event
   */
  public static EncodeResult run(SparkSession spark, Settings settings, LocalDate date) {
    settings.features().requireUsable(settings.samples().labelTypes());
    EncodeInput input = EncodeInput.of(spark, settings, date);
    return run(spark, settings, date, input);
  }

  static EncodeResult run(
      SparkSession spark, Settings settings, LocalDate date, EncodeInput input) {
    List<String> warnings = new ArrayList<>();
    Optional<FeatureEncoderModel> previous;
    try {
      previous = EncodedSamples.newestBefore(spark, settings.run().root(), date);
    } catch (IOException e) {
      throw unusable(settings.run().root() + "/encoded", e);
    }
    List<String> conflicts =
        previous.isPresent()
            ? FeatureEncoder.conflicts(previous.get(), settings.features().fields())
            : new ArrayList<String>();
    if (!conflicts.isEmpty()) {
      warnings.add(
          "Vocabularies start afresh: fields "
              + conflicts
              + " are declared differently than at the last run.");
      previous = Optional.empty();
    }
    return run(
        spark, settings, date, input, previous.map(FeatureEncoderModel::confirmReset), warnings);
  }

  /**
   * Encodes a date for a model that goes on from an earlier one.
   *
   * @param input the tables
   * @param previous the encoder of the earlier model, after {@link
   *     FeatureEncoderModel#confirmReset()} if that model has reset the evicted ids; empty starts
   *     afresh
   * @throws InputException if an input is unusable, or a field leaks a label
   * @throws io.tagloom.conf.SettingsException if a field is declared differently than in the
   *     earlier encoder
   */
  public static EncodeResult run(
      SparkSession spark,
      Settings settings,
      LocalDate date,
      EncodeInput input,
      Optional<FeatureEncoderModel> previous) {
    return run(spark, settings, date, input, previous, new ArrayList<String>());
  }

  private static EncodeResult run(
      SparkSession spark,
      Settings settings,
      LocalDate date,
      EncodeInput input,
      Optional<FeatureEncoderModel> previous,
      List<String> warnings) {
    settings.features().requireUsable(settings.samples().labelTypes());
    String root = settings.run().root();
    String writing = root + "/encoded/_writing-dt=" + date;
    Dataset<Row> joined = joined(settings, input);
    FeatureEncoder encoder = encoder(settings, date);
    previous.ifPresent(encoder::setPrevious);
    FeatureEncoderModel model = encoder.fit(joined);
    try {
      spark.sparkContext().setJobGroup("fields", "Encode samples of " + date + " to blocks", false);
      model
          .transform(joined)
          .write()
          .mode(SaveMode.Overwrite)
          .partitionBy("split")
          // Packed fields and keys hardly repeat: a dictionary would be built and thrown away.
          .option("parquet.enable.dictionary", "false")
          .parquet(writing);
      model.write().overwrite().save(writing + "/_encoder");
      spark
          .sparkContext()
          .setJobGroup("fields", "Guard against leaks on a sample of blocks", false);
      Dataset<Row> written = spark.read().parquet(writing);
      List<Block> train = LeakGuard.sample(written, "train", LeakGuard.MAX_ROWS);
      List<FieldAuc> aucs = LeakGuard.measure(train);
      LeakGuard.check(aucs, settings.features().leakAuc());
      Map<String, Double> unknown = FieldWarnings.unknownShares(heldOut(written));
      warnings.addAll(FieldWarnings.of(model.statistics(), unknown, settings.features()));
      EncodedSamples.writeInputs(spark, writing, input.versions());
      EncodedSamples.replace(
          spark.sparkContext().hadoopConfiguration(), writing, EncodedSamples.path(root, date));
      EncodedSamples samples = EncodedSamples.open(spark, root, date);
      return new EncodeResult(samples, aucs, unknown, warnings, bytesPerSample(train));
    } catch (IOException e) {
      throw unusable(writing, e);
    } finally {
      delete(spark, writing);
    }
  }

  private static List<Block> heldOut(Dataset<Row> written) {
    List<Block> blocks = new ArrayList<>();
    for (String split : Arrays.asList("valid", "test")) {
      blocks.addAll(LeakGuard.sample(written, split, LeakGuard.MAX_ROWS / 4));
    }
    return blocks;
  }

  private static double bytesPerSample(List<Block> blocks) {
    long bytes = 0;
    long rows = 0;
    for (Block block : blocks) {
      bytes += block.stateBytes();
      rows += block.rows();
    }
    return rows == 0 ? 0 : (double) bytes / rows;
  }

  private static InputException unusable(String path, IOException cause) {
    return new InputException(
        "Cannot write encoded samples: "
            + path
            + " failed with "
            + cause.getMessage()
            + ". Check that the folder can be written.",
        cause);
  }

  private static void delete(SparkSession spark, String path) {
    Path folder = new Path(path);
    try {
      folder.getFileSystem(spark.sparkContext().hadoopConfiguration()).delete(folder, true);
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  /** Samples with histories and with the columns of users and items. */
  static Dataset<Row> joined(Settings settings, EncodeInput input) {
    List<FieldSettings> fields = settings.features().fields();
    Dataset<Row> rows = needed(input.samples(), settings);
    if (EncodeInput.hasHistory(fields)) {
      Dataset<Row> events = events(settings, seen(settings, input.past()), input.items());
      rows = HistoryFeatures.add(rows, events, fields);
    }
    rows = JoinSnapshots.join(rows, input.users(), fields, Side.USER);
    return JoinSnapshots.join(rows, input.items(), fields, Side.ITEM);
  }

  /** The samples without the columns that encoding does not read: they are carried far. */
  private static Dataset<Row> needed(Dataset<Row> samples, Settings settings) {
    Set<String> names = new HashSet<>(FeatureEncoderModel.SAMPLE_KEYS);
    names.addAll(Arrays.asList("split", "ts", "weight"));
    names.addAll(labels(settings));
    for (FieldSettings field : settings.features().fields()) {
      names.add(field.column());
      names.add(field.weightsColumn());
    }
    List<Column> columns = new ArrayList<>();
    for (String column : samples.columns()) {
      if (names.contains(column)) {
        columns.add(functions.col("`" + column + "`"));
      }
    }
    return samples.select(columns.toArray(new Column[0]));
  }

  /**
   * The samples whose events histories show. A split by hash of the impression scatters held-out
   * rows among the training rows of the same user: their clicks in the history of later rows would
   * let a model see labels that it is measured on. Splits by user or by day keep them apart.
   */
  private static Dataset<Row> seen(Settings settings, Dataset<Row> past) {
    SampleSettings samples = settings.samples();
    boolean scattered =
        samples.splitBy() == SplitBy.HASH && samples.splitKey() == SplitKey.IMPRESSION;
    boolean split = Arrays.asList(past.columns()).contains("split");
    return scattered && split ? past.filter(functions.col("split").equalTo("train")) : past;
  }

  private static Dataset<Row> events(Settings settings, Dataset<Row> past, Dataset<Row> items) {
    FeatureSettings features = settings.features();
    FieldSettings tags =
        features
            .field(features.tagField())
            .orElseThrow(() -> new IllegalStateException("Settings check the tag field."));
    return HistoryEvents.of(past, items, features.fields(), tags, settings.input().listSeparator());
  }

  private static FeatureEncoder encoder(Settings settings, LocalDate date) {
    return new FeatureEncoder()
        .setFields(settings.features().fields())
        .setLabels(labels(settings).toArray(new String[0]))
        .setBlockRows(settings.features().blockRows())
        .setListSeparator(settings.input().listSeparator())
        .setEvictAfterDays(settings.features().evictAfterDays())
        .setDate(date);
  }

  private static List<String> labels(Settings settings) {
    List<String> labels = new ArrayList<>(Arrays.asList("click", "conversion", "mature"));
    labels.addAll(settings.samples().labelTypes());
    return labels;
  }

  /**
   * The users as of a date as blocks keyed by user_id, with their history up to the date's end.
   *
   * @param partitions partitions of the blocks: users by hash of their id, sorted within
   * @throws InputException if the snapshot or a column is missing
   */
  public static Dataset<Row> users(
      SparkSession spark,
      Settings settings,
      LocalDate date,
      FeatureEncoderModel encoder,
      int partitions) {
    Logs logs = Logs.of(spark, settings.input());
    List<FieldSettings> fields = settings.features().fields();
    Dataset<Row> users = Snapshots.users(logs, date, fields);
    if (EncodeInput.hasHistory(fields)) {
      LocalDate from = date.minusDays(EncodeInput.lookBackDays(fields));
      Dataset<Row> past = SampleStore.at(spark, settings.run().root()).read(from, date);
      users = withHistory(settings, date, users, past, logs.items(date));
    }
    return encoder.forSide(Side.USER).transform(placed(users, "user_id", partitions));
  }

  static Dataset<Row> withHistory(
      Settings settings,
      LocalDate date,
      Dataset<Row> users,
      Dataset<Row> past,
      Dataset<Row> items) {
    long end = date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    Dataset<Row> dated = users.drop("ts").withColumn("ts", functions.lit(end));
    return HistoryFeatures.add(dated, events(settings, past, items), settings.features().fields());
  }

  /**
   * The items as of a date as blocks keyed by item_id.
   *
   * @param partitions partitions of the blocks: items by hash of their id, sorted within
   * @throws InputException if the snapshot or a column is missing
   */
  public static Dataset<Row> items(
      SparkSession spark,
      Settings settings,
      LocalDate date,
      FeatureEncoderModel encoder,
      int partitions) {
    Dataset<Row> items =
        Snapshots.items(Logs.of(spark, settings.input()), date, settings.features().fields());
    return encoder.forSide(Side.ITEM).transform(placed(items, "item_id", partitions));
  }

  private static Dataset<Row> placed(Dataset<Row> rows, String key, int partitions) {
    return rows.repartition(partitions, rows.col(key)).sortWithinPartitions(key);
  }
}
