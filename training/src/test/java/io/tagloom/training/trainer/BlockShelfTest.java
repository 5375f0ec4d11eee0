package io.tagloom.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.features.blocks.Block;
import io.tagloom.training.PlantedBlocks;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockShelfTest {
  private static final List<Block> BLOCKS = PlantedBlocks.blocks("train", 9, 40, 1);

  @TempDir Path folder;

  private BlockShelf shelf(long bytes) {
    BlockShelf shelf = new BlockShelf(bytes, 2, () -> folder.toFile());
    List<Block> shuffled = new ArrayList<>(BLOCKS);
    Collections.reverse(shuffled);
    shuffled.forEach(shelf::put);
    shelf.sort();
    return shelf;
  }

  @Test
  void blocksOfTheFileAreThoseThatWerePut() {
    long three = 3 * BLOCKS.get(0).stateBytes() + 100;
    try (BlockShelf shelf = shelf(three)) {
      assertThat(shelf.spilled()).isBetween(5, 7);
      assertThat(shelf.spilledBytes()).isPositive();
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < BLOCKS.size(); i++) {
          assertThat(shelf.rows(i)).isEqualTo(40);
          assertThat(shelf.get(i).order()).isEqualTo(BLOCKS.get(i).order());
          assertThat(BlockDeal.number(shelf.get(i))).isEqualTo(BlockDeal.number(BLOCKS.get(i)));
        }
      }
      assertThat(shelf.content()).isEqualTo(BlockShelf.of(BLOCKS).content());
    }
    assertThat(folder.toFile().listFiles(File::isFile)).isEmpty();
  }

  @Test
  void shelvesOfOneJvmShareTheBoundUntilTheyAreClosed() {
    long ten = 10 * BLOCKS.get(0).stateBytes() + 100;
    try (BlockShelf first = shelf(ten)) {
      assertThat(first.spilled()).isZero();
      try (BlockShelf second = shelf(ten)) {
        assertThat(second.spilled()).isBetween(7, 9);
      }
    }
    try (BlockShelf third = shelf(ten)) {
      assertThat(third.spilled()).isZero();
    }
  }
}
