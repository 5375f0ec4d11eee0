package io.tagloom.export.scoring;

/**
 * Tags laid out for products with users: {@code concat_k(gate_k * vector)} over the kernels from
 * the task's first to its last, zero at those it does not read. A user's experts then are one run
 * of floats, and a score is one inner product.
 */
final class WideTags {
  private final TagMatrix tags;
  private final int width;
  private final int first;
  private final float[] values;
  private final float[] columns;
  private final float longest;

  WideTags(TagMatrix tags) {
    ScoredTask task = tags.task();
    int dim = tags.outputDim();
    this.tags = tags;
    this.width = task.spanLength() * dim;
    this.first = task.kernel(0) * dim;
    this.values = new float[tags.size() * width];
    float most = 0;
    for (int tag = 0; tag < tags.size(); tag++) {
      float[] ann = tags.annVector(tag);
      for (int k = 0; k < task.kernelCount(); k++) {
        int to = tag * width + (task.kernel(k) - task.kernel(0)) * dim;
        System.arraycopy(ann, k * dim, values, to, dim);
      }
      most = Math.max(most, Dot.length(values, tag * width, width));
    }
    this.longest = most;
    this.columns = new float[values.length];
    for (int tag = 0; tag < tags.size(); tag++) {
      for (int i = 0; i < width; i++) {
        columns[i * tags.size() + tag] = values[tag * width + i];
      }
    }
  }

  int size() {
    return tags.size();
  }

  /** Floats of a tag, and of the part of a user's experts that meets it. */
  int width() {
    return width;
  }

  /** Where that part starts within a user's experts. */
  int first() {
    return first;
  }

  /** All tags, [width][m]: the right factor of a product with users. */
  float[] columns() {
    return columns;
  }

  /** The score, added in one fixed order. */
  float score(float[] experts, int user, int tag) {
    return Dot.of(experts, user + first, values, tag * width, width);
  }

  /** How far two sums of the same products, added in any two orders, can be apart. */
  float rounding(float[] experts, int user) {
    // n u |a| |b| for each sum, u = 2^-24; 8 more for the lengths' own rounding. Two tags are
    // compared.
    return 4f * (width + 8) * 0x1p-24f * Dot.length(experts, user + first, width) * longest;
  }
}
