package io.tagloom.pipeline.generate;

import java.util.OptionalDouble;

/** The AUC that the true probabilities reach on some samples, per task. Immutable. */
public final class BestAuc {
  private final OptionalDouble ctr;
  private final OptionalDouble cvr;
  private final long ctrRows;
  private final long cvrRows;

  BestAuc(OptionalDouble ctr, OptionalDouble cvr, long ctrRows, long cvrRows) {
    this.ctr = ctr;
    this.cvr = cvr;
    this.ctrRows = ctrRows;
    this.cvrRows = cvrRows;
  }

  /** Of clicks at impressions, 0 to 1; empty when all or none are clicked. */
  public OptionalDouble ctr() {
    return ctr;
  }

  /** Of conversions at clicked, mature impressions, 0 to 1; empty when all or none convert. */
  public OptionalDouble cvr() {
    return cvr;
  }

  /** Impressions behind {@link #ctr}. */
  public long ctrRows() {
    return ctrRows;
  }

  /** Clicked, mature impressions behind {@link #cvr}. */
  public long cvrRows() {
    return cvrRows;
  }
}
