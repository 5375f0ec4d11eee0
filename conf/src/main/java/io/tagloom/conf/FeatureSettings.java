package io.tagloom.conf;

/** Fields and vocabularies: block {@code features} of {@code reference.conf}. Immutable. */
public final class FeatureSettings {
  private FeatureSettings() {}

  static FeatureSettings read(SettingsReader reader) {
    return new FeatureSettings();
  }
}
