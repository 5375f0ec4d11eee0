package io.tagloom.training.bigdl;

import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import scala.Tuple2;

/** Sends each element to a partition of its own choice. */
public final class Deal {
  private Deal() {}

  /**
   * Deals elements.
   *
   * @param data the elements
   * @param partitions number of partitions of the result
   * @param partition the partition of an element, 0 to {@code partitions - 1}
   */
  public static <T> JavaRDD<T> run(
      JavaRDD<T> data, int partitions, Function<T, Integer> partition) {
    JavaPairRDD<Integer, T> keyed =
        data.mapToPair(element -> new Tuple2<>(partition.call(element), element));
    return keyed.partitionBy(new ByKey(partitions)).map(pair -> pair._2());
  }

  private static final class ByKey extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int partitions;

    ByKey(int partitions) {
      this.partitions = partitions;
    }

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object key) {
      return (Integer) key;
    }
  }
}
