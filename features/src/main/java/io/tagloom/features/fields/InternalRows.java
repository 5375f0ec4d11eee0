package io.tagloom.features.fields;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Rows in Spark SQL's own form, without conversion to {@code Row} and back, which would cost more
 * than the encoding itself.
 *
 * <p>Trap: an iterator of such rows hands out the same object again and again. Strings and arrays
 * taken from a row point into it and must be copied before the next one is read.
 */
final class InternalRows {
  private InternalRows() {}

  static JavaRDD<InternalRow> of(Dataset<Row> table) {
    return table.queryExecution().toRdd().toJavaRDD();
  }

  static Dataset<Row> table(SparkSession spark, JavaRDD<InternalRow> rows, StructType schema) {
    try {
      // Public in bytecode only; of the session's own class, which moved in Spark 4.
      @SuppressWarnings("unchecked")
      Dataset<Row> table =
          (Dataset<Row>)
              spark
                  .getClass()
                  .getMethod("internalCreateDataFrame", RDD.class, StructType.class, boolean.class)
                  .invoke(spark, rows.rdd(), schema, false);
      return table;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make a table of internal rows.", e);
    }
  }
}
