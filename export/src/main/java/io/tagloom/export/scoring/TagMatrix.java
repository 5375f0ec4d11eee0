package io.tagloom.export.scoring;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The tags (or items) of a task: vectors, gates, and names in ascending {@link KeyOrder}.
 *
 * <p>Shapes: vectors [m][D], gates [m][K_t], row by row. Arrays are shared, not copied.
 */
public final class TagMatrix implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ScoredTask task;
  private final int outputDim;
  private final String[] names;
  private final float[] vectors;
  private final float[] gates;

  /**
   * Wraps the arrays.
   *
   * @param task the task
   * @param outputDim width of vectors (D), at least 1
   * @param names m names, strictly ascending in {@link KeyOrder}
   * @param vectors [m][D]
   * @param gates [m][K_t]
   * @throws IllegalArgumentException if shapes or order do not fit
   */
  public TagMatrix(ScoredTask task, int outputDim, String[] names, float[] vectors, float[] gates) {
    if (outputDim < 1
        || vectors.length != names.length * outputDim
        || gates.length != names.length * task.kernelCount()) {
      throw new IllegalArgumentException(
          "Invalid tag matrix of task "
              + task.name()
              + ": "
              + names.length
              + " names, "
              + vectors.length
              + " vector values, "
              + gates.length
              + " gate weights; expected "
              + outputDim
              + " and "
              + task.kernelCount()
              + " a name.");
    }
    for (int i = 1; i < names.length; i++) {
      if (KeyOrder.compare(names[i - 1], names[i]) >= 0) {
        throw new IllegalArgumentException(
            "Invalid order of names: "
                + names[i - 1]
                + " before "
                + names[i]
                + "; expected ascending and each once.");
      }
    }
    this.task = task;
    this.outputDim = outputDim;
    this.names = names;
    this.vectors = vectors;
    this.gates = gates;
  }

  /** The task. */
  public ScoredTask task() {
    return task;
  }

  /** Width of vectors (D). */
  public int outputDim() {
    return outputDim;
  }

  /** Number of tags (m). */
  public int size() {
    return names.length;
  }

  /** Name of a tag. */
  public String name(int tag) {
    return names[tag];
  }

  /** Position of a name, or a negative number when it is not there. */
  public int indexOf(String name) {
    return Arrays.binarySearch(names, name, KeyOrder::compare);
  }

  /** Vectors, [m][D]; shared. */
  public float[] vectors() {
    return vectors;
  }

  /** Gate weights, [m][K_t]; shared. */
  public float[] gates() {
    return gates;
  }

  /** {@code concat_k(gate_k * vector)} of a tag, K_t * D floats. */
  public float[] annVector(int tag) {
    int kernels = task.kernelCount();
    float[] ann = new float[kernels * outputDim];
    for (int k = 0; k < kernels; k++) {
      float weight = gates[tag * kernels + k];
      for (int d = 0; d < outputDim; d++) {
        ann[k * outputDim + d] = weight * vectors[tag * outputDim + d];
      }
    }
    return ann;
  }

  /** The tags whose positions are given, in ascending order. */
  public TagMatrix select(int[] positions) {
    int kernels = task.kernelCount();
    String[] someNames = new String[positions.length];
    float[] someVectors = new float[positions.length * outputDim];
    float[] someGates = new float[positions.length * kernels];
    for (int i = 0; i < positions.length; i++) {
      someNames[i] = names[positions[i]];
      System.arraycopy(vectors, positions[i] * outputDim, someVectors, i * outputDim, outputDim);
      System.arraycopy(gates, positions[i] * kernels, someGates, i * kernels, kernels);
    }
    return new TagMatrix(task, outputDim, someNames, someVectors, someGates);
  }

  /**
   * The same tags with gates that take the expert of the largest weight alone; of equal ones the
   * first.
   */
  public TagMatrix hardened() {
    int kernels = task.kernelCount();
    float[] hard = new float[gates.length];
    for (int tag = 0; tag < names.length; tag++) {
      int best = 0;
      for (int k = 1; k < kernels; k++) {
        if (gates[tag * kernels + k] > gates[tag * kernels + best]) {
          best = k;
        }
      }
      hard[tag * kernels + best] = 1f;
    }
    return new TagMatrix(task, outputDim, names, vectors, hard);
  }

  /** Vectors divided by their lengths; a zero vector stays zero. */
  public TagMatrix normalised() {
    float[] unit = vectors.clone();
    for (int tag = 0; tag < names.length; tag++) {
      double squares = 0;
      for (int d = 0; d < outputDim; d++) {
        squares += (double) vectors[tag * outputDim + d] * vectors[tag * outputDim + d];
      }
      double length = Math.sqrt(squares);
      for (int d = 0; d < outputDim && length > 0; d++) {
        unit[tag * outputDim + d] = (float) (vectors[tag * outputDim + d] / length);
      }
    }
    return new TagMatrix(task, outputDim, names, unit, gates);
  }

  /**
   * The score by its definition, in double: the sum over kernels for an inner product, the cosine
   * of the mixed expert for {@code cosine} (0 where it has no length).
   *
   * @param experts experts of users, each K * D floats
   * @param offset where the user starts
   */
  public double score(float[] experts, int offset, int tag) {
    int kernels = task.kernelCount();
    double dot = 0;
    double mixedSquares = 0;
    double tagSquares = 0;
    for (int d = 0; d < outputDim; d++) {
      double mixed = 0;
      for (int k = 0; k < kernels; k++) {
        mixed +=
            (double) gates[tag * kernels + k] * experts[offset + task.kernel(k) * outputDim + d];
      }
      double value = vectors[tag * outputDim + d];
      dot += mixed * value;
      mixedSquares += mixed * mixed;
      tagSquares += value * value;
    }
    if (task.kind().isInnerProduct()) {
      return dot;
    }
    double lengths = Math.sqrt(mixedSquares) * Math.sqrt(tagSquares);
    return lengths == 0 ? 0 : dot / lengths;
  }
}
