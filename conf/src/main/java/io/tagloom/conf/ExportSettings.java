package io.tagloom.conf;

/**
 * Profile tables and their publication: block {@code export} of {@code reference.conf}. Immutable.
 */
public final class ExportSettings {
  private ExportSettings() {}

  static ExportSettings read(SettingsReader reader) {
    return new ExportSettings();
  }
}
