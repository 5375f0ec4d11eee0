package io.tagloom.export.scoring;

import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;

/** Random experts, tags and gates of any shape, for properties that hold for every model. */
public final class RandomModel {
  private final Random random;
  private final int kernels;
  private final int outputDim;
  private final boolean coarse;

  /** A model of a seed; every fifth has values so coarse that many scores are equal. */
  public RandomModel(long seed) {
    this.random = new Random(seed);
    this.kernels = 1 + random.nextInt(6);
    this.outputDim = 1 + random.nextInt(12);
    this.coarse = random.nextInt(5) == 0;
  }

  public int kernels() {
    return kernels;
  }

  public int outputDim() {
    return outputDim;
  }

  public int nextInt(int bound) {
    return random.nextInt(bound);
  }

  public ScoredTask task(ScoreKind kind) {
    TreeSet<Integer> some = new TreeSet<>();
    int count = 1 + random.nextInt(kernels);
    while (some.size() < count) {
      some.add(random.nextInt(kernels));
    }
    int[] ids = some.stream().mapToInt(Integer::intValue).toArray();
    return new ScoredTask("t", ids, 0.1 + 8 * random.nextDouble(), random.nextGaussian(), kind);
  }

  public TagMatrix tags(ScoredTask task, int count) {
    String[] names = new String[count];
    for (int i = 0; i < count; i++) {
      names[i] = String.format("tag%05d", i);
    }
    float[] vectors = values(count, outputDim, task.kind());
    float[] gates = new float[count * task.kernelCount()];
    for (int tag = 0; tag < count; tag++) {
      gate(gates, tag * task.kernelCount(), task.kernelCount());
    }
    return new TagMatrix(task, outputDim, names, vectors, gates);
  }

  /** Tags as means: of random weights for each kernel, gates and logits. */
  public TagMatrix means(ScoredTask task, int count) {
    TagMatrix tags = tags(task, count);
    int width = task.kernelCount() * outputDim;
    float[] parts = values(count * task.kernelCount(), outputDim, task.kind());
    float[] means = new float[count * width];
    double[] scales = new double[count];
    double[] biases = new double[count];
    for (int i = 0; i < means.length; i++) {
      means[i] = tags.gates()[i / outputDim] * parts[i];
    }
    for (int tag = 0; tag < count; tag++) {
      scales[tag] = 0.1 + random.nextDouble();
      biases[tag] = random.nextGaussian();
    }
    return tags.withMeans(means, scales, biases);
  }

  public float[] experts(int users, ScoreKind kind) {
    return values(users * kernels, outputDim, kind);
  }

  private float[] values(int rows, int width, ScoreKind kind) {
    float[] values = new float[rows * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = coarse ? random.nextInt(3) - 1 : (float) random.nextGaussian();
    }
    if (kind == ScoreKind.KERNEL_COSINE) {
      for (int row = 0; row < rows; row++) {
        normalise(values, row * width, width);
      }
    }
    return values;
  }

  private static void normalise(float[] values, int offset, int width) {
    float length = Dot.length(values, offset, width);
    for (int i = offset; i < offset + width && length > 0; i++) {
      values[i] /= length;
    }
  }

  /** Soft, one-hot or uniform weights. */
  private void gate(float[] gates, int offset, int count) {
    int form = random.nextInt(4);
    if (form == 0) {
      gates[offset + random.nextInt(count)] = 1f;
    } else if (form == 1) {
      Arrays.fill(gates, offset, offset + count, 1f / count);
    } else {
      double sum = 0;
      double[] weights = new double[count];
      for (int k = 0; k < count; k++) {
        weights[k] = Math.exp(2 * random.nextGaussian());
        sum += weights[k];
      }
      for (int k = 0; k < count; k++) {
        gates[offset + k] = (float) (weights[k] / sum);
      }
    }
  }
}
