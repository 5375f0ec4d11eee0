package io.tagloom.export;

import io.tagloom.export.ann.RecallCount;
import java.io.Serializable;

/** What searching a part of an index, or several, has shown. Immutable. */
final class AnnMeasure implements Serializable {
  private static final long serialVersionUID = 1L;

  private final RecallCount recall;
  private final CertifiedItems certified;

  AnnMeasure(RecallCount recall, CertifiedItems certified) {
    this.recall = recall;
    this.certified = certified;
  }

  /** Results of the index beside exact ones. */
  RecallCount recall() {
    return recall;
  }

  /** Certified searches among the same items. */
  CertifiedItems certified() {
    return certified;
  }

  /** Both parts together. */
  AnnMeasure with(AnnMeasure other) {
    return new AnnMeasure(recall.with(other.recall), certified.with(other.certified));
  }
}
