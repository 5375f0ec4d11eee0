package io.tagloom.training.evaluation;

import java.io.Serializable;

/**
 * A sum of numbers from 0 on that is the same in every order: each is rounded to 2<sup>-60</sup>,
 * and added as a whole number. Where a partition ends, which Spark draws from a sample, then
 * changes no digit of a metric.
 */
final class ExactSum implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int UNIT_BITS = 20;
  private static final int PART_BITS = 40;
  private static final double MOST = Math.scalb(1.0, 42);

  /** In 2^-20. */
  private long units;

  /** In 2^-60, below one unit. */
  private long parts;

  /** What no whole number can hold: infinity, NaN. */
  private double beyond;

  /**
   * Adds a number.
   *
   * @param number 0 or more
   * @throws ArithmeticException when the sum reaches 2<sup>43</sup>
   */
  void add(double number) {
    if (!(number < MOST)) {
      beyond += number;
      return;
    }
    double scaled = Math.scalb(number, UNIT_BITS);
    double whole = Math.floor(scaled);
    add((long) whole, (long) Math.scalb(scaled - whole, PART_BITS));
  }

  void add(ExactSum other) {
    add(other.units, other.parts);
    beyond += other.beyond;
  }

  private void add(long otherUnits, long otherParts) {
    parts += otherParts;
    units = Math.addExact(units, Math.addExact(otherUnits, parts >> PART_BITS));
    parts &= (1L << PART_BITS) - 1;
  }

  double value() {
    return Math.scalb((double) units, -UNIT_BITS)
        + Math.scalb((double) parts, -UNIT_BITS - PART_BITS)
        + beyond;
  }
}
