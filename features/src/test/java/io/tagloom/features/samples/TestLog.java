package io.tagloom.features.samples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A small log of each kind, row by row; any value may be null. */
final class TestLog {
  static final StructType IMPRESSIONS =
      new StructType()
          .add("impression_id", DataTypes.StringType)
          .add("user_id", DataTypes.StringType)
          .add("item_id", DataTypes.StringType)
          .add("ts", DataTypes.LongType)
          .add("position", DataTypes.IntegerType);
  static final StructType CLICKS =
      new StructType()
          .add("click_id", DataTypes.StringType)
          .add("impression_id", DataTypes.StringType)
          .add("user_id", DataTypes.StringType)
          .add("item_id", DataTypes.StringType)
          .add("ts", DataTypes.LongType);
  static final StructType CONVERSIONS =
      new StructType()
          .add("conversion_id", DataTypes.StringType)
          .add("click_id", DataTypes.StringType)
          .add("impression_id", DataTypes.StringType)
          .add("user_id", DataTypes.StringType)
          .add("item_id", DataTypes.StringType)
          .add("ts", DataTypes.LongType)
          .add("type", DataTypes.StringType)
          .add("value", DataTypes.DoubleType);

  final List<Object[]> impressions = new ArrayList<>();
  final List<Object[]> clicks = new ArrayList<>();
  final List<Object[]> conversions = new ArrayList<>();

  TestLog impression(String id, String user, String item, Long ts) {
    return impression(id, user, item, ts, null);
  }

  TestLog impression(String id, String user, String item, Long ts, Integer position) {
    impressions.add(new Object[] {id, user, item, ts, position});
    return this;
  }

  TestLog click(String id, String impression, String user, String item, Long ts) {
    clicks.add(new Object[] {id, impression, user, item, ts});
    return this;
  }

  TestLog conversion(
      String id,
      String click,
      String impression,
      String user,
      String item,
      Long ts,
      String type,
      Double value) {
    conversions.add(new Object[] {id, click, impression, user, item, ts, type, value});
    return this;
  }

  /** The same log with all ids after a prefix, so that several logs do not meet. */
  TestLog prefixed(String prefix) {
    TestLog log = new TestLog();
    impressions.forEach(row -> log.impressions.add(prefixed(prefix, row, 3)));
    clicks.forEach(row -> log.clicks.add(prefixed(prefix, row, 4)));
    conversions.forEach(row -> log.conversions.add(prefixed(prefix, row, 5)));
    return log;
  }

  private static Object[] prefixed(String prefix, Object[] row, int ids) {
    Object[] copy = row.clone();
    for (int i = 0; i < ids; i++) {
      copy[i] = copy[i] == null || copy[i].equals("") ? copy[i] : prefix + copy[i];
    }
    return copy;
  }

  /** Puts all rows of another log into this one. */
  TestLog add(TestLog other) {
    impressions.addAll(other.impressions);
    clicks.addAll(other.clicks);
    conversions.addAll(other.conversions);
    return this;
  }

  /** The same rows in another order. */
  TestLog shuffled(long seed) {
    TestLog log = new TestLog().add(this);
    Random random = new Random(seed);
    for (List<Object[]> rows : Arrays.asList(log.impressions, log.clicks, log.conversions)) {
      Collections.shuffle(rows, random);
    }
    return log;
  }

  /** Writes three Parquet tables of some files each. */
  void write(SparkSession spark, String folder, int files) {
    write(spark, IMPRESSIONS, impressions, folder + "/impressions", files);
    write(spark, CLICKS, clicks, folder + "/clicks", files);
    write(spark, CONVERSIONS, conversions, folder + "/conversions", files);
  }

  private static void write(
      SparkSession spark, StructType schema, List<Object[]> values, String path, int files) {
    List<Row> rows = new ArrayList<>();
    values.forEach(value -> rows.add(RowFactory.create(value)));
    Dataset<Row> table = spark.createDataFrame(rows, schema);
    table.coalesce(files).write().parquet(path);
  }
}
