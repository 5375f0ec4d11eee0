package io.tagloom.conf;

/** What a history field collects of each event. */
public enum HistoryValues {
  /** The item's id. */
  ITEMS,
  /** The item's tags. */
  TAGS
}
