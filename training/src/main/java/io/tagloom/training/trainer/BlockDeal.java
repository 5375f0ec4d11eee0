package io.tagloom.training.trainer;

import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.FieldColumn;
import java.util.Arrays;
import java.util.List;

/**
 * A number for each block that depends on its content alone. Blocks sorted by it are dealt to the
 * workers in turn, so that neither files nor partitions decide who trains on what.
 */
final class BlockDeal {
  private BlockDeal() {}

  /** The number of a block: over times, labels, weights and fields. */
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
