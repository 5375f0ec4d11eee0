package io.tagloom.conf;

/** What happens to the weights of a row's values, so that long lists compare with short ones. */
public enum Normalize {
  /** Weights are divided by the sum of their absolute values: the field is a weighted mean. */
  MEAN,
  /** Weights stay as they are: the field is a weighted sum. */
  NONE
}
