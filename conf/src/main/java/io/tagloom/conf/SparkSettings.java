package io.tagloom.conf;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** How Spark is started: block {@code spark} of {@code reference.conf}. Immutable. */
public final class SparkSettings {
  /** Level of messages, from the fewest to the most. */
  public enum LogLevel {
    /** Errors alone. */
    ERROR,
    /** Errors and warnings. */
    WARN,
    /** All that Spark tells of its work. */
    INFO
  }

  private final String master;
  private final String driverMemory;
  private final LogLevel logLevel;
  private final Map<String, String> properties;

  private SparkSettings(
      String master, String driverMemory, LogLevel logLevel, Map<String, String> properties) {
    this.master = master;
    this.driverMemory = driverMemory;
    this.logLevel = logLevel;
    this.properties = properties;
  }

  static SparkSettings read(SettingsReader reader) {
    String master = reader.requiredText("master");
    String driverMemory = reader.text("driver-memory");
    if (!driverMemory.matches("[1-9][0-9]*[kKmMgGtT]")) {
      reader.fault("driver-memory", driverMemory, "a whole number with k, m, g or t, such as 4g");
    }
    LogLevel logLevel = logLevel(reader);
    Map<String, String> properties = reader.map("properties");
    for (String name : properties.keySet()) {
      if (!name.startsWith("spark.")) {
        reader.fault("properties", name, "names that start with spark.");
      }
    }
    return new SparkSettings(master, driverMemory, logLevel, properties);
  }

  private static LogLevel logLevel(SettingsReader reader) {
    String text = reader.text("log-level");
    for (LogLevel level : LogLevel.values()) {
      if (level.name().equalsIgnoreCase(text)) {
        return level;
      }
    }
    reader.fault("log-level", text, "one of ERROR, WARN, INFO");
    return LogLevel.ERROR;
  }

  /** Spark's master of a run that is not handed over to spark-submit, such as {@code local[2]}. */
  public String master() {
    return master;
  }

  /** Heap of the driver of a local run, as the JVM writes it, such as {@code 4g}. */
  public String driverMemory() {
    return driverMemory;
  }

  /** Level of Spark's own messages on the console. */
  public LogLevel logLevel() {
    return logLevel;
  }

  /** Further properties, by their full name ({@code spark.…}). */
  public Map<String, String> properties() {
    return properties;
  }

  /**
   * What a run takes for properties that nobody has set: those of {@code local.conf} or {@code
   * cluster.conf}.
   *
   * @param master the master that the run really has
   * @return by full name, in alphabetical order
   */
  public static Map<String, String> defaultsFor(String master) {
    String resource = master.startsWith("local") ? "local.conf" : "cluster.conf";
    Map<String, String> defaults = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry :
        ConfigFactory.parseResources(
                SparkSettings.class, resource, ConfigParseOptions.defaults().setAllowMissing(false))
            .getObject("properties")
            .entrySet()) {
      defaults.put(entry.getKey(), String.valueOf(entry.getValue().unwrapped()));
    }
    return Collections.unmodifiableMap(defaults);
  }
}
