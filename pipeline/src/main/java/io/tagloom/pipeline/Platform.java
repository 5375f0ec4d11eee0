package io.tagloom.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Optional;
import java.util.Properties;

/**
 * The Spark and the Java that a command was started on. It names no class of Spark, since those of
 * a wrong one may not link, and reads only what every Spark has told of itself since 2.0.
 */
final class Platform {
  private static final String NEEDED = "tagloom needs Spark 3.5 or 4";

  private final String spark;
  private final String scala;
  private final String place;
  private final String java;
  private final String javaHome;

  /**
   * What was found.
   *
   * @param spark Spark's version, or an empty text where there is none
   * @param scala the version of its Scala
   * @param place jar or folder of Spark
   * @param java Java's major version: 1.8, 11, 17, …
   * @param javaHome folder of that Java
   */
  Platform(String spark, String scala, String place, String java, String javaHome) {
    this.spark = spark;
    this.scala = scala;
    this.place = place;
    this.java = java.startsWith("1.") ? java.substring(2) : java;
    this.javaHome = javaHome;
  }

  /** Looks at this JVM. */
  static Platform found() {
    ClassLoader loader = Platform.class.getClassLoader();
    URL resource = loader.getResource("spark-version-info.properties");
    return new Platform(
        property(resource, "version"),
        property(loader.getResource("library.properties"), "version.number"),
        resource == null ? "" : resource.toString().replaceAll("^(jar:)?file:|!?/[^/]*$", ""),
        System.getProperty("java.specification.version"),
        System.getProperty("java.home"));
  }

  private static String property(URL resource, String name) {
    Properties properties = new Properties();
    if (resource != null) {
      try (InputStream in = resource.openStream()) {
        properties.load(in);
      } catch (IOException e) {
        // A jar that cannot be read holds no Spark that could run.
        return "";
      }
    }
    return properties.getProperty(name, "");
  }

  /** Why nothing can run here, and what to do about it; empty when all is well. */
  Optional<String> fault() {
    if (spark.isEmpty()) {
      return Optional.of(
          "Cannot start: no Spark on the class path; "
              + NEEDED
              + ". Start the jar with pipeline/bin/tagloom or with spark-submit.");
    }
    String name = "Spark " + spark + " (Scala " + scala + ", " + place + ")";
    if (spark.matches("3[.]5([.-].*)?")) {
      return fault(name, "8, 11 or 17", java.matches("8|11|17"));
    }
    if (spark.matches("4[.].*")) {
      return fault(name, "17 or 21", java.matches("17|21"));
    }
    return Optional.of(
        "Cannot run on "
            + name
            + ": "
            + NEEDED
            + ". Set SPARK_HOME to one of them, or run without --master on the Spark 3.5 that"
            + " tagloom brings.");
  }

  private Optional<String> fault(String name, String needed, boolean held) {
    return held
        ? Optional.empty()
        : Optional.of(
            "Cannot run on Java "
                + java
                + " ("
                + javaHome
                + "): "
                + name
                + " needs Java "
                + needed
                + ". Set JAVA_HOME to one of them.");
  }
}
