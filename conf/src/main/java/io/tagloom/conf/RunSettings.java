package io.tagloom.conf;

/** Seed and folder of a run: block {@code run} of {@code reference.conf}. Immutable. */
public final class RunSettings {
  private final long seed;
  private final String root;
  private final int lockMinutes;
  private final int keepDays;

  private RunSettings(long seed, String root, int lockMinutes, int keepDays) {
    this.seed = seed;
    this.root = root;
    this.lockMinutes = lockMinutes;
    this.keepDays = keepDays;
  }

  static RunSettings read(SettingsReader reader) {
    long seed = reader.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    return new RunSettings(
        seed,
        trimmed(reader.text("root")),
        reader.integer("lock-minutes", 1, 1440),
        reader.integer("keep-days", 1, 36500));
  }

  /** Seed of everything random; any whole number. */
  public long seed() {
    return seed;
  }

  /**
   * The folder that holds what the jobs write, without a slash at its end.
   *
   * @return a path or URI of any Hadoop file system
   * @throws SettingsException when none is set
   */
  public String root() {
    if (root.isEmpty()) {
      throw new SettingsException(
          "Missing run.root; expected a folder for samples, models and tables. "
              + "Set it in the settings file or with --set run.root=DIR.");
    }
    return root;
  }

  /** Minutes after which the lock of {@link #root}, not renewed, is taken over. 1 to 1440. */
  public int lockMinutes() {
    return lockMinutes;
  }

  /** Days of what nights leave behind that {@code clean} keeps. 1 to 36,500. */
  public int keepDays() {
    return keepDays;
  }

  private static String trimmed(String path) {
    String text = path.trim();
    while (text.length() > 1 && text.endsWith("/") && !text.endsWith(":/")) {
      text = text.substring(0, text.length() - 1);
    }
    return text;
  }
}
