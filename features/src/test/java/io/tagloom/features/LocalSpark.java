package io.tagloom.features;

import org.apache.spark.sql.SparkSession;

/** The Spark session that the integration tests of one JVM share: two cores, no web page. */
public final class LocalSpark {
  private LocalSpark() {}

  /** The shared session, started at the first call. Time zone UTC, four shuffle partitions. */
  public static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("tagloom tests")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.session.timeZone", "UTC")
        .config(
            "spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/tagloom-warehouse")
        .getOrCreate();
  }
}
