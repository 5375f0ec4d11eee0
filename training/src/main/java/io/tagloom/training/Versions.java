package io.tagloom.training;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Versions that a bundle notes down. */
final class Versions {
  private Versions() {}

  static String json(SparkSession spark) {
    Map<String, Object> versions = new LinkedHashMap<>();
    String own = Versions.class.getPackage().getImplementationVersion();
    versions.put("tagloom", own == null ? "development" : own);
    versions.put("spark", spark.version());
    versions.put("java", System.getProperty("java.version"));
    return ConfigValueFactory.fromMap(versions).render(ConfigRenderOptions.concise());
  }
}
