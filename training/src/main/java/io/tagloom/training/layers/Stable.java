package io.tagloom.training.layers;

/**
 * Random numbers without a state: functions of a 64-bit key, the same on every machine, thread and
 * order of calls. The mixing step is the finaliser of SplitMix64 (Steele et al. 2014).
 */
public final class Stable {
  private Stable() {}

  /** A well mixed 64-bit hash of a counter. */
  public static long mix(long counter) {
    long z = counter * 0x9E3779B97F4A7C15L + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A key of a seed and a name. */
  public static long key(long seed, String name) {
    long key = mix(seed);
    for (int i = 0; i < name.length(); i++) {
      key = mix(key ^ name.charAt(i));
    }
    return key;
  }

  /** A number of the standard normal distribution, by Box and Muller's transform of a hash. */
  public static double gaussian(long hash) {
    double first = ((hash >>> 11) + 1) * 0x1.0p-53;
    double second = (mix(hash) >>> 11) * 0x1.0p-53;
    return StrictMath.sqrt(-2 * StrictMath.log(first)) * StrictMath.cos(2 * Math.PI * second);
  }
}
