package io.tagloom.export;

/** A rising line of least squares. Immutable. */
final class Line {
  private final double slope;
  private final double offset;

  private Line(double slope, double offset) {
    this.slope = slope;
    this.offset = offset;
  }

  /**
   * The line through points.
   *
   * @param count the first points count
   * @param otherwise slope where the points have none, or a falling one
   */
  static Line through(double[] x, double[] y, int count, double otherwise) {
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < count; i++) {
      meanX += x[i] / count;
      meanY += y[i] / count;
    }
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < count; i++) {
      xx += (x[i] - meanX) * (x[i] - meanX);
      xy += (x[i] - meanX) * (y[i] - meanY);
    }
    double slope = xx > 1e-9 * count && xy > 0 ? xy / xx : otherwise;
    return new Line(slope, meanY - slope * meanX);
  }

  /** The logarithm of the odds of a probability, finite for 0 and 1, too. */
  static double logit(double probability) {
    double inside = Math.max(1e-9, Math.min(1 - 1e-9, probability));
    return Math.log(inside / (1 - inside));
  }

  /** Above 0. */
  double slope() {
    return slope;
  }

  /** Value at 0. */
  double offset() {
    return offset;
  }
}
