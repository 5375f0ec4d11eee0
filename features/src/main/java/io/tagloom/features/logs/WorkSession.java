package io.tagloom.features.logs;

import org.apache.spark.sql.SparkSession;

/** Sessions in which nothing depends on the settings of the session they come from. */
public final class WorkSession {
  private WorkSession() {}

  /**
   * A session beside another on the same Spark, with times in UTC and partition folders read as
   * text.
   */
  public static SparkSession of(SparkSession spark) {
    SparkSession work = spark.newSession();
    copy(spark, work, "spark.sql.shuffle.partitions");
    copy(spark, work, "spark.sql.autoBroadcastJoinThreshold");
    copy(spark, work, "spark.sql.files.maxPartitionBytes");
    copy(spark, work, "spark.sql.codegen.wholeStage");
    work.conf().set("spark.sql.session.timeZone", "UTC");
    work.conf().set("spark.sql.sources.partitionColumnTypeInference.enabled", "false");
    return work;
  }

  private static void copy(SparkSession from, SparkSession to, String key) {
    to.conf().set(key, from.conf().get(key));
  }
}
