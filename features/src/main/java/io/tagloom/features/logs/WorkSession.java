package io.tagloom.features.logs;

import io.tagloom.conf.SettingsException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Sessions in which no result depends on the settings of the session they come from.
 *
 * <p>What decides how fast a query runs is taken over, but for one plan that is wrong for these
 * queries; what decides what a value means is set here, whatever the session, spark-submit or
 * {@code spark-defaults.conf} say. ANSI mode is left as it is: {@link Casts} gives the same in
 * both.
 */
public final class WorkSession {
  private static final String[] TAKEN_OVER = {
    "spark.sql.shuffle.partitions",
    "spark.sql.autoBroadcastJoinThreshold",
    "spark.sql.files.maxPartitionBytes",
    "spark.sql.codegen.wholeStage",
    "spark.sql.adaptive.enabled"
  };

  /** Keys of catalogs, and of the formats that keep versions. */
  private static final List<String> CATALOG_KEYS =
      Arrays.asList(
          "spark.sql.catalog.",
          "spark.sql.defaultCatalog",
          "spark.sql.iceberg.",
          "spark.databricks.delta.");

  private static final Map<String, String> FIXED = fixed();

  private WorkSession() {}

  /**
   * A session beside another on the same Spark, with its catalogs, times in UTC and partition
   * folders read as text.
   *
   * @throws SettingsException when the session is one of Spark Connect
   */
  public static SparkSession of(SparkSession spark) {
    requireClassic(spark);
    SparkSession work = spark.newSession();
    for (String key : TAKEN_OVER) {
      work.conf().set(key, spark.conf().get(key));
    }
    catalogs(spark, work);
    FIXED.forEach(work.conf()::set);
    return work;
  }

  /** What was set in the session alone; a new one has but what Spark was started with. */
  private static void catalogs(SparkSession spark, SparkSession work) {
    for (Row set : spark.sql("SET").collectAsList()) {
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

  /**
   * Refuses a session of Spark Connect, whose client has no {@code SparkContext} to run tasks of
   * its own with.
   *
   * @throws SettingsException when it is one
   */
  public static void requireClassic(SparkSession spark) {
    requireClassic(spark.getClass().getName());
  }

  static void requireClassic(String sessionClass) {
    if (sessionClass.startsWith("org.apache.spark.sql.connect.")) {
      throw new SettingsException(
          "Cannot work in a session of Spark Connect: tagloom runs tasks of its own on executors,"
              + " which needs a SparkContext. Start a classic session (spark.api.mode=classic, with"
              + " a master in the place of a remote), or hand the program to spark-submit.");
    }
  }

  private static Map<String, String> fixed() {
    Map<String, String> fixed = new LinkedHashMap<>();
    fixed.put("spark.sql.session.timeZone", "UTC");
    fixed.put("spark.sql.caseSensitive", "false");
    // Folders are read as text: dt=2026-03-05 is no timestamp, hr=00 no number.
    fixed.put("spark.sql.sources.partitionColumnTypeInference.enabled", "false");
    fixed.put("spark.sql.sources.partitionOverwriteMode", "static");
    // The word timestamp means an instant; Parquet's local times are told from instants.
    fixed.put("spark.sql.timestampType", "TIMESTAMP_LTZ");
    fixed.put("spark.sql.parquet.inferTimestampNTZ.enabled", "true");
    // Nanoseconds as plain numbers would be taken for milliseconds; so they are refused.
    fixed.put("spark.sql.legacy.parquet.nanosAsLong", "false");
    // A date before 1582 or a time before 1900 breaks a row rule, not the run.
    for (String type : new String[] {"datetime", "int96"}) {
      fixed.put("spark.sql.parquet." + type + "RebaseModeInRead", "CORRECTED");
      fixed.put("spark.sql.parquet." + type + "RebaseModeInWrite", "CORRECTED");
    }
    fixed.put("spark.sql.legacy.timeParserPolicy", "CORRECTED");
    // Nothing is lost silently; input.<table>.options may say otherwise.
    fixed.put("spark.sql.files.ignoreCorruptFiles", "false");
    fixed.put("spark.sql.files.ignoreMissingFiles", "false");
    // Most keys have one row: thinning copies out before a shuffle would sort for nothing.
    fixed.put("spark.sql.optimizer.windowGroupLimitThreshold", "-1");
    return Collections.unmodifiableMap(fixed);
  }
}
