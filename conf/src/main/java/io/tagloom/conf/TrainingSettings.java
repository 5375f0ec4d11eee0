package io.tagloom.conf;

/** The trainer: block {@code training} of {@code reference.conf}. Immutable. */
public final class TrainingSettings {
  private TrainingSettings() {}

  static TrainingSettings read(SettingsReader reader) {
    return new TrainingSettings();
  }
}
