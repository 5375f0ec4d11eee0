package io.tagloom.conf;

/** How a field's values become ids. */
public enum FieldKind {
  /** One value a row, looked up in a vocabulary. */
  CATEGORICAL,
  /** A list of values, each looked up in a vocabulary, all of weight 1. */
  MULTI_VALUED,
  /** A list of values with a weight each, looked up in a vocabulary. */
  MULTI_VALUED_WEIGHTED,
  /** A number, replaced by the bucket it falls into. */
  BUCKETED,
  /** A value, or a list of values, replaced by a hash; needs no vocabulary. */
  HASHED,
  /** The items or tags of the user's last events before the impression, newest first. */
  HISTORY,
  /** How often each tag or item occurs in the user's events before the impression, with decay. */
  HISTORY_COUNTS;

  /** Whether the field's values are kept in a vocabulary. */
  public boolean hasVocabulary() {
    return this != BUCKETED && this != HASHED;
  }

  /** Whether the field is built from the user's earlier events instead of a column. */
  public boolean isHistory() {
    return this == HISTORY || this == HISTORY_COUNTS;
  }
}
