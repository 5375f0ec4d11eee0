package io.tagloom.export;

import io.tagloom.export.scoring.TagMatrix;
import java.io.Serializable;
import java.util.Optional;

/** What goes into profiles: tags per list, limits, date and model. Immutable. */
final class ProfilePlan implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TagMatrix[] lists;
  private final int kernels;
  private final int top;
  private final double minProbability;
  private final int maxPerCategory;
  private final int[] categories;
  private final String date;
  private final String modelId;

  /**
   * Describes profiles.
   *
   * @param interests tags of the interests' task, if there is one, same tags as the other
   * @param intentions tags of the intentions' task, if there is one
   * @param kernels kernels of the model (K)
   * @param top tags per list
   * @param minProbability least probability
   * @param maxPerCategory tags of one category in a list; 0 is no limit
   * @param categories category of each tag as a number, -1 for none; not read without a limit
   * @param date YYYY-MM-DD
   * @param modelId the model's id
   */
  ProfilePlan(
      Optional<TagMatrix> interests,
      Optional<TagMatrix> intentions,
      int kernels,
      int top,
      double minProbability,
      int maxPerCategory,
      int[] categories,
      String date,
      String modelId) {
    // Fields of a serializable class; an empty slot is a list without a task.
    this.lists = new TagMatrix[] {interests.orElse(null), intentions.orElse(null)};
    this.kernels = kernels;
    this.top = top;
    this.minProbability = minProbability;
    this.maxPerCategory = maxPerCategory;
    this.categories = categories;
    this.date = date;
    this.modelId = modelId;
  }

  /** Tags of the interests' task, if there is one. */
  Optional<TagMatrix> interests() {
    return Optional.ofNullable(lists[0]);
  }

  /** Tags of the intentions' task, if there is one. */
  Optional<TagMatrix> intentions() {
    return Optional.ofNullable(lists[1]);
  }

  int kernels() {
    return kernels;
  }

  int top() {
    return top;
  }

  double minProbability() {
    return minProbability;
  }

  int maxPerCategory() {
    return maxPerCategory;
  }

  /** Category of a tag as a number; -1 for none, which is not limited. */
  int category(int tag) {
    return categories[tag];
  }

  String date() {
    return date;
  }

  String modelId() {
    return modelId;
  }
}
