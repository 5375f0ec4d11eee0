package io.tagloom.export;

import io.tagloom.export.publish.Check;
import io.tagloom.export.scoring.KeyOrder;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.tables.RankedTag;
import io.tagloom.export.tables.UserProfile;
import io.tagloom.export.tables.UserVectors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a sample of users, read back from the written files, proves of a version.
 *
 * <p>All numbers are computed again from their definitions in double: the offline identity for
 * every tag, scores, order, completeness and probabilities of both lists.
 */
final class Proof {
  /** Largest difference between a score and the product of stored vectors. */
  static final double IDENTITY_TOLERANCE = 1e-5;

  /** Largest difference between a written probability and the model's. */
  static final double PROBABILITY_TOLERANCE = 1e-6;

  /** Tags per user on which the identity is proven; of more, every n-th. */
  private static final int MAX_TAGS = 2000;

  private final ProfilePlan plan;
  private final List<TagMatrix> matrices;
  private final boolean annVectors;
  private double worstIdentity;
  private double worstScore;
  private double worstProbability;
  private double worstMissed;
  private long disorder;
  private long users;
  private final CertifiedCounts certified = new CertifiedCounts();

  /**
   * Prepares a proof.
   *
   * @param plan what profiles should hold
   * @param matrices tags of every task, as read back
   * @param annVectors whether there are ann_vectors
   */
  Proof(ProfilePlan plan, List<TagMatrix> matrices, boolean annVectors) {
    this.plan = plan;
    this.matrices = matrices;
    this.annVectors = annVectors;
  }

  /** Adds a user of the sample: the row of user_vectors and the row of user_tag_profile. */
  void add(UserVectors vectors, UserProfile profile) {
    users++;
    if (!vectors.userId().equals(profile.userId())) {
      disorder++;
    }
    if (annVectors) {
      for (TagMatrix matrix : matrices) {
        addIdentity(vectors, matrix);
      }
    }
    plan.interests().ifPresent(tags -> addList(vectors, tags, profile.interests()));
    plan.intentions().ifPresent(tags -> addList(vectors, tags, profile.intentions()));
  }

  private void addIdentity(UserVectors user, TagMatrix tags) {
    int step = (tags.size() + MAX_TAGS - 1) / MAX_TAGS;
    for (int tag = 0; tag < tags.size(); tag += Math.max(1, step)) {
      float[] ann = tags.annVector(tag);
      double product = 0;
      int dim = tags.outputDim();
      for (int k = 0; k < tags.task().kernelCount(); k++) {
        int from = user.offset() + tags.task().kernel(k) * dim;
        for (int d = 0; d < dim; d++) {
          product += (double) user.experts()[from + d] * ann[k * dim + d];
        }
      }
      double score = tags.score(user.experts(), user.offset(), tag);
      worstIdentity = worse(worstIdentity, Math.abs(product - score));
    }
  }

  private void addList(UserVectors user, TagMatrix tags, List<RankedTag> list) {
    RankedTag before = null;
    for (int i = 0; i < list.size(); i++) {
      RankedTag entry = list.get(i);
      int tag = tags.indexOf(entry.tag());
      if (tag < 0 || entry.rank() != i + 1 || before != null && !inOrder(before, entry)) {
        disorder++;
      }
      if (tag >= 0) {
        double score = tags.score(user.experts(), user.offset(), tag);
        worstScore = worse(worstScore, Math.abs(score - entry.score()));
        double probability = tags.probability(tag, score);
        worstProbability = worse(worstProbability, Math.abs(probability - entry.probability()));
      }
      before = entry;
    }
    if (plan.maxPerCategory() == 0) {
      addMissed(user, tags, list);
      // With a least probability lists of means have gaps.
      boolean gaps = tags.hasMeans() && plan.minProbability() > 0;
      if (tags.task().kind().isInnerProduct() && !gaps) {
        certified.add(user, tags, list, plan.top());
      }
    }
  }

  /** A tag outside the list scores no more than its last, or is not probable enough. */
  private void addMissed(UserVectors user, TagMatrix tags, List<RankedTag> list) {
    Set<String> listed = new HashSet<>();
    list.forEach(entry -> listed.add(entry.tag()));
    boolean full = list.size() == Math.min(plan.top(), tags.size());
    double last = full && !list.isEmpty() ? list.get(list.size() - 1).score() : 0;
    for (int tag = 0; tag < tags.size(); tag++) {
      if (!listed.contains(tags.name(tag))) {
        double score = tags.score(user.experts(), user.offset(), tag);
        boolean probable =
            tags.probability(tag, score) >= plan.minProbability() + PROBABILITY_TOLERANCE;
        if (Double.isNaN(score)) {
          worstMissed = score;
        } else if (probable && full) {
          worstMissed = worse(worstMissed, score - last);
        } else if (probable) {
          disorder++;
        }
      }
    }
  }

  private static boolean inOrder(RankedTag a, RankedTag b) {
    return a.score() > b.score()
        || a.score() == b.score() && KeyOrder.compare(a.tag(), b.tag()) < 0;
  }

  /** The larger; NaN stays. */
  static double worse(double a, double b) {
    return Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : Math.max(a, b);
  }

  /** Measures of the proof by name. */
  SortedMap<String, Double> numbers() {
    SortedMap<String, Double> numbers = new TreeMap<>(certified.numbers());
    numbers.put("proof.users", (double) users);
    numbers.put("proof.worst_identity", worstIdentity);
    numbers.put("proof.worst_score", worstScore);
    numbers.put("proof.worst_probability", worstProbability);
    return numbers;
  }

  /** What was proven. */
  List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    checks.add(Check.atLeast("users of the proof", users, 1));
    checks.add(Check.equal("lists that certified search finds otherwise", certified.others(), 0L));
    if (annVectors) {
      checks.add(Check.atMost("offline identity", worstIdentity, IDENTITY_TOLERANCE));
    }
    checks.add(Check.atMost("scores as defined", worstScore, IDENTITY_TOLERANCE));
    checks.add(
        Check.atMost("probabilities as the model's", worstProbability, PROBABILITY_TOLERANCE));
    checks.add(Check.atMost("best tags of all", worstMissed, IDENTITY_TOLERANCE));
    checks.add(Check.equal("entries out of order", disorder, 0L));
    return checks;
  }
}
