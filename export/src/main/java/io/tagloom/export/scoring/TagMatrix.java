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
  private final float[] ann;
  private final float[] parts;
  private final double[] scales;
  private final double[] biases;

  /**
   * Wraps the arrays of tags (or items) that are scored alone.
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
    this.ann = new float[0];
    this.parts = new float[0];
    this.scales = new double[0];
    this.biases = new double[0];
  }

  private TagMatrix(TagMatrix alone, float[] ann, double[] scales, double[] biases) {
    this.task = alone.task;
    this.outputDim = alone.outputDim;
    this.names = alone.names;
    this.vectors = alone.vectors;
    this.gates = alone.gates;
    this.ann = ann;
    this.parts = new float[ann.length];
    this.scales = scales;
    this.biases = biases;
    for (int i = 0; i < ann.length; i++) {
      float weight = gates[i / outputDim];
      parts[i] = weight == 0 ? 0 : ann[i] / weight;
    }
  }

  /**
   * The same tags scored as the mean of their items: x = concat_k(E^k) . ann, with a logit of each
   * tag's own.
   *
   * @param means means of the items' ann vectors, [m][K_t * D]; vectors and gates of this matrix
   *     are means, too
   * @param tagScales factor of the score in each tag's logit, above 0
   * @param tagBiases constant of each tag's logit
   * @throws IllegalArgumentException if a length does not fit, or the score is no inner product
   */
  public TagMatrix withMeans(float[] means, double[] tagScales, double[] tagBiases) {
    int width = task.kernelCount() * outputDim;
    if (!task.kind().isInnerProduct()
        || means.length != names.length * width
        || tagScales.length != names.length
        || tagBiases.length != names.length) {
      throw new IllegalArgumentException(
          "Invalid means of task "
              + task.name()
              + ": "
              + means.length
              + " values; expected "
              + width
              + " for each of "
              + names.length
              + " tags, of a score that is an inner product.");
    }
    return new TagMatrix(this, means, tagScales, tagBiases);
  }

  /** Whether tags are scored as the mean of their items. */
  public boolean hasMeans() {
    return scales.length > 0;
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

  /** Factor of the score in a tag's logit. */
  public double scale(int tag) {
    return hasMeans() ? scales[tag] : task.scale();
  }

  /** Constant of a tag's logit. */
  public double bias(int tag) {
    return hasMeans() ? biases[tag] : task.bias();
  }

  /** sigmoid(scale * score + bias) with scale and bias of the tag, 0 to 1. */
  public double probability(int tag, double score) {
    return 1.0 / (1.0 + Math.exp(-(scale(tag) * score + bias(tag))));
  }

  /**
   * Where the part of a tag and kernel starts in {@link #parts()}: what the kernel's expert alone
   * is multiplied with, so that x = sum_k gate_k * &lt;E^k, part_k&gt;. It is the tag's vector, or
   * for means the mean of the items' vectors, weighted by how much they read the kernel.
   */
  int partOffset(int tag, int position) {
    return (hasMeans() ? tag * task.kernelCount() + position : tag) * outputDim;
  }

  float[] parts() {
    return hasMeans() ? parts : vectors;
  }

  /** {@code <E^k, part_k>} of the kernel at a position of the task's gate. */
  public double product(float[] experts, int offset, int tag, int position) {
    double product = 0;
    int part = partOffset(tag, position);
    int expert = offset + task.kernel(position) * outputDim;
    for (int d = 0; d < outputDim; d++) {
      product += (double) experts[expert + d] * parts()[part + d];
    }
    return product;
  }

  /**
   * What a user's experts are multiplied with: {@code concat_k(gate_k * part_k)}, K_t * D floats.
   */
  public float[] annVector(int tag) {
    int kernels = task.kernelCount();
    if (hasMeans()) {
      return Arrays.copyOfRange(
          this.ann, tag * kernels * outputDim, (tag + 1) * kernels * outputDim);
    }
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
    TagMatrix alone = new TagMatrix(task, outputDim, someNames, someVectors, someGates);
    if (!hasMeans()) {
      return alone;
    }
    int width = kernels * outputDim;
    float[] someMeans = new float[positions.length * width];
    double[] someScales = new double[positions.length];
    double[] someBiases = new double[positions.length];
    for (int i = 0; i < positions.length; i++) {
      System.arraycopy(ann, positions[i] * width, someMeans, i * width, width);
      someScales[i] = scales[positions[i]];
      someBiases[i] = biases[positions[i]];
    }
    return alone.withMeans(someMeans, someScales, someBiases);
  }

  /**
   * The same tags with gates that take the expert of the largest weight alone; of equal ones the
   * first.
   */
  public TagMatrix hardened() {
    float[] hard = gates.clone();
    harden(hard, task.kernelCount());
    return new TagMatrix(task, outputDim, names, vectors, hard);
  }

  /** Gives all of each row's weight to the largest in it; of equal ones to the first. */
  public static void harden(float[] gates, int kernels) {
    for (int row = 0; row < gates.length; row += kernels) {
      int best = row;
      for (int k = row; k < row + kernels; k++) {
        best = gates[k] > gates[best] ? k : best;
      }
      Arrays.fill(gates, row, row + kernels, 0f);
      gates[best] = 1f;
    }
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
   * The score by its definition, in double: the sum over kernels of gate times product for an inner
   * product, the cosine of the mixed expert for {@code cosine} (0 where it has no length).
   *
   * @param experts experts of users, each K * D floats
   * @param offset where the user starts
   */
  public double score(float[] experts, int offset, int tag) {
    int kernels = task.kernelCount();
    if (hasMeans()) {
      double sum = 0;
      for (int k = 0; k < kernels; k++) {
        sum += gates[tag * kernels + k] * product(experts, offset, tag, k);
      }
      return sum;
    }
    return score(task, outputDim, experts, offset, vectors, gates, tag);
  }

  /**
   * The same for one of some tags or items whose vectors and gates lie side by side.
   *
   * @param dim width of experts and vectors (D)
   * @param vectors [m][D]
   * @param gates [m][K_t]
   * @param tag which of the m
   */
  public static double score(
      ScoredTask task,
      int dim,
      float[] experts,
      int offset,
      float[] vectors,
      float[] gates,
      int tag) {
    int kernels = task.kernelCount();
    double dot = 0;
    double mixedSquares = 0;
    double tagSquares = 0;
    for (int d = 0; d < dim; d++) {
      double mixed = 0;
      for (int k = 0; k < kernels; k++) {
        mixed += (double) gates[tag * kernels + k] * experts[offset + task.kernel(k) * dim + d];
      }
      double value = vectors[tag * dim + d];
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
