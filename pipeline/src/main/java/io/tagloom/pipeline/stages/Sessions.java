package io.tagloom.pipeline.stages;

import io.tagloom.conf.Settings;
import io.tagloom.conf.SettingsException;
import io.tagloom.conf.SparkSettings;
import io.tagloom.features.logs.WorkSession;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Starts Spark as the settings, the launcher and spark-submit say. */
final class Sessions {
  private static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";

  private Sessions() {}

  /**
   * Starts Spark. A property is taken from {@code spark.properties}; else from spark-submit or the
   * launcher (system properties); else from {@code local.conf} or {@code cluster.conf}.
   *
   * @param settings the settings
   * @param name shown in Spark's web pages
   * @param first properties that count before all others
   * @throws SettingsException when a property cannot work on this JVM
   */
  static SparkSession open(Settings settings, String name, Map<String, String> first) {
    SparkSettings spark = settings.spark();
    SparkConf conf = new SparkConf();
    conf.setAppName(name);
    first.forEach(conf::set);
    conf.setIfMissing("spark.master", spark.master());
    for (Map.Entry<String, String> property : spark.properties().entrySet()) {
      if (property.getKey().equals(EXECUTOR_OPTIONS)) {
        // Those of the launcher let Spark run at all.
        conf.set(EXECUTOR_OPTIONS, conf.get(EXECUTOR_OPTIONS, "") + " " + property.getValue());
      } else if (!first.containsKey(property.getKey())) {
        conf.set(property.getKey(), property.getValue());
      }
    }
    SparkSettings.defaultsFor(conf.get("spark.master")).forEach(conf::setIfMissing);
    String jar = System.getProperty("tagloom.jar", "");
    if (!jar.isEmpty() && !conf.get("spark.master").startsWith("local")) {
      conf.setIfMissing("spark.jars", jar);
    }
    refuseOffHeap(conf);
    SparkSession session = SparkSession.builder().config(conf).getOrCreate();
    WorkSession.requireClassic(session);
    return session;
  }

  private static void refuseOffHeap(SparkConf conf) {
    String version = System.getProperty("java.specification.version");
    if (conf.getBoolean("spark.memory.offHeap.enabled", false) && !version.startsWith("1.")) {
      throw new SettingsException(
          "Invalid spark.memory.offHeap.enabled: true; expected false on JDK "
              + version
              + ", since the off-heap memory of Spark 2.4 needs a class of JDK 8.");
    }
  }
}
