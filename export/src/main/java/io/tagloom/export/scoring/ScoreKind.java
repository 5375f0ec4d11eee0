package io.tagloom.export.scoring;

/** How experts and a tag vector make a score. */
public enum ScoreKind {
  /** {@code sum_k w_k <E^k, E_T>}. */
  DOT,
  /** Cosine of the mixed expert and the tag vector; not a plain inner product of stored vectors. */
  COSINE,
  /** {@code sum_k w_k cos(E^k, E_T)}, with experts and tag vectors stored at length 1. */
  KERNEL_COSINE;

  /** Whether {@code concat_k(E^k) . concat_k(w_k E_T)} is the score. */
  public boolean isInnerProduct() {
    return this != COSINE;
  }
}
