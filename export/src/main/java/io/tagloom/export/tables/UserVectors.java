package io.tagloom.export.tables;

/** A user's row of user_vectors: K experts of D floats each, one after another. */
public final class UserVectors {
  private final String userId;
  private final int kernels;
  private final int outputDim;
  private final float[] experts;
  private final int offset;

  /**
   * Points at a user's experts within an array, which is shared.
   *
   * @param userId the user
   * @param kernels experts (K)
   * @param outputDim width of each (D)
   * @param experts array that holds them
   * @param offset where they start
   */
  public UserVectors(String userId, int kernels, int outputDim, float[] experts, int offset) {
    this.userId = userId;
    this.kernels = kernels;
    this.outputDim = outputDim;
    this.experts = experts;
    this.offset = offset;
  }

  /** The user. */
  public String userId() {
    return userId;
  }

  /** Number of experts (K). */
  public int kernels() {
    return kernels;
  }

  /** Width of an expert (D). */
  public int outputDim() {
    return outputDim;
  }

  /** The array that holds the experts from {@link #offset()}; shared. */
  public float[] experts() {
    return experts;
  }

  /** Where the experts start in {@link #experts()}. */
  public int offset() {
    return offset;
  }

  /** The experts that a task reads, one after another: what meets its ann_vectors. */
  public float[] concatenated(int[] taskKernels) {
    float[] some = new float[taskKernels.length * outputDim];
    for (int k = 0; k < taskKernels.length; k++) {
      System.arraycopy(
          experts, offset + taskKernels[k] * outputDim, some, k * outputDim, outputDim);
    }
    return some;
  }
}
