package io.tagloom.conf;

/** Whose property a field is. */
public enum Side {
  /** The user's: feeds the user tower. */
  USER,
  /** The item's: feeds the tag tower. */
  ITEM,
  /** The impression's, such as its position: shifts the logit in training and evaluation only. */
  CONTEXT
}
