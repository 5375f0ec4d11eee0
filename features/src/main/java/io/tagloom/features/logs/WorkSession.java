package io.tagloom.features.logs;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Sessions in which nothing depends on the settings of the session they come from. */
public final class WorkSession {
  private WorkSession() {}

  /** Keys of catalogs, and of the formats that keep versions. */
  private static final List<String> CATALOG_KEYS =
      Arrays.asList(
          "spark.sql.catalog.",
          "spark.sql.defaultCatalog",
          "spark.sql.iceberg.",
          "spark.databricks.delta.");

  /**
   * A session beside another on the same Spark, with its catalogs, times in UTC and partition
   * folders read as text.
   */
  public static SparkSession of(SparkSession spark) {
    SparkSession work = spark.newSession();
    copy(spark, work, "spark.sql.shuffle.partitions");
    copy(spark, work, "spark.sql.autoBroadcastJoinThreshold");
    copy(spark, work, "spark.sql.files.maxPartitionBytes");
    copy(spark, work, "spark.sql.codegen.wholeStage");
    catalogs(spark, work);
    work.conf().set("spark.sql.session.timeZone", "UTC");
    work.conf().set("spark.sql.sources.partitionColumnTypeInference.enabled", "false");
    return work;
  }

  /** What was set in the session alone; a new one has but what Spark was started with. */
  private static void catalogs(SparkSession spark, SparkSession work) {
    for (Row set : spark.sql("SET").select("key").collectAsList()) {
      String key = set.getString(0);
      if (CATALOG_KEYS.stream().anyMatch(key::startsWith)) {
        // Not from the command's answer, which hides secrets.
        work.conf().set(key, spark.conf().get(key));
      }
    }
    String catalog = spark.catalog().currentCatalog();
    if (!catalog.equals(work.catalog().currentCatalog())) {
      work.catalog().setCurrentCatalog(catalog);
    }
    String database = spark.catalog().currentDatabase();
    if (!database.isEmpty() && !database.equals(work.catalog().currentDatabase())) {
      work.catalog().setCurrentDatabase(database);
    }
  }

  private static void copy(SparkSession from, SparkSession to, String key) {
    to.conf().set(key, from.conf().get(key));
  }
}
