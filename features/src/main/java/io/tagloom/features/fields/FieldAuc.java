package io.tagloom.features.fields;

import java.io.Serializable;
import java.util.Locale;

/** How well one field alone predicts one label. Immutable. */
public final class FieldAuc implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String field;
  private final String label;
  private final double auc;

  FieldAuc(String field, String label, double auc) {
    this.field = field;
    this.label = label;
    this.auc = auc;
  }

  /** The field's name. */
  public String field() {
    return field;
  }

  /** The label's name. */
  public String label() {
    return label;
  }

  /** Area under the ROC curve on rows that the estimate has not seen, 0 to 1. */
  public double auc() {
    return auc;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s predicts %s with AUC %.4f", field, label, auc);
  }
}
