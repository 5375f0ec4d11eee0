package io.tagloom.conf;

/** Example logs: block {@code generate} of {@code reference.conf}. Immutable. */
public final class GenerateSettings {
  private final String path;
  private final boolean overwrite;
  private final long impressions;
  private final long users;
  private final long items;
  private final int tags;
  private final int topics;
  private final int positions;
  private final int days;
  private final int tailDays;
  private final double clickRate;
  private final double conversionRate;
  private final double duplicateShare;
  private final double lateShare;
  private final double orphanShare;

  private GenerateSettings(SettingsReader reader) {
    this.path = reader.text("path");
    this.overwrite = reader.onOff("overwrite");
    this.impressions = reader.integer("impressions", 1L, 10_000_000_000L);
    this.users = reader.integer("users", 1L, 1_000_000_000L);
    this.items = reader.integer("items", 1L, 1_000_000_000L);
    this.tags = reader.integer("tags", 2, 10_000);
    this.topics = reader.integer("topics", 2, 64);
    this.positions = reader.integer("positions", 1, 1000);
    this.days = reader.integer("days", 1, 365);
    this.tailDays = reader.integer("tail-days", 0, 90);
    this.clickRate = reader.number("click-rate", 0.001, 0.5);
    this.conversionRate = reader.number("conversion-rate", 0.001, 0.5);
    this.duplicateShare = reader.number("duplicate-share", 0, 0.5);
    this.lateShare = reader.number("late-share", 0, 0.5);
    this.orphanShare = reader.number("orphan-share", 0, 0.5);
    if (topics > tags) {
      reader.fault("topics", String.valueOf(topics), "not more than tags (" + tags + ")");
    }
  }

  static GenerateSettings read(SettingsReader reader) {
    return new GenerateSettings(reader);
  }

  /** Folder of the generated logs; empty when not set. */
  public String path() {
    return path;
  }

  /** Whether a finished folder of other settings is replaced. */
  public boolean overwrite() {
    return overwrite;
  }

  /** Distinct impressions, 1 to 10^10. */
  public long impressions() {
    return impressions;
  }

  /** Users that impressions are drawn from, 1 to 10^9. */
  public long users() {
    return users;
  }

  /** Items that impressions are drawn from, 1 to 10^9. */
  public long items() {
    return items;
  }

  /** Tags, 2 to 10000. */
  public int tags() {
    return tags;
  }

  /** Topics that tags spread over, 2 to 64, not more than tags. */
  public int topics() {
    return topics;
  }

  /** Slots of a page, 1 to 1000. */
  public int positions() {
    return positions;
  }

  /** Days of impressions, 1 to 365. */
  public int days() {
    return days;
  }

  /** Days after the last one that clicks and conversions are written for, 0 to 90. */
  public int tailDays() {
    return tailDays;
  }

  /** Mean probability of a click at an impression, 0.001 to 0.5. */
  public double clickRate() {
    return clickRate;
  }

  /** Mean probability of a conversion after a click, 0.001 to 0.5. */
  public double conversionRate() {
    return conversionRate;
  }

  /** Share of rows written twice, 0 to 0.5. */
  public double duplicateShare() {
    return duplicateShare;
  }

  /** Share of clicks and conversions that are late, 0 to 0.5. */
  public double lateShare() {
    return lateShare;
  }

  /** Share of clicks and conversions added that belong to nothing, 0 to 0.5. */
  public double orphanShare() {
    return orphanShare;
  }
}
