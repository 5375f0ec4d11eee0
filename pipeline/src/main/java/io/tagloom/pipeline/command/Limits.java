package io.tagloom.pipeline.command;

import io.tagloom.conf.SettingsException;

/** Ranges of numbers that are given as options. */
final class Limits {
  private Limits() {}

  /** The number, unless it is below 1 or above the most. */
  static int checked(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new SettingsException(
          "Invalid " + option + ": " + value + "; expected a whole number from 1 to " + most + ".");
    }
    return value;
  }
}
