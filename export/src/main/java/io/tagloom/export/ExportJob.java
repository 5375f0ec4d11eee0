package io.tagloom.export;

import io.tagloom.conf.Fingerprint;
import io.tagloom.conf.Settings;
import io.tagloom.export.publish.Manifest;
import io.tagloom.export.publish.VersionStore;
import io.tagloom.features.fields.EncodeJob;
import io.tagloom.features.fields.EncodedSamples;
import io.tagloom.features.fields.FeatureEncoderModel;
import io.tagloom.features.fields.Vocabulary;
import io.tagloom.features.logs.Logs;
import io.tagloom.training.models.MvkeScorer;
import io.tagloom.training.models.RowProducts;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The export of a date: scores every user of the snapshot against every tag, writes the tables
 * beside, proves them, and publishes them below {@code <root>/tables}.
 */
public final class ExportJob {
  private static final long USERS_PER_FILE = 250_000;

  private ExportJob() {}

  /**
   * Writes, checks and publishes the tables of a date.
   *
   * @param read all settings; users and items are read as {@code input} says, of tables that keep
   *     versions those that the date was encoded with
   * @param date the date whose snapshots are scored
   * @param modelId id of the trained model
   * @param scorer its weights
   * @param encoder the fitted fields it was trained with
   * @param numbers the run's numbers, published with the tables
   * @throws io.tagloom.conf.InputException if a snapshot or a column is missing
   * @throws io.tagloom.conf.PublishRefusedException if a check does not hold; the version before
   *     stays published
   * @throws IOException if the file system fails
   */
  public static Publication run(
      SparkSession spark,
      Settings read,
      LocalDate date,
      String modelId,
      MvkeScorer scorer,
      FeatureEncoderModel encoder,
      ExportNumbers numbers)
      throws IOException {
    Settings settings = read.with(EncodedSamples.inputs(spark, read, date).in(read.input()));
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Path tables = new Path(settings.run().root(), "tables");
    Dataset<Row> items = Logs.of(spark, settings.input()).items(date);
    TagSelection selection = TagSelection.of(spark, settings.export().tags(), items);
    ExportSource source = source(spark, settings, date, modelId, scorer, encoder);
    String content =
        new Fingerprint()
            .add(modelId)
            .add(settings.fingerprint("export", "input"))
            .add(encoder.fingerprint())
            .add(numbers.fingerprint())
            .hex();
    VersionStore store = new VersionStore(hadoop, tables);
    Publication publication =
        new ExportRun(spark, settings.export(), numbers, store, date.toString(), RowProducts::times)
            .run(source, selection, content);
    return settings.export().jdbc().present()
            && store.latest().equals(Optional.of(publication.version()))
        ? publication.with(fill(spark, settings, store))
        : publication;
  }

  private static Map<String, Double> fill(SparkSession spark, Settings settings, VersionStore store)
      throws IOException {
    Manifest manifest =
        store.latestManifest().orElseThrow(() -> new IOException("Nothing is published."));
    return ServingJob.fill(spark, settings.export().jdbc(), store, manifest);
  }

  private static int files(SparkSession spark, Settings settings, LocalDate date) {
    int files = settings.export().files();
    if (files > 0) {
      return files;
    }
    long users = Logs.of(spark, settings.input()).users(date).count();
    return (int) Math.max(1, (users + USERS_PER_FILE - 1) / USERS_PER_FILE);
  }

  /** A model with the snapshots of a date and the samples it has learned from. */
  static ExportSource source(
      SparkSession spark,
      Settings settings,
      LocalDate date,
      String modelId,
      MvkeScorer scorer,
      FeatureEncoderModel encoder) {
    String tagField = settings.features().tagField();
    Vocabulary vocabulary = encoder.vocabulary(tagField);
    List<String> tags = new ArrayList<>();
    // Without ids whose value was evicted: they name nothing until they are used again.
    int[] ids =
        IntStream.range(Vocabulary.FIRST, vocabulary.size())
            .filter(id -> vocabulary.value(id).isPresent())
            .toArray();
    for (int id : ids) {
      vocabulary.value(id).ifPresent(tags::add);
    }
    int files = files(spark, settings, date);
    Dataset<Row> training = EncodedSamples.open(spark, settings.run().root(), date).blocks("train");
    return new ExportSource(
            modelId,
            TrainedModel.of(scorer, settings.model().tasks(), TagScores.firstBlock(training)),
            EncodeJob.users(spark, settings, date, encoder, files),
            EncodeJob.items(spark, settings, date, encoder, files),
            scorer.userFields(),
            scorer.itemFields(),
            tagField,
            tags,
            ids)
        .withTraining(training, settings.model().tasks());
  }
}
