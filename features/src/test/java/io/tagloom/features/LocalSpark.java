package io.tagloom.features;

import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;

/**
 * The Spark session that the integration tests of one JVM share: two cores, no web page. ANSI mode
 * is off unless the system property {@code tagloom.test.ansi} says otherwise, on Spark 4, too.
 */
public final class LocalSpark {
  private static final String ANSI = System.getProperty("tagloom.test.ansi", "false");

  private LocalSpark() {}

  /** The shared session, started at the first call. Time zone UTC, four shuffle partitions. */
  public static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("tagloom tests")
        .config("spark.ui.enabled", "false")
        // As conf/local.conf has it.
        .config("spark.hadoop.fs.file.impl", "io.tagloom.features.logs.LocalFiles")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.ansi.enabled", ANSI)
        .config(
            "spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/tagloom-warehouse")
        .getOrCreate();
  }

  /**
   * A session such as a notebook may bring: beside the shared one, with settings {@code key=value}
   * of its own.
   */
  public static SparkSession foreign(String... settings) {
    SparkSession session = session().newSession();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      session.conf().set(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return session;
  }

  /** Does something while a session is the active one, which is what plain expressions go by. */
  public static <T> T within(SparkSession session, Callable<T> work) throws Exception {
    SparkSession before = session();
    SparkSession.setActiveSession(session);
    try {
      return work.call();
    } finally {
      SparkSession.setActiveSession(before);
    }
  }
}
