package io.tagloom.conf;

/** The label join: block {@code samples} of {@code reference.conf}. Immutable. */
public final class SampleSettings {
  private SampleSettings() {}

  static SampleSettings read(SettingsReader reader) {
    return new SampleSettings();
  }
}
