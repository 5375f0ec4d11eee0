package io.tagloom.conf;

/** Seed and folder of a run: block {@code run} of {@code reference.conf}. Immutable. */
public final class RunSettings {
  private RunSettings() {}

  static RunSettings read(SettingsReader reader) {
    return new RunSettings();
  }
}
