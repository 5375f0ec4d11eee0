package io.tagloom.export;

import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockBuilder;
import io.tagloom.features.blocks.BlockLayout;
import io.tagloom.features.blocks.FieldColumn;
import java.util.BitSet;
import java.util.Collections;

/** Fingerprints of users' encoded fields, and blocks of some of their rows. */
final class UserInputs {
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  private UserInputs() {}

  /** A number that changes, but for one chance in 2^64, when an id or a weight of a row changes. */
  static long fingerprint(Block block, int row) {
    long hash = 1;
    for (int field = 0; field < block.layout().fields().size(); field++) {
      FieldColumn column = block.field(field);
      hash = mix(hash ^ (column.end(row) - column.start(row)));
      for (int i = column.start(row); i < column.end(row); i++) {
        hash = mix(hash ^ column.ids()[i]);
        hash = mix(hash ^ Float.floatToIntBits(column.weight(i)));
      }
    }
    return hash;
  }

  private static long mix(long value) {
    long mixed = (value + PRIME) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 29)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 32);
  }

  /** The chosen rows of a block, with their fields and no keys. */
  static Block rows(Block block, BitSet chosen) {
    BlockLayout layout =
        new BlockLayout(
            Collections.<String>emptyList(),
            Collections.<String>emptyList(),
            block.layout().fields());
    BlockBuilder builder = Block.builder(layout, block.split());
    for (int row = chosen.nextSetBit(0); row >= 0; row = chosen.nextSetBit(row + 1)) {
      for (int field = 0; field < layout.fields().size(); field++) {
        FieldColumn column = block.field(field);
        for (int i = column.start(row); i < column.end(row); i++) {
          builder.add(field, column.ids()[i], column.weight(i));
        }
      }
      builder.endRow();
    }
    return builder.build();
  }
}
