package io.tagloom.export.scoring;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The best tags of a user by searching each expert's vector apart, with a proof that no tag was
 * missed.
 *
 * <p>Gate weights are not negative and sum to 1, so x = sum_k w_k &lt;E^k, E_T&gt; &lt;= max_k
 * &lt;E^k, E_T&gt; (for the mean of a tag's items each kernel has an E_T of its own): a tag outside
 * all lists scores at most the largest of the lists' last products. When the N-th best score found
 * is above that bound, the N are certified; else the lists are read twice as deep. The result
 * always equals a search over all tags.
 */
public final class CertifiedSearch {
  private final TagMatrix tags;
  private final WideTags wide;
  private final float longestVector;
  private final double gateError;

  /**
   * Prepares searches.
   *
   * @param tags the tags, of a task whose score is an inner product
   * @throws IllegalArgumentException for {@code cosine}, whose scores have no such bound
   */
  public CertifiedSearch(TagMatrix tags) {
    ScoredTask task = tags.task();
    if (!task.kind().isInnerProduct()) {
      throw new IllegalArgumentException(
          "Invalid score of task "
              + task.name()
              + ": cosine; expected dot or kernel-cosine, whose scores the experts' lists bound.");
    }
    this.tags = tags;
    this.wide = new WideTags(tags);
    float longest = 0;
    double error = 0;
    for (int tag = 0; tag < tags.size(); tag++) {
      for (int k = 0; k < task.kernelCount(); k++) {
        int part = tags.partOffset(tag, k);
        longest = Math.max(longest, Dot.length(tags.parts(), part, tags.outputDim()));
      }
      double sum = 0;
      for (int k = 0; k < task.kernelCount(); k++) {
        sum += tags.gates()[tag * task.kernelCount() + k];
      }
      error = Math.max(error, Math.abs(sum - 1));
    }
    this.longestVector = longest;
    this.gateError = error;
  }

  /**
   * The best tags of a user among all: as {@link TagRanking} orders them.
   *
   * @param experts experts, each user [K][D]
   * @param user where the user's experts start
   * @param top tags wanted, at least 1
   */
  public CertifiedList search(float[] experts, int user, int top) {
    return search(experts, user, top, new ExactLists(tags, experts, user));
  }

  /** As {@link #search(float[], int, int)}, with lists from elsewhere, such as a vector store. */
  public CertifiedList search(float[] experts, int user, int top, ExpertLists lists) {
    int size = tags.size();
    int kernels = tags.task().kernelCount();
    BitSet seen = new BitSet(size);
    long[] keys = new long[0];
    int depth = Math.min(size, 2 * top);
    for (int round = 1; ; round++) {
      int before = seen.cardinality();
      double bound = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < kernels; k++) {
        int[] list = lists.best(k, depth);
        for (int tag : list) {
          seen.set(tag);
        }
        if (list.length > 0) {
          bound = Math.max(bound, lists.product(k, list[list.length - 1]));
        }
      }
      if (seen.cardinality() > before) {
        keys = keys(experts, user, seen);
      }
      boolean all = depth == size;
      if (all || keys.length >= top && certified(keys[keys.length - top], bound, experts, user)) {
        return list(keys, Math.min(top, keys.length), round, round * kernels, depth);
      }
      depth = (int) Math.min(size, 2L * depth);
    }
  }

  private long[] keys(float[] experts, int user, BitSet seen) {
    long[] keys = new long[seen.cardinality()];
    int size = 0;
    for (int tag = seen.nextSetBit(0); tag >= 0; tag = seen.nextSetBit(tag + 1)) {
      keys[size++] = ScoreKey.of(wide.score(experts, user, tag), tag);
    }
    Arrays.sort(keys);
    return keys;
  }

  /** Strictly above, since an equal score with an earlier tag would come first. */
  private boolean certified(long last, double bound, float[] experts, int user) {
    int dim = tags.outputDim();
    float longestExpert = 0;
    for (int k = 0; k < tags.task().kernelCount(); k++) {
      int at = user + tags.task().kernel(k) * dim;
      longestExpert = Math.max(longestExpert, Dot.length(experts, at, dim));
    }
    double largest = (double) longestExpert * longestVector;
    double rounding = wide.rounding(experts, user) + 2.0 * (dim + 8) * 0x1p-24 * largest;
    return ScoreKey.score(last) > bound + rounding + gateError * Math.abs(bound);
  }

  private static CertifiedList list(long[] keys, int count, int rounds, int lists, int depth) {
    int[] tags = new int[count];
    float[] scores = new float[count];
    for (int rank = 0; rank < count; rank++) {
      long key = keys[keys.length - 1 - rank];
      tags[rank] = ScoreKey.tag(key);
      scores[rank] = ScoreKey.score(key);
    }
    return new CertifiedList(tags, scores, rounds, lists, depth, keys.length);
  }
}
