package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;

/**
 * Keys so frequent that one task should not have all their rows, told by a hash to {@link #BUCKETS}
 * buckets. A rare key that shares a bucket is treated alike, which costs little and changes no
 * result. Immutable.
 */
public final class HotKeys {
  /** Number of buckets. */
  public static final int BUCKETS = 1024;

  private final Set<Integer> buckets;

  /** The keys of some buckets. */
  public HotKeys(Collection<Integer> buckets) {
    for (int bucket : buckets) {
      if (bucket < 0 || bucket >= BUCKETS) {
        throw new IllegalArgumentException(
            "Invalid bucket: " + bucket + "; expected 0 to " + (BUCKETS - 1) + ".");
      }
    }
    this.buckets = Collections.unmodifiableSet(new TreeSet<>(buckets));
  }

  /** The bucket of a key, as an int. */
  public static Column bucket(Column... key) {
    return pmod(hash(key), lit(BUCKETS));
  }

  /** Whether no key is hot. */
  public boolean none() {
    return buckets.isEmpty();
  }

  /** Number of hot buckets. */
  public int size() {
    return buckets.size();
  }

  /** These and others. */
  public HotKeys and(HotKeys others) {
    Set<Integer> all = new TreeSet<>(buckets);
    all.addAll(others.buckets);
    return new HotKeys(all);
  }

  /** Whether a row's key is in a hot bucket. */
  public Column matches(Column... key) {
    return none() ? lit(false) : bucket(key).isin(buckets.toArray());
  }
}
