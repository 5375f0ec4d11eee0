package io.tagloom.conf;

/** How Spark is started: block {@code spark} of {@code reference.conf}. Immutable. */
public final class SparkSettings {
  private SparkSettings() {}

  static SparkSettings read(SettingsReader reader) {
    return new SparkSettings();
  }
}
