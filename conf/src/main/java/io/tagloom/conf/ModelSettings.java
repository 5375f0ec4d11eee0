package io.tagloom.conf;

/** The MVKE model and its tasks: block {@code model} of {@code reference.conf}. Immutable. */
public final class ModelSettings {
  private ModelSettings() {}

  static ModelSettings read(SettingsReader reader) {
    return new ModelSettings();
  }
}
