package io.tagloom.conf;

import java.io.Serializable;

/**
 * When training has exploded: block {@code training.guard} of {@code reference.conf}. Immutable.
 */
public final class GuardSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double lossFactor;
  private final double normFactor;

  private GuardSettings(SettingsReader reader) {
    this.lossFactor = factor(reader, "loss-factor");
    this.normFactor = factor(reader, "norm-factor");
  }

  private static double factor(SettingsReader reader, String key) {
    double factor = reader.number(key, 0.0, 1e9);
    if (factor > 0 && factor < 2) {
      reader.fault(key, String.valueOf(factor), "0, or a number from 2 to 1.0E9");
    }
    return factor;
  }

  static GuardSettings read(SettingsReader reader) {
    return new GuardSettings(reader);
  }

  /** Times the mean loss of the 100 steps before that a step's loss may reach; 0 is no limit. */
  public double lossFactor() {
    return lossFactor;
  }

  /** Times the mean norm of the 100 steps before that a gradient's may reach; 0 is no limit. */
  public double normFactor() {
    return normFactor;
  }
}
