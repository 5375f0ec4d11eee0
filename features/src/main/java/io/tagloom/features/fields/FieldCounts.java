package io.tagloom.features.fields;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What one pass over the samples has found out, brought to the driver. Bound: as many values of a
 * field as its vocabulary may hold, and {@link RowCounter#SAMPLE_ROWS} numbers of a field.
 */
final class FieldCounts {
  private static final StructType PARTIAL =
      new StructType()
          .add("what", DataTypes.IntegerType)
          .add("field", DataTypes.IntegerType)
          .add("value", DataTypes.StringType)
          .add("n", DataTypes.LongType)
          .add("day", DataTypes.IntegerType)
          .add("known", DataTypes.BooleanType)
          .add("number", DataTypes.DoubleType);

  /** A value of a field: rows it is in, and the last day of these. */
  static final class Value {
    final UTF8String value;
    final long rows;
    final int day;

    Value(UTF8String value, long rows, int day) {
      this.value = value;
      this.rows = rows;
      this.day = day;
    }
  }

  /** The counts of one field. */
  static final class Field {
    /** Training rows with a value. */
    long covered;

    /** Pairs of row and distinct value. */
    long occurrences;

    /** Candidates of the vocabulary by falling count, ties by value. */
    final List<Value> values = new ArrayList<>();

    /** Sampled numbers (bucketed) or ids (hashed), ascending. */
    double[] sample = {};
  }

  private final Map<String, Long> rowsBySplit = new TreeMap<>();
  private final List<Field> fields = new ArrayList<>();

  private FieldCounts(int size) {
    for (int i = 0; i < size; i++) {
      fields.add(new Field());
    }
  }

  Map<String, Long> rowsBySplit() {
    return rowsBySplit;
  }

  Field field(int index) {
    return fields.get(index);
  }

  /**
   * Sums up partial counts.
   *
   * @param limits most values a field may bring to the driver
   * @param minCounts rows a value must be in, unless it is in the vocabulary already
   */
  static FieldCounts collect(
      SparkSession spark, JavaRDD<InternalRow> partial, int[] limits, int[] minCounts) {
    FieldCounts counts = new FieldCounts(limits.length);
    Dataset<Row> rows =
        InternalRows.table(spark, partial, PARTIAL).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      counts.collectTotals(rows);
      counts.collectSamples(rows);
      counts.collectValues(rows, limits, minCounts);
    } finally {
      rows.unpersist();
    }
    return counts;
  }

  private void collectTotals(Dataset<Row> rows) {
    Dataset<Row> totals =
        rows.filter(col("what").isin(RowCounter.SPLIT, RowCounter.COVERED))
            .groupBy("what", "field", "value")
            .agg(sum("n").as("n"));
    for (Row row : totals.collectAsList()) {
      if (row.getInt(0) == RowCounter.SPLIT) {
        rowsBySplit.put(row.getString(2), row.getLong(3));
      } else {
        field(row.getInt(1)).covered = row.getLong(3);
      }
    }
  }

  private void collectSamples(Dataset<Row> rows) {
    // The sign bit is turned so that bigints compare as the unsigned hashes do.
    Dataset<Row> ranked =
        rows.filter(col("what").equalTo(RowCounter.SAMPLE))
            .withColumn("hash", col("n").bitwiseXOR(lit(Long.MIN_VALUE)))
            .withColumn(
                "place",
                row_number()
                    .over(Window.partitionBy(col("field")).orderBy(col("hash"), col("number"))))
            .filter(col("place").leq(RowCounter.SAMPLE_ROWS))
            .select("field", "number");
    List<List<Double>> numbers = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      numbers.add(new ArrayList<Double>());
    }
    for (Row row : ranked.collectAsList()) {
      numbers.get(row.getInt(0)).add(row.getDouble(1));
    }
    for (int i = 0; i < fields.size(); i++) {
      double[] sample = numbers.get(i).stream().mapToDouble(Double::doubleValue).toArray();
      Arrays.sort(sample);
      field(i).sample = sample;
    }
  }

  private void collectValues(Dataset<Row> rows, int[] limits, int[] minCounts) {
    Dataset<Row> values =
        rows.filter(col("what").equalTo(RowCounter.VALUE))
            .groupBy("field", "value")
            .agg(sum("n").as("n"), max("day").as("day"), max("known").as("known"))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      boolean fits = true;
      Dataset<Row> sizes = values.groupBy("field").agg(count("value"), sum("n"));
      for (Row row : sizes.collectAsList()) {
        fits &= row.getLong(1) <= limits[row.getInt(0)];
        field(row.getInt(0)).occurrences = row.getLong(2);
      }
      Column enough = lit(false);
      for (int i = 0; i < minCounts.length; i++) {
        enough = enough.or(col("field").equalTo(i).and(col("n").geq(minCounts[i])));
      }
      Dataset<Row> kept = values.filter(enough.or(col("known")));
      if (!fits) {
        kept = mostFrequent(kept, limits);
      }
      for (Row row : kept.select("field", "value", "n", "day").collectAsList()) {
        UTF8String value = UTF8String.fromString(row.getString(1));
        field(row.getInt(0)).values.add(new Value(value, row.getLong(2), row.getInt(3)));
      }
    } finally {
      values.unpersist();
    }
    for (Field field : fields) {
      Collections.sort(
          field.values,
          (a, b) -> a.rows != b.rows ? Long.compare(b.rows, a.rows) : a.value.compareTo(b.value));
    }
  }

  private static Dataset<Row> mostFrequent(Dataset<Row> values, int[] limits) {
    Column within = lit(false);
    for (int i = 0; i < limits.length; i++) {
      within = within.or(col("field").equalTo(i).and(col("place").leq(limits[i])));
    }
    return values
        .withColumn(
            "place",
            row_number()
                .over(Window.partitionBy("field").orderBy(col("n").desc(), col("value").asc())))
        .filter(within.or(col("known")));
  }
}
