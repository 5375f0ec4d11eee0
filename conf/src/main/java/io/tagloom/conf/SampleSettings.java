package io.tagloom.conf;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The label join: block {@code samples} of {@code reference.conf}. Immutable. */
public final class SampleSettings {
  /** How samples are split into train, valid and test. */
  public enum SplitBy {
    /** By a stable hash of {@link SampleSettings#splitKey()}. */
    HASH,
    /** By day: the last days are valid and test. */
    DAY
  }

  /** Which of the touches in its window a conversion belongs to. */
  public enum Attribution {
    /** The last one before it. */
    LAST_TOUCH,
    /** The first one. */
    FIRST_TOUCH
  }

  /** What a split by hash keeps together. */
  public enum SplitKey {
    /** Each impression on its own. */
    IMPRESSION,
    /** All impressions of a user. */
    USER
  }

  /** The standard columns of a sample, which neither context columns nor labels may be called. */
  static final Set<String> SAMPLE_COLUMNS =
      Collections.unmodifiableSet(
          new HashSet<>(
              Arrays.asList(
                  "dt",
                  "hr",
                  "impression_id",
                  "user_id",
                  "item_id",
                  "ts",
                  "position",
                  "click",
                  "click_ts",
                  "clicks",
                  "conversion",
                  "conversion_ts",
                  "conversion_type",
                  "value",
                  "elapsed_ms",
                  "mature",
                  "weight",
                  "split")));

  private final int clickWindowMinutes;
  private final int clockSkewSeconds;
  private final int conversionWindowDays;
  private final SortedMap<String, Integer> conversionWindows;
  private final Attribution attribution;
  private final boolean viewThrough;
  private final int viewThroughWindowDays;
  private final List<String> conversionTypes;
  private final List<String> labelTypes;
  private final double maxRejectedShare;
  private final double maxOrphanShare;
  private final double maxSharedIdShare;
  private final int maxEmptyDays;

  private static final int MAX_WINDOW_DAYS = 90;

  /** First day of {@code all}: times before are no times of events. */
  public static final LocalDate FIRST_DAY = LocalDate.of(1990, 1, 1);

  /**
   * The day from which on times are no times of events. Between it and {@link #FIRST_DAY} a number
   * is a time in one unit alone, of seconds, milliseconds, microseconds and nanoseconds.
   */
  public static final LocalDate END_DAY = LocalDate.of(2100, 1, 1);

  private final OptionalInt rebuildDays;
  private final int catchUpDays;
  private final int lookBackDays;
  private final double negativeRate;
  private final int maxImpressionsPerUser;
  private final int maxImpressionsPerItem;
  private final SplitBy splitBy;
  private final SplitKey splitKey;
  private final double validShare;
  private final double testShare;
  private final int validDays;
  private final int testDays;

  private SampleSettings(SettingsReader reader) {
    this.clickWindowMinutes = reader.integer("click-window-minutes", 0, 10080);
    this.clockSkewSeconds = reader.integer("clock-skew-seconds", 0, 3600);
    this.conversionWindowDays = reader.integer("conversion-window-days", 0, MAX_WINDOW_DAYS);
    this.conversionWindows = conversionWindows(reader);
    this.attribution = reader.choice("attribution", Attribution.class);
    this.viewThrough = reader.onOff("view-through");
    this.viewThroughWindowDays = reader.integer("view-through-window-days", 0, MAX_WINDOW_DAYS);
    this.conversionTypes = Collections.unmodifiableList(reader.texts("conversion-types"));
    this.labelTypes = Collections.unmodifiableList(reader.texts("label-types"));
    this.maxRejectedShare = reader.number("max-rejected-share", 0, 1);
    this.maxOrphanShare = reader.number("max-orphan-share", 0, 1);
    this.maxSharedIdShare = reader.number("max-shared-id-share", 0, 1);
    this.maxEmptyDays = reader.integer("max-empty-days", 0, 36500);
    this.rebuildDays = reader.integerOr("all", "rebuild-days", 0, 36500);
    this.catchUpDays = reader.integer("catch-up-days", 0, 3650);
    this.lookBackDays = reader.integer("look-back-days", 0, 36500);
    this.negativeRate = reader.number("negative-rate", 0, 1);
    this.maxImpressionsPerUser = reader.integer("max-impressions-per-user", 0, Integer.MAX_VALUE);
    this.maxImpressionsPerItem = reader.integer("max-impressions-per-item", 0, Integer.MAX_VALUE);
    SettingsReader split = reader.at("split");
    this.splitBy = split.choice("by", SplitBy.class);
    this.splitKey = split.choice("key", SplitKey.class);
    this.validShare = split.number("valid", 0, 1);
    this.testShare = split.number("test", 0, 1);
    this.validDays = split.integer("valid-days", 0, 3650);
    this.testDays = split.integer("test-days", 0, 3650);
    check(reader, split);
  }

  static SampleSettings read(SettingsReader reader) {
    return new SampleSettings(reader);
  }

  private static SortedMap<String, Integer> conversionWindows(SettingsReader reader) {
    SortedMap<String, Integer> windows = new TreeMap<>();
    reader
        .map("conversion-windows")
        .forEach(
            (type, text) -> {
              int days = text.matches("[0-9]{1,2}") ? Integer.parseInt(text) : -1;
              if (days < 0 || days > MAX_WINDOW_DAYS) {
                reader.fault(
                    "conversion-windows",
                    type + " = " + text,
                    "whole numbers of days from 0 to " + MAX_WINDOW_DAYS + " by conversion type");
              } else {
                windows.put(type, days);
              }
            });
    return Collections.unmodifiableSortedMap(windows);
  }

