package io.tagloom.training;

import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.InputException;
import io.tagloom.conf.Settings;
import io.tagloom.conf.Side;
import io.tagloom.conf.TrainingSettings;
import io.tagloom.features.fields.FeatureEncoderModel;
import io.tagloom.training.bigdl.TensorBoard;
import io.tagloom.training.models.FieldShape;
import io.tagloom.training.trainer.TrainListener;
import io.tagloom.training.trainer.TrainNotice;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Trains the model of a date and saves its bundle. */
public final class TrainJob {
  private TrainJob() {}

  /**
   * Trains on encoded blocks and writes {@code models/dt=DATE} below {@code run.root}.
   *
   * @param date the run's date, the last day of the training data
   * @param blocks encoded blocks of all splits
   * @param encoder the encoder that made them
   * @param listener told how training goes on
   * @throws io.tagloom.conf.TagloomException for wrong settings, for data without training rows,
   *     when Spark cannot run all workers at once, when the loss is no longer a number, and when
   *     the bundle cannot be written
   */
  public static TrainResult run(
      SparkSession spark,
      Settings settings,
      LocalDate date,
      Dataset<Row> blocks,
      FeatureEncoderModel encoder,
      TrainListener listener) {
    long start = System.nanoTime();
    List<FieldShape> fields = fields(encoder, settings.features().tagField());
    String checkpoints = checkpoints(settings, date);
    Mvke mvke =
        new Mvke(settings).setFields(fields).setListener(listener).setCheckpoints(checkpoints);
    continueEarlier(new ModelStore(spark, settings.run().root()), settings, date, encoder, mvke);
    MvkeModel trained = fit(mvke, blocks, settings, date, listener);
    MvkeModel model =
        trained.withData(
            encoder.fingerprint(), settings.training().from(date).toString(), date.toString());
    String path = new ModelStore(spark, settings.run().root()).save(date, model, encoder);
    delete(spark, settings, checkpoints, listener);
    return new TrainResult(model, path, (System.nanoTime() - start) / 1e9);
  }

  private static MvkeModel fit(
      Mvke mvke, Dataset<Row> blocks, Settings settings, LocalDate date, TrainListener listener) {
    if (!settings.training().tensorboard()) {
      return mvke.fit(blocks);
    }
    Path folder = new Path(settings.run().root(), "tensorboard");
    TensorBoard opened;
    try {
      opened = board(blocks.sparkSession(), folder, date);
    } catch (IOException e) {
      listener.notice(
          TrainNotice.warning(
              "Cannot write TensorBoard's files to " + folder + ": " + e + ". Training goes on."));
      return mvke.fit(blocks);
    }
    List<String> tasks = new ArrayList<>();
    settings.model().tasks().forEach(task -> tasks.add(task.name()));
    try (TensorBoard board = opened) {
      return mvke.setListener(new SummaryListener(board, tasks, listener)).fit(blocks);
    }
  }

  private static TensorBoard board(SparkSession spark, Path folder, LocalDate date)
      throws IOException {
    FileSystem files = folder.getFileSystem(spark.sparkContext().hadoopConfiguration());
    Path whole = files.makeQualified(folder);
    // BigDL opens local files by their plain path.
    boolean local = whole.toUri().getScheme().equals("file");
    String path = local ? whole.toUri().getPath() : whole.toString();
    return new TensorBoard(path, "dt=" + date);
  }

  /** Folder of a date's checkpoints, which is there only while the model is being trained. */
  private static String checkpoints(Settings settings, LocalDate date) {
    String named = settings.training().checkpoint().folder();
    String folder = named.isEmpty() ? settings.run().root() + "/checkpoints" : named;
    return folder + "/dt=" + date;
  }

  private static void delete(
      SparkSession spark, Settings settings, String folder, TrainListener listener) {
    Path path = new Path(folder);
    try {
      FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
      files.delete(path, true);
      Path all = path.getParent();
      // Another date may be training; and a folder that the settings name is not ours to remove.
      if (settings.training().checkpoint().folder().isEmpty()
          && files.exists(all)
          && files.listStatus(all).length == 0) {
        files.delete(all, false);
      }
    } catch (IOException e) {
      // The model is saved; what is left of the checkpoints is never read again.
      listener.notice(TrainNotice.warning("Cannot delete the checkpoints in " + path + ": " + e));
    }
  }

  /** Hands over the newest earlier model, when the settings ask for it and there is one. */
  private static void continueEarlier(
      ModelStore store, Settings settings, LocalDate date, FeatureEncoderModel encoder, Mvke mvke) {
    TrainingSettings.WarmStart warm = settings.training().warmStart();
    Optional<LocalDate> day =
        warm == TrainingSettings.WarmStart.OFF ? Optional.empty() : store.before(date);
    if (!day.isPresent()) {
      return;
    }
    MvkeModel earlier = store.load(day.get());
    if (warm == TrainingSettings.WarmStart.DENSE) {
      mvke.setStart(earlier);
      return;
    }
    if (!encoder.extendsFrom(store.encoder(day.get(), earlier))) {
      throw new InputException(
          "Cannot start from the tables of model "
              + earlier.bundle().info().id()
              + ": the vocabularies of "
              + date
              + " do not continue those of "
              + day.get()
              + ". Fit the encoder on the earlier one, or set training.warm-start = dense.");
    }
    mvke.setStart(earlier, encoder.resetIds());
  }

  /**
   * The fields of an encoder as the model sees them: with their vocabulary sizes, and the tag field
   * first.
   */
  public static List<FieldShape> fields(FeatureEncoderModel encoder, String tagField) {
    List<FieldShape> fields = new ArrayList<>();
    for (FieldSettings field : encoder.declaredFields()) {
      FieldShape shape =
          new FieldShape(
              field.name(),
              FieldShape.Side.valueOf(field.side().name()),
              role(field),
              encoder.vocabulary(field.name()).size());
      if (field.name().equals(tagField)) {
        fields.add(0, shape);
      } else {
        fields.add(shape);
      }
    }
    return fields;
  }

  private static FieldShape.Role role(FieldSettings field) {
    if (field.kind().isHistory()) {
      return FieldShape.Role.HISTORY;
    }
    boolean identity = field.side() == Side.USER && field.column().equals("user_id");
    return identity ? FieldShape.Role.IDENTITY : FieldShape.Role.VALUE;
  }
}
