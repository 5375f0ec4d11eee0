package io.tagloom.training;

import io.tagloom.conf.InputException;
import io.tagloom.features.fields.FeatureEncoderModel;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The models of a run's folder: {@code models/dt=YYYY-MM-DD}, each with the encoder that made its
 * training data in {@code encoder} below.
 */
public final class ModelStore {
  private static final String ENCODER = "/encoder";
  private static final String DAY = "dt=";

  private final SparkSession spark;
  private final Path folder;

  /**
   * The store below a root.
   *
   * @param root {@code run.root}, on any Hadoop file system
   */
  public ModelStore(SparkSession spark, String root) {
    this.spark = spark;
    this.folder = new Path(root, "models");
  }

  /** Folder of a date's model. */
  public String path(LocalDate date) {
    return new Path(folder, DAY + date).toString();
  }

  /**
   * Writes a model and its encoder: beside first, then renamed, so that a reader sees the old one
   * or the new one.
   *
   * @return the folder
   * @throws InputException if the folder cannot be written to; the date's older model stays
   */
  public String save(LocalDate date, MvkeModel model, FeatureEncoderModel encoder) {
    Path last = new Path(path(date));
    Path beside = new Path(folder, "." + DAY + date + "-" + UUID.randomUUID());
    try {
      FileSystem files = folder.getFileSystem(spark.sparkContext().hadoopConfiguration());
      try {
        model.save(beside.toString());
        encoder.save(beside + ENCODER);
        replace(files, beside, last);
      } finally {
        files.delete(beside, true);
      }
    } catch (IOException e) {
      throw new InputException(
          "Cannot write the model to " + last + ": " + e + ". Check the folder and its space.", e);
    }
    return last.toString();
  }

  private static void replace(FileSystem files, Path beside, Path last) throws IOException {
    Path old = new Path(last.getParent(), "." + last.getName() + "-old");
    files.delete(old, true);
    boolean had = files.exists(last) && files.rename(last, old);
    if (!files.rename(beside, last)) {
      if (had) {
        files.rename(old, last);
      }
      throw new IOException("rename of " + beside + " failed");
    }
    files.delete(old, true);
  }

  /**
   * Loads the model of a date.
   *
   * @throws InputException if there is none or it is damaged
   */
  public MvkeModel load(LocalDate date) {
    return MvkeModel.read().session(spark).load(path(date));
  }

  /**
   * Loads the encoder that belongs to the model of a date.
   *
   * @param model the model
   * @throws InputException if its fingerprint is not the one the model was trained with
   */
  public FeatureEncoderModel encoder(LocalDate date, MvkeModel model) {
    FeatureEncoderModel encoder =
        FeatureEncoderModel.read().session(spark).load(path(date) + ENCODER);
    model.bundle().checkVocabulary(encoder.fingerprint());
    return encoder;
  }

  /**
   * The newest date before another that has a model.
   *
   * @throws InputException if the folder cannot be listed
   */
  public Optional<LocalDate> before(LocalDate date) {
    LocalDate newest = null;
    try {
      FileSystem files = folder.getFileSystem(spark.sparkContext().hadoopConfiguration());
      if (!files.exists(folder)) {
        return Optional.empty();
      }
      for (FileStatus file : files.listStatus(folder)) {
        String name = file.getPath().getName();
        if (name.matches(DAY + "\\d{4}-\\d{2}-\\d{2}")) {
          LocalDate day = LocalDate.parse(name.substring(DAY.length()));
          if (day.isBefore(date) && (newest == null || day.isAfter(newest))) {
            newest = day;
          }
        }
      }
    } catch (IOException e) {
      throw new InputException("Cannot list the models in " + folder + ": " + e + ".", e);
    }
    return Optional.ofNullable(newest);
  }
}
