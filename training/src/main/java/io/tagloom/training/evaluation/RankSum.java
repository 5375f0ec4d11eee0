package io.tagloom.training.evaluation;

/**
 * The area under the ROC curve, exact for ties and weights: the chance that a random positive has a
 * larger score than a random negative, ties counting half.
 *
 * <p>Scores arrive in ascending order, equal ones added up. Pieces of a sorted sequence are joined
 * by the weight of the negatives before each: {@code area = sum over scores of positives *
 * (negatives below + negatives at / 2) / (positives * negatives)}.
 */
final class RankSum {
  private double negativesBelow;
  private double positives;
  private double area;

  /**
   * Starts a piece.
   *
   * @param negativesBelow weight of all negatives with smaller scores in the pieces before
   */
  RankSum(double negativesBelow) {
    this.negativesBelow = negativesBelow;
  }

  /** Adds all samples of one score, larger than those before. */
  void add(double positiveWeight, double negativeWeight) {
    area += positiveWeight * (negativesBelow + 0.5 * negativeWeight);
    positives += positiveWeight;
    negativesBelow += negativeWeight;
  }

  /** Weight of the positives of this piece. */
  double positives() {
    return positives;
  }

  /** Sum over the positives of this piece of the weight of negatives below. */
  double area() {
    return area;
  }

  /** Weight of the negatives of this piece and those before. */
  double negatives() {
    return negativesBelow;
  }

  /** The AUC of a sequence in one piece; NaN when it has no positives or no negatives. */
  double auc() {
    return area / (positives * negativesBelow);
  }
}
