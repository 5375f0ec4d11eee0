package io.tagloom.conf;

/**
 * Where the five input tables are and how they are read: block {@code input} of {@code
 * reference.conf}. Immutable.
 */
public final class InputSettings {
  private InputSettings() {}

  static InputSettings read(SettingsReader reader) {
    return new InputSettings();
  }
}
