package io.tagloom.export;

import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/** Results of a job one after another. */
final class InOrder {
  private InOrder() {}

  /**
   * Computes all partitions at once, then takes their elements in the order of partitions, so that
   * sums of them are always the same, with those of one partition in memory.
   */
  static <T> void take(JavaRDD<T> results, Consumer<T> each) {
    JavaRDD<T> kept = results.persist(StorageLevel.DISK_ONLY());
    try {
      kept.count();
      kept.toLocalIterator().forEachRemaining(each);
    } finally {
      kept.unpersist();
    }
  }
}
