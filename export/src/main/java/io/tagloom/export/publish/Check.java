package io.tagloom.export.publish;

import java.util.Objects;

/** One check of a version before it is published, and what it found. Immutable. */
public final class Check {
  private final String name;
  private final boolean passed;
  private final String found;

  private Check(String name, boolean passed, String found) {
    this.name = Objects.requireNonNull(name);
    this.passed = passed;
    this.found = Objects.requireNonNull(found);
  }

  /**
   * The outcome of a check.
   *
   * @param name what must hold, such as {@code gates sum to 1}
   * @param worst the worst value found; NaN fails
   * @param limit largest value allowed
   */
  public static Check atMost(String name, double worst, double limit) {
    return new Check(name, worst <= limit, "found " + worst + ", at most " + limit);
  }

  /**
   * The outcome of a check.
   *
   * @param name what must hold
   * @param least the value found; NaN fails
   * @param limit smallest value allowed
   */
  public static Check atLeast(String name, double least, double limit) {
    return new Check(name, least >= limit, "found " + least + ", at least " + limit);
  }

  /**
   * The outcome of a check that a metric exists, which it does not over rows of one class.
   *
   * @param name the metric
   * @param value NaN and infinite fail
   */
  public static Check exists(String name, double value) {
    boolean exists = !Double.isNaN(value) && !Double.isInfinite(value);
    return new Check(
        name,
        exists,
        exists
            ? "found " + value
            : "found no number, expected one; held-out rows of one class, or none, have none (see"
                + " samples.split), and evaluation.undefined = allow publishes without");
  }

  /** The outcome of a comparison of two values that must be equal. */
  public static Check equal(String name, Object found, Object expected) {
    return new Check(name, found.equals(expected), "found " + found + ", expected " + expected);
  }

  /** What must hold. */
  public String name() {
    return name;
  }

  /** Whether it holds. */
  public boolean passed() {
    return passed;
  }

  /** Found and expected values. */
  public String found() {
    return found;
  }

  @Override
  public String toString() {
    return name + ": " + found + (passed ? "" : " (failed)");
  }
}
