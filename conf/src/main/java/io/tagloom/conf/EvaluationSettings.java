package io.tagloom.conf;

/**
 * What is evaluated and what it must reach: block {@code evaluation} of {@code reference.conf}.
 * Immutable.
 */
public final class EvaluationSettings {
  private EvaluationSettings() {}

  static EvaluationSettings read(SettingsReader reader) {
    return new EvaluationSettings();
  }
}
