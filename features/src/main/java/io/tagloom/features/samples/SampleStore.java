package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.col;

import io.tagloom.conf.InputException;
import io.tagloom.features.logs.WorkSession;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The samples that have been built: {@code <root>/samples/dt=YYYY-MM-DD}. */
public final class SampleStore {
  static final String TABLE = "samples";

  private final SparkSession spark;
  private final String root;

  private SampleStore(SparkSession spark, String root) {
    this.spark = Objects.requireNonNull(spark);
    this.root = Objects.requireNonNull(root);
  }

  /** The samples under the folder {@code run.root}. */
  public static SampleStore at(SparkSession spark, String root) {
    return new SampleStore(spark, root);
  }

  /** The folder of the samples. */
  public String path() {
    return root + "/" + TABLE;
  }

  /** The days that have samples, in order. */
  public List<LocalDate> days() {
    return new DayPartitions(spark.sparkContext().hadoopConfiguration(), root).days(TABLE);
  }

  /**
   * The samples of some days, both included.
   *
   * @return the columns of a sample, {@code dt} as text; a label type that a day does not know is
   *     null there
   * @throws InputException when there are none
   */
  public Dataset<Row> read(LocalDate from, LocalDate to) {
    List<String> paths = new ArrayList<>();
    for (LocalDate day : days()) {
      if (!day.isBefore(from) && !day.isAfter(to)) {
        paths.add(path() + "/dt=" + day);
      }
    }
    if (paths.isEmpty()) {
      throw new InputException(
          "Cannot read samples: no day from "
              + from
              + " to "
              + to
              + " under "
              + path()
              + ". Build them with the command samples.");
    }
    return WorkSession.of(spark)
        .read()
        .option("basePath", path())
        .option("mergeSchema", "true")
        .parquet(paths.toArray(new String[0]))
        .withColumn("dt", col("dt").cast("string"));
  }
}
