package io.tagloom.training.layers;

/** How a user's expert vectors and a tag vector become one number x, before scale and bias. */
public enum Score {
  /** The inner product of sum_k w_k E^k and E_T. */
  DOT,
  /** The cosine of sum_k w_k E^k and E_T. */
  COSINE,
  /** sum_k w_k cos(E^k, E_T). */
  KERNEL_COSINE
}
