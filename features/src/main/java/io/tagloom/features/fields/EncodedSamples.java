package io.tagloom.features.fields;

import io.tagloom.conf.InputException;
import io.tagloom.conf.Settings;
import io.tagloom.features.logs.InputVersions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.commons.io.IOUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The encoded samples of a date on disk: {@code <root>/encoded/dt=YYYY-MM-DD/split=NAME}, and the
 * fitted encoder in {@code _encoder} beside them; {@code _inputs.json} names the versions of users
 * and items, where these keep versions.
 */
public final class EncodedSamples {
  private static final String FOLDER = "encoded";
  private static final String INPUTS = "_inputs.json";

  private final SparkSession spark;
  private final LocalDate date;
  private final String path;
  private final FeatureEncoderModel encoder;

  private EncodedSamples(
      SparkSession spark, LocalDate date, String path, FeatureEncoderModel encoder) {
    this.spark = spark;
    this.date = date;
    this.path = path;
    this.encoder = encoder;
  }

  /**
   * Opens what {@link EncodeJob} has written for a date.
   *
   * @param root run.root of the settings
   * @throws InputException if there is nothing for the date
   */
  public static EncodedSamples open(SparkSession spark, String root, LocalDate date) {
    String path = path(root, date);
    try {
      Path folder = new Path(path, "_encoder");
      if (!folder.getFileSystem(spark.sparkContext().hadoopConfiguration()).exists(folder)) {
        throw new InputException(
            "Cannot open encoded samples of "
                + date
                + ": there is no "
                + folder
                + ". Run train for this date first.");
      }
    } catch (IOException e) {
      throw new InputException(
          "Cannot open encoded samples of "
              + date
              + ": "
              + path
              + " is unreadable. Check the path.",
          e);
    }
    return new EncodedSamples(spark, date, path, FeatureEncoderModel.load(path + "/_encoder"));
  }

  /** The newest encoder of a date before the given one; empty when there is none. */
  static Optional<FeatureEncoderModel> newestBefore(SparkSession spark, String root, LocalDate date)
      throws IOException {
    Path folder = new Path(root, FOLDER);
    FileSystem files = folder.getFileSystem(spark.sparkContext().hadoopConfiguration());
    LocalDate newest = LocalDate.MIN;
    if (files.exists(folder)) {
      for (FileStatus day : files.listStatus(folder)) {
        LocalDate found = day(day.getPath().getName());
        boolean usable = files.exists(new Path(day.getPath(), "_encoder/metadata"));
        if (usable && found.isBefore(date) && found.isAfter(newest)) {
          newest = found;
        }
      }
    }
    return newest.equals(LocalDate.MIN)
        ? Optional.<FeatureEncoderModel>empty()
        : Optional.of(FeatureEncoderModel.load(path(root, newest) + "/_encoder"));
  }

  /**
   * The versions of users and items that a run of a date reads: those that the settings name, else
   * those that the date was encoded with before, else the newest.
   *
   * @throws InputException if a table or a version is gone
   */
  public static InputVersions inputs(SparkSession spark, Settings settings, LocalDate date) {
    return InputVersions.of(
        spark,
        settings.input(),
        recordedInputs(spark, settings.run().root(), date),
        InputVersions.snapshots(settings.input()));
  }

  /** The versions of users and items that a date was encoded with; none when it was not. */
  public static InputVersions recordedInputs(SparkSession spark, String root, LocalDate date) {
    Path file = new Path(path(root, date), INPUTS);
    try {
      FileSystem files = file.getFileSystem(spark.sparkContext().hadoopConfiguration());
      if (!files.exists(file)) {
        return InputVersions.none();
      }
      try (InputStream in = files.open(file)) {
        return InputVersions.fromJson(IOUtils.toString(in, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new InputException(
          "Cannot read " + file + ": " + e.getMessage() + ". Check the file system.", e);
    }
  }

  /** Notes what versions the samples in a folder are encoded with, if any. */
  static void writeInputs(SparkSession spark, String folder, InputVersions versions)
      throws IOException {
    if (!versions.byTable().isEmpty()) {
      Path file = new Path(folder, INPUTS);
      FileSystem files = file.getFileSystem(spark.sparkContext().hadoopConfiguration());
      try (OutputStream out = files.create(file, true)) {
        out.write(versions.json().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static LocalDate day(String folder) {
    try {
      return folder.startsWith("dt=") ? LocalDate.parse(folder.substring(3)) : LocalDate.MAX;
    } catch (DateTimeParseException e) {
      return LocalDate.MAX;
    }
  }

  static String path(String root, LocalDate date) {
    return root + "/" + FOLDER + "/dt=" + date;
  }

  /** Puts a finished folder in the place of the date's. */
  static void replace(Configuration hadoop, String from, String to) throws IOException {
    Path source = new Path(from);
    Path target = new Path(to);
    FileSystem files = source.getFileSystem(hadoop);
    files.delete(target, true);
    if (!files.rename(source, target)) {
      throw new IOException("Cannot rename " + source + " to " + target + ".");
    }
  }

  /** The date the samples were encoded for. */
  public LocalDate date() {
    return date;
  }

  /** The folder. */
  public String path() {
    return path;
  }

  /** The encoder they were encoded with. */
  public FeatureEncoderModel encoder() {
    return encoder;
  }

  /**
   * All blocks; read rows with {@code Block.fromRow}, sort by {@code block_order} for a fixed
   * order.
   */
  public Dataset<Row> blocks() {
    return spark.read().parquet(path);
  }

  /** The blocks of a split: train, valid or test. */
  public Dataset<Row> blocks(String split) {
    Dataset<Row> all = blocks();
    return all.filter(all.col("split").equalTo(split));
  }
}
