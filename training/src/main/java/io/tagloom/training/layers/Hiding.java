package io.tagloom.training.layers;

/** Together with what else of its row a field is hidden in training. */
public enum Hiding {
  /** Never. */
  NEVER,
  /** With the user's identity and history: unknown. */
  IDENTITY,
  /** With the user's identity and history: empty, as of a user of whom nothing was seen. */
  HISTORY,
  /** With all that is known of the user: unknown. */
  USER,
  /** With all item fields but the tags: unknown. */
  ITEM
}
