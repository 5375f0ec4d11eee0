package io.tagloom.export;

import java.io.Serializable;

/** What one task has written and seen. Immutable. */
final class WrittenPart implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long keys;
  private final long carried;
  private final long outOfOrder;
  private final long notFinite;
  private final double worstGateSum;

  WrittenPart(long keys, long carried, long outOfOrder, long notFinite, double worstGateSum) {
    this.keys = keys;
    this.carried = carried;
    this.outOfOrder = outOfOrder;
    this.notFinite = notFinite;
    this.worstGateSum = worstGateSum;
  }

  /** Users or items written. */
  long keys() {
    return keys;
  }

  /** Users carried over from the version before. */
  long carried() {
    return carried;
  }

  /** Keys that did not come after the one before: doubled, or not sorted. */
  long outOfOrder() {
    return outOfOrder;
  }

  /** Keys with a value that is NaN or infinite. */
  long notFinite() {
    return notFinite;
  }

  /** Largest distance of a gate's sum from 1. */
  double worstGateSum() {
    return worstGateSum;
  }
}