  private void check(SettingsReader reader, SettingsReader split) {
    if (negativeRate <= 0) {
      reader.fault("negative-rate", String.valueOf(negativeRate), "a number above 0, at most 1");
    }
    if (validShare + testShare >= 1) {
      split.fault(
          "valid",
          validShare + " beside test " + testShare,
          "shares that leave something to train on, together below 1");
    }
    Set<String> seen = new HashSet<>();
    for (String type : labelTypes) {
      if (SAMPLE_COLUMNS.contains(type) || !type.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        reader.fault(
            "label-types",
            type,
            "a type that can name a column: letters, digits and _, no standard sample column");
      }
      if (!seen.add(type)) {
        reader.fault("label-types", type, "each type once");
      }
    }
  }

  /** A click counts within this time after its impression, bounds included. 0 to 10080. */
  public int clickWindowMinutes() {
    return clickWindowMinutes;
  }

  /** A click may carry a time this much before its impression. 0 to 3600. */
  public int clockSkewSeconds() {
    return clockSkewSeconds;
  }

  /** A conversion counts within this time after its click, bounds included. 0 to 90. */
  public int conversionWindowDays() {
    return conversionWindowDays;
  }

  /** Windows by conversion type, in days, 0 to 90, for types whose window is another. */
  public SortedMap<String, Integer> conversionWindows() {
    return conversionWindows;
  }

  /** The longest window after a click, in days, of the types that make a label. */
  public int longestConversionWindowDays() {
    int longest = 0;
    boolean others = conversionTypes.isEmpty();
    Set<String> types = new HashSet<>(conversionTypes);
    types.addAll(labelTypes);
    if (others) {
      longest = conversionWindowDays;
      types.addAll(conversionWindows.keySet());
    }
    for (String type : types) {
      longest = Math.max(longest, conversionWindows.getOrDefault(type, conversionWindowDays));
    }
    return longest;
  }

  /** Which of the touches in its window a conversion that names none belongs to. */
  public Attribution attribution() {
    return attribution;
  }

  /** Whether conversions without a click count from the impression. */
  public boolean viewThrough() {
    return viewThrough;
  }

  /** A conversion without a click counts within this time after its impression. 0 to 90. */
  public int viewThroughWindowDays() {
    return viewThroughWindowDays;
  }

  /** Types that make the label conversion; empty stands for all. */
  public List<String> conversionTypes() {
    return conversionTypes;
  }

  /** Types that become labels of their own, each a column of its name. */
  public List<String> labelTypes() {
    return labelTypes;
  }

  /** Share of rejected rows in a log above which the run fails. 0 to 1. */
  public double maxRejectedShare() {
    return maxRejectedShare;
  }

  /** Share of orphans among clicks, or among conversions, above which the run fails. 0 to 1. */
  public double maxOrphanShare() {
    return maxOrphanShare;
  }

  /** Days in a row up to the date that clicks, or conversions, may be without a row. 0 to 36500. */
  public int maxEmptyDays() {
    return maxEmptyDays;
  }

  /**
   * Share of impression ids that rows of several users or items have, above which the run fails. 0
   * to 1.
   */
  public double maxSharedIdShare() {
    return maxSharedIdShare;
  }

  /**
   * First day that the run for a date rebuilds: the date itself or earlier; never later than the
   * days whose split a run by day can still change; 1990-01-01 for all days.
   */
  public LocalDate rebuildFrom(LocalDate date) {
    if (!rebuildDays.isPresent()) {
      return FIRST_DAY;
    }
    int days = rebuildDays.getAsInt() == 0 ? windowDays() + 1 : rebuildDays.getAsInt();
    return date.minusDays(
        (splitBy == SplitBy.DAY ? Math.max(days, validDays + testDays + 1) : days) - 1L);
  }

  /** Whether the run for a date rebuilds all days before it. */
  public boolean rebuildsAll() {
    return !rebuildDays.isPresent();
  }

  /** Nights before a date of which those that were skipped are joined first. 0 to 3,650. */
  public int catchUpDays() {
    return catchUpDays;
  }

  /** Days before the rebuilt ones that are read for copies and for what they explain. */
  public int lookBackDays() {
    return lookBackDays == 0 ? windowDays() : lookBackDays;
  }

  /** Time after an impression in which its labels can change, in days, rounded up. */
  public int windowDays() {
    long clicked = TimeUnit.DAYS.toMinutes(longestConversionWindowDays()) + clickWindowMinutes;
    long viewed = viewThrough ? TimeUnit.DAYS.toMinutes(viewThroughWindowDays) : 0;
    long minutes = Math.max(clicked, viewed);
    long day = TimeUnit.DAYS.toMinutes(1);
    return (int) ((minutes + day - 1) / day);
  }

  /** Share of impressions without a label that are kept. Above 0 to 1. */
  public double negativeRate() {
    return negativeRate;
  }

  /** Impressions of one user a day beyond which further ones are left out; 0 is no limit. */
  public int maxImpressionsPerUser() {
    return maxImpressionsPerUser;
  }

  /** Impressions of one item a day beyond which further ones are left out; 0 is no limit. */
  public int maxImpressionsPerItem() {
    return maxImpressionsPerItem;
  }

  /** How samples are split. */
  public SplitBy splitBy() {
    return splitBy;
  }

  /** What is hashed for a split by hash. */
  public SplitKey splitKey() {
    return splitKey;
  }

  /** Share of valid in a split by hash. 0 to 1. */
  public double validShare() {
    return validShare;
  }

  /** Share of test in a split by hash. 0 to 1. */
  public double testShare() {
    return testShare;
  }

  /** Valid days in a split by day. */
  public int validDays() {
    return validDays;
  }

  /** Test days in a split by day. */
  public int testDays() {
    return testDays;
  }
}
