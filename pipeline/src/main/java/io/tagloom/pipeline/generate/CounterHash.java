package io.tagloom.pipeline.generate;

import java.io.Serializable;

/**
 * Random numbers without a state: each is a function of (seed, purpose, index, draw).
 *
 * <p>A counter passes the finishing steps of SplitMix64 (Steele, Lea, Flood 2014) once per part of
 * the key. Only {@link StrictMath} is used, so that all Java platforms give the same numbers.
 */
final class CounterHash implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long STEP = 0x9E3779B97F4A7C15L;
  private static final double UNIT = 1.0 / (1L << 53);

  private final long key;

  private CounterHash(long key) {
    this.key = key;
  }

  /** The numbers of one purpose under one seed. */
  static CounterHash of(long seed, String purpose) {
    return new CounterHash(mix(mix(seed) + STEP * purpose.hashCode()));
  }

  /** 64 random bits. */
  long bits(long index, int draw) {
    return mix(mix(key + STEP * (index + 1)) + STEP * (draw + 1));
  }

  /** Uniform in [0, 1). */
  double uniform(long index, int draw) {
    return (bits(index, draw) >>> 11) * UNIT;
  }

  /** Whether an event of this probability happens. */
  boolean happens(long index, int draw, double probability) {
    return uniform(index, draw) < probability;
  }

  /** Uniform in 0 .. bound - 1. */
  int below(long index, int draw, int bound) {
    return (int) (uniform(index, draw) * bound);
  }

  /** 0 .. bound - 1, the first ones more often: density proportional to x^(1/power - 1). */
  long skewed(long index, int draw, long bound, double power) {
    long value = (long) (StrictMath.pow(uniform(index, draw), power) * bound);
    return Math.min(value, bound - 1);
  }

  /** Standard normal (Box and Muller 1958). */
  double normal(long index, int draw) {
    long first = bits(index, draw);
    double radius = StrictMath.sqrt(-2 * StrictMath.log(((first >>> 11) + 1) * UNIT));
    return radius * StrictMath.cos(2 * Math.PI * (mix(first + STEP) >>> 11) * UNIT);
  }

  /** Log-normal with a median of 1. */
  double logNormal(long index, int draw, double sigma) {
    return StrictMath.exp(sigma * normal(index, draw));
  }

  private static long mix(long z) {
    long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
