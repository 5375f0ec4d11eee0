package io.tagloom.export.scoring;

/**
 * Lists of tags by each expert alone, largest {@code <E^k, E_T>} first: what a vector store gives
 * when it is asked for the nearest tag vectors of one expert.
 */
public interface ExpertLists {
  /**
   * The best tags of one expert.
   *
   * @param position 0-based position of the expert among the task's kernels
   * @param depth tags wanted; at most as many as there are
   * @return positions in the tag matrix; every tag that is left out has a product no larger than
   *     the last one's, but for rounding
   */
  int[] best(int position, int depth);

  /** {@code <E^k, E_T>} of a tag. */
  double product(int position, int tag);
}
