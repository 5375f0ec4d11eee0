package io.tagloom.training.trainer;

import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.FieldColumn;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Who trains on which block: blocks of a split in their order, dealt to the workers in turn, so
 * that neither files nor partitions decide. Blocks that do not know their order go by a number made
 * of their content.
 */
final class BlockDeal implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String ORDER = "block_order";

  private final int workers;
  private final long[] train;
  private final long[] others;
  private final boolean byOrder;

  private BlockDeal(int workers, long[] train, long[] others, boolean byOrder) {
    this.workers = workers;
    this.train = train;
    this.others = others;
    this.byOrder = byOrder;
  }

  /** Looks at all blocks once; when they know their order, only at two of their columns. */
  static BlockDeal of(Dataset<Row> blocks, int workers) {
    if (workers == 1) {
      return new BlockDeal(1, new long[0], new long[0], true);
    }
    boolean hasOrder = Arrays.asList(blocks.columns()).contains(ORDER);
    if (hasOrder) {
      JavaRDD<Row> rows = blocks.select("split", ORDER).toJavaRDD();
      long[] train = sorted(rows.filter(BlockDeal::isTrain).map(row -> row.getLong(1)));
      long[] others = sorted(rows.filter(row -> !isTrain(row)).map(row -> row.getLong(1)));
      if (distinct(train) && distinct(others)) {
        return new BlockDeal(workers, train, others, true);
      }
    }
    JavaRDD<Block> all = blocks.toJavaRDD().map(Block::fromRow);
    return new BlockDeal(
        workers,
        sorted(all.filter(BlockDeal::isTrain).map(BlockDeal::number)),
        sorted(all.filter(block -> !isTrain(block)).map(BlockDeal::number)),
        false);
  }

  /** The worker of a block. */
  int worker(Block block) {
    if (workers == 1) {
      return 0;
    }
    long key = byOrder ? block.order() : number(block);
    return Arrays.binarySearch(isTrain(block) ? train : others, key) % workers;
  }

  /** The order in which a worker keeps its blocks. */
  static Comparator<Block> order() {
    return Comparator.comparingLong(Block::order).thenComparingLong(BlockDeal::number);
  }

  static boolean isTrain(Block block) {
    return block.split().equals("train");
  }

  private static boolean isTrain(Row row) {
    return row.getString(0).equals("train");
  }

  private static long[] sorted(JavaRDD<Long> numbers) {
    List<Long> list = numbers.collect();
    long[] sorted = new long[list.size()];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = list.get(i);
    }
    Arrays.sort(sorted);
    return sorted;
  }

  private static boolean distinct(long[] sorted) {
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] == sorted[i - 1]) {
        return false;
      }
    }
    return true;
  }

  /** A number that depends on the block's content alone: times, labels, weights and fields. */
  static long number(Block block) {
    long hash = block.split().hashCode() * 31L + block.rows();
    hash = mix(hash, Arrays.hashCode(block.ts()));
    hash = mix(hash, Arrays.hashCode(block.weight()));
    for (String label : block.layout().labels()) {
      hash = mix(hash, Arrays.hashCode(block.label(label)));
    }
    List<String> fields = block.layout().fields();
    for (int i = 0; i < fields.size(); i++) {
      FieldColumn field = block.field(i);
      hash = mix(hash, Arrays.hashCode(field.ids()));
      hash = mix(hash, Arrays.hashCode(field.offsets()));
      hash = mix(hash, Arrays.hashCode(field.weights()));
    }
    return hash;
  }

  private static long mix(long hash, long value) {
    long z = (hash ^ value) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
