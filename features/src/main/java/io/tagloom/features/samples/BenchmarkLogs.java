package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lpad;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.when;

import io.tagloom.features.logs.Days;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Logs for the benchmark of the label join: every value a function of its row's number.
 *
 * <p>Impressions are spread over nine days; each tenth is clicked and each tenth click converts.
 * One row in twenty is there twice. One user has 5 % of all events and the id "0" another 10 %;
 * users and items are few at the top and many at the bottom.
 */
final class BenchmarkLogs {
  static final LocalDate LAST_DAY = LocalDate.of(2026, 3, 10);
  private static final int DAYS = 9;
  private static final int COPIED = 20;

  private final SparkSession spark;
  private final long impressions;
  private final int files;

  BenchmarkLogs(SparkSession spark, long impressions) {
    this.spark = spark;
    this.impressions = impressions;
    this.files = (int) Math.max(spark.sparkContext().defaultParallelism(), impressions / 500_000);
  }

  /** Writes the three tables as Parquet. */
  void write(String folder, boolean withIds) {
    Column text = lit(null).cast("string");
    Dataset<Row> shown = rows(1);
    write(
        shown.select(
            id("i").as("impression_id"),
            user().as("user_id"),
            item().as("item_id"),
            time().as("ts"),
            pmod(hash(col("id"), lit(3)), lit(10)).as("position")),
        folder + "/impressions");
    Column clicked = time().plus(pmod(hash(col("id"), lit(4)), lit(600_000)));
    write(
        rows(10)
            .select(
                id("c").as("click_id"),
                (withIds ? id("i") : text).as("impression_id"),
                user().as("user_id"),
                item().as("item_id"),
                clicked.as("ts")),
        folder + "/clicks");
    long spread = TimeUnit.DAYS.toMillis(6);
    Column share = pmod(hash(col("id"), lit(5)), lit(1_000_000)).divide(lit(1e6));
    write(
        rows(100)
            .select(
                id("v").as("conversion_id"),
                (withIds ? id("c") : text).as("click_id"),
                user().as("user_id"),
                item().as("item_id"),
                clicked.plus(floor(pow(share, lit(3)).multiply(lit(spread)))).as("ts"),
                lit("order").as("type"),
                share.multiply(lit(100)).as("value")),
        folder + "/conversions");
  }

  /** One in so many impressions; of those one in twenty twice. */
  private Dataset<Row> rows(long every) {
    long rows = impressions / every;
    Dataset<Row> all = spark.range(0, rows + rows / COPIED, 1, files).toDF("row");
    Column copied = col("row").minus(lit(rows)).multiply(lit(COPIED));
    Column number = when(col("row").lt(lit(rows)), col("row")).otherwise(copied);
    return all.select(number.multiply(lit(every)).as("id"));
  }

  private static Column id(String kind) {
    // Spread, as ids are; a product with an odd number modulo a power of two repeats none.
    Column spread = col("id").multiply(lit(2_654_435_761L)).bitwiseAND(lit((1L << 40) - 1));
    return concat(lit(kind), lpad(hex(spread), 10, "0"));
  }

  private static Column user() {
    Column chance = pmod(hash(col("id"), lit(1)), lit(100));
    Column number =
        floor(
            pow(pmod(hash(col("id"), lit(11)), lit(1_000_000)).divide(lit(1e6)), lit(2))
                .multiply(lit(200_000)));
    return when(chance.lt(lit(5)), lit("u1"))
        .when(chance.lt(lit(15)), lit("0"))
        .otherwise(concat(lit("u"), number.plus(lit(2)).cast("string")));
  }

  private static Column item() {
    Column number =
        floor(
            pow(pmod(hash(col("id"), lit(2)), lit(1_000_000)).divide(lit(1e6)), lit(2))
                .multiply(lit(20_000)));
    return concat(lit("a"), number.cast("string"));
  }

  private Column time() {
    long start = Days.start(LAST_DAY.minusDays(DAYS - 1));
    double step = (double) TimeUnit.DAYS.toMillis(DAYS) / impressions;
    return floor(col("id").multiply(lit(step))).plus(lit(start));
  }

  private static void write(Dataset<Row> rows, String path) {
    rows.write().mode("overwrite").parquet(path);
  }
}
