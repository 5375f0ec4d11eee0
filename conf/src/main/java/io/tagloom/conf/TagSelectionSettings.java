package io.tagloom.conf;

/**
 * Which tags a profile may name: block {@code export.tags} of {@code reference.conf}. Immutable.
 */
public final class TagSelectionSettings {
  private final String allowList;
  private final int minSupport;
  private final int maxPerCategory;
  private final String categoryColumn;

  TagSelectionSettings(SettingsReader reader) {
    this.allowList = reader.text("allow-list").trim();
    this.minSupport = reader.integer("min-support", 0, 1_000_000_000);
    this.maxPerCategory = reader.integer("max-per-category", 0, 10_000);
    this.categoryColumn = reader.requiredText("category-column");
  }

  /** Path of the only tags that are allowed; empty allows every tag. */
  public String allowList() {
    return allowList;
  }

  /** Items that must carry a tag. */
  public int minSupport() {
    return minSupport;
  }

  /** Tags of one category in a list; 0 is no limit. */
  public int maxPerCategory() {
    return maxPerCategory;
  }

  /** Column of the items that holds the category. */
  public String categoryColumn() {
    return categoryColumn;
  }
}
