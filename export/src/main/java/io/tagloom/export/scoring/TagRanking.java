package io.tagloom.export.scoring;

/** Ranks the tags of a task for many users at once. Not safe for use by several threads. */
public interface TagRanking {
  /**
   * Finds every user's best tags: score descending, then tag ascending. The order is that of exact
   * comparison; scores may be off by the rounding of a product of floats, and do not depend on the
   * users of the same call.
   *
   * @param experts experts of the users, [rows][K][D], all finite
   * @param rows number of users
   * @param out filled with {@code out.top()} tags a user, fewer when there are fewer tags
   */
  void rank(float[] experts, int rows, RankedTags out);

  /**
   * The ranking for a task's kind of score.
   *
   * @param tags the tags
   * @param kernels kernels of the model (K), more than the task's last
   * @param product matrix product
   */
  static TagRanking of(TagMatrix tags, int kernels, MatrixProduct product) {
    return tags.task().kind().isInnerProduct()
        ? new ProductRanking(tags, kernels, product)
        : new CosineRanking(tags, kernels);
  }
}
