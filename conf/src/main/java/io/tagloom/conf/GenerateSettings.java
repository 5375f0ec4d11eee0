package io.tagloom.conf;

/** Example logs: block {@code generate} of {@code reference.conf}. Immutable. */
public final class GenerateSettings {
  private GenerateSettings() {}

  static GenerateSettings read(SettingsReader reader) {
    return new GenerateSettings();
  }
}
