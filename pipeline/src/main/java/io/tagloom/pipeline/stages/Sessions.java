package io.tagloom.pipeline.stages;

import io.tagloom.conf.Settings;
import io.tagloom.conf.SettingsException;
import io.tagloom.conf.SparkSettings;
import io.tagloom.conf.TagloomException;
import io.tagloom.features.logs.WorkSession;
import java.io.File;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** Starts Spark as the settings, the launcher and spark-submit say. */
final class Sessions {
  private static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";

  private static final String HIVE_CLASS = "org.apache.spark.sql.hive.HiveSessionStateBuilder";

  private Sessions() {}

  /**
   * Starts Spark. A property is taken from {@code spark.properties}; else from spark-submit or the
   * launcher (system properties); else from {@code local.conf} or {@code cluster.conf}.
   *
   * @param settings the settings
   * @param name shown in Spark's web pages
   * @param first properties that count before all others
   */
  static SparkSession open(Settings settings, String name, Map<String, String> first) {
    SparkSettings spark = settings.spark();
    SparkConf conf = new SparkConf();
    conf.setAppName(name);
    first.forEach(conf::set);
    conf.setIfMissing("spark.master", spark.master());
    for (Map.Entry<String, String> property : spark.properties().entrySet()) {
      if (property.getKey().equals(EXECUTOR_OPTIONS)) {
        // Beside the launcher's, which say what dates mean.
        conf.set(EXECUTOR_OPTIONS, conf.get(EXECUTOR_OPTIONS, "") + " " + property.getValue());
      } else if (!first.containsKey(property.getKey())) {
        conf.set(property.getKey(), property.getValue());
      }
    }
    SparkSettings.defaultsFor(conf.get("spark.master")).forEach(conf::setIfMissing);
    String jar = System.getProperty("tagloom.jar", "");
    if (!jar.isEmpty() && !conf.get("spark.master").startsWith("local")) {
      conf.setIfMissing("spark.jars", new File(jar).toURI().toString());
    }
    refuseHive(conf);
    SparkSession session = start(conf);
    WorkSession.requireClassic(session);
    return session;
  }

  /** Hadoop's settings as they will be once Spark runs, for what is done before. */
  static Configuration hadoop(Settings settings) {
    Configuration hadoop = new Configuration();
    SparkConf conf = new SparkConf();
    settings.spark().properties().forEach(conf::set);
    for (Tuple2<String, String> property : conf.getAllWithPrefix("spark.hadoop.")) {
      hadoop.set(property._1(), property._2());
    }
    return hadoop;
  }

  private static SparkSession start(SparkConf conf) {
    String master = conf.get("spark.master");
    try {
      return SparkSession.builder().config(conf).getOrCreate();
    } catch (IllegalArgumentException e) {
      if (e.getCause() instanceof IOException) {
        // A host that is not found, say: may pass.
        throw e;
      }
      // Of a property that Spark cannot read; its text names it.
      throw new SettingsException(
          "Cannot start Spark: "
              + TagloomException.reason(e)
              + ". Mend spark.properties, or what was given to spark-submit.");
    } catch (RuntimeException e) {
      if (e instanceof TagloomException || !master.startsWith("spark://")) {
        throw e;
      }
      // A master that does not answer ends in a null pointer somewhere below.
      throw new IllegalStateException(
          "Cannot start Spark on "
              + master
              + ": no master answers there, or it has ended the application. Look at the master's"
              + " log, or set another with --master.",
          e);
    }
  }

  private static void refuseHive(SparkConf conf) {
    String key = "spark.sql.catalogImplementation";
    if (!conf.get(key, "").equals("hive")) {
      return;
    }
    try {
      Class.forName(HIVE_CLASS, false, Thread.currentThread().getContextClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new SettingsException(
          "Invalid "
              + key
              + ": hive; expected in-memory, since this Spark has no Hive classes. Start through"
              + " spark-submit of a Spark distribution (SPARK_HOME and --master), which has them.");
    }
  }
}
