package io.tagloom.training.bench;

/** A size of {@link StepSizes}, with its reference value and its bounds. */
public enum Size {
  /** User fields of one value each (F). */
  FIELDS(20, 1, 10_000),
  /** Rows of each user field's table. */
  VOCABULARY(10_000, 3, 1 << 28),
  /** Width of embeddings (d). */
  DIM(16, 1, 1024),
  /** Width of attention (A). */
  ATTENTION(16, 1, 1024),
  /** Virtual kernels (K). */
  KERNELS(5, 1, 64),
  /** Width of expert outputs and tag vectors (D). */
  OUTPUT(32, 1, 1024),
  /** Rows of the tags' table. */
  TAGS(20_000, 3, 1 << 28),
  /** Tags of each sample. */
  TAGS_PER_ROW(3, 1, 10_000),
  /** Samples of a step. */
  BATCH(8192, 1, 1 << 24),
  /** Tasks. */
  TASKS(2, 1, 64),
  /** Threads. */
  THREADS(0, 0, 1024);

  private final int reference;
  private final int least;
  private final int most;

  Size(int reference, int least, int most) {
    this.reference = reference;
    this.least = least;
    this.most = most;
  }

  /** Value of the reference shape; 0 threads are as many as there are processors. */
  int reference() {
    return reference;
  }

  int least() {
    return least;
  }

  int most() {
    return most;
  }

  /** The name as it is written in results and options. */
  String label() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
