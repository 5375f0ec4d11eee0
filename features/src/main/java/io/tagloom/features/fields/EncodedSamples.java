package io.tagloom.features.fields;

import io.tagloom.conf.InputException;
import java.io.IOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The encoded samples of a date on disk: {@code <root>/encoded/dt=YYYY-MM-DD/split=NAME}, and the
 * fitted encoder in {@code _encoder} beside them.
 */
public final class EncodedSamples {
  private static final String FOLDER = "encoded";

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
