package io.tagloom.features;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * A Spark session with catalogs in the place of the shared one: {@code lake} of Iceberg, and as
 * session catalog a Hive metastore of its own that knows Delta. While it is open {@link
 * LocalSpark#session()} gives it; then the shared one starts anew.
 */
public final class CatalogSpark implements AutoCloseable {
  private final SparkSession spark;

  /**
   * Starts Spark.
   *
   * @param folder an empty folder for the tables and the metastore
   */
  public CatalogSpark(Path folder) {
    LocalSpark.session().stop();
    System.setProperty("derby.stream.error.file", folder.resolve("derby.log").toString());
    this.spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("tagloom tests of catalogs")
            .config("spark.ui.enabled", "false")
            // As conf/local.conf has it.
            .config("spark.hadoop.fs.file.impl", "io.tagloom.features.logs.LocalFiles")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toUri().toString())
            .config("spark.sql.catalogImplementation", "hive")
            .config(
                "spark.hadoop.javax.jdo.option.ConnectionURL",
                "jdbc:derby:;databaseName=" + folder.resolve("metastore") + ";create=true")
            .config("spark.hadoop.hive.exec.dynamic.partition.mode", "nonstrict")
            .config(
                "spark.sql.extensions",
                "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions,"
                    + "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog")
            .config("spark.sql.catalog.lake.type", "hadoop")
            .config("spark.sql.catalog.lake.warehouse", folder.resolve("lake").toUri().toString())
            .config("spark.databricks.delta.snapshotPartitions", "1")
            // Small tables, many plans: compiling them is most of the work.
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.databricks.delta.retentionDurationCheck.enabled", "false")
            .getOrCreate();
  }

  /** The session. */
  public SparkSession session() {
    return spark;
  }

  @Override
  public void close() {
    spark.stop();
  }
}
