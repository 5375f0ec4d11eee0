package io.tagloom.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.features.blocks.Block;
import io.tagloom.training.PlantedBlocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SampleShareTest {
  private static List<Block> blocks() {
    List<Block> blocks = new ArrayList<>(PlantedBlocks.blocks("train", 5, 30, 1));
    blocks.addAll(PlantedBlocks.blocks("train", 1, 7, 2));
    return blocks;
  }

  @Test
  void anEpochGivesEverySampleOnce() {
    SampleShare share = new SampleShare(blocks());
    SampleShare.Order order = share.order(3, 0, 2);
    TreeSet<Long> seen = new TreeSet<>();
    StepSizes sizes = new StepSizes(new long[] {share.rows()}, 20);
    for (int step = 0; step < sizes.steps(); step++) {
      for (long sample : order.next(sizes.size(0, step))) {
        seen.add(sample);
      }
    }

    assertThat(share.rows()).isEqualTo(157);
    assertThat(seen).hasSize(157);
  }

  @Test
  void theOrderFollowsSeedEpochAndWindow() {
    SampleShare share = new SampleShare(blocks());

    assertThat(share.order(3, 0, 2).next(40)).isEqualTo(share.order(3, 0, 2).next(40));
    assertThat(share.order(3, 0, 2).next(40)).isNotEqualTo(share.order(3, 1, 2).next(40));
    assertThat(share.order(3, 0, 2).next(40)).isNotEqualTo(share.order(4, 0, 2).next(40));
    assertThat(share.order(3, 0, 6).next(40)).isNotEqualTo(share.order(3, 0, 2).next(40));
  }

  @Test
  void workersWithUnequalDataFinishTogetherAndDropNothing() {
    StepSizes sizes = new StepSizes(new long[] {1000, 10, 333}, 64);
    long[] sums = new long[3];
    for (int step = 0; step < sizes.steps(); step++) {
      assertThat(sizes.size(step)).isBetween(1, 64 + 2);
      assertThat(sizes.before(2, step)).isEqualTo(sizes.size(0, step) + sizes.size(1, step));
      for (int worker = 0; worker < 3; worker++) {
        sums[worker] += sizes.size(worker, step);
      }
    }

    assertThat(sizes.steps()).isEqualTo(21);
    assertThat(sums).containsExactly(1000, 10, 333);
  }

  @Test
  void touchedRowsAddUpByRow() {
    TouchedRows left = touched(new int[] {1, 4, 9}, 1f, 2f, 3f);
    TouchedRows right = touched(new int[] {4, 5, 12}, 10f, 20f, 30f);
    TouchedRows sum = new TouchedRows(1);
    sum.sum(left, right);

    assertThat(Arrays.copyOf(sum.rows, sum.count)).containsExactly(1, 4, 5, 9, 12);
    assertThat(Arrays.copyOf(sum.values, sum.count)).containsExactly(1f, 12f, 20f, 3f, 30f);
  }

  @Test
  void theNumberOfABlockFollowsItsContent() {
    Block block = blocks().get(0);

    assertThat(BlockDeal.number(block)).isEqualTo(BlockDeal.number(blocks().get(0)));
    assertThat(BlockDeal.number(block)).isNotEqualTo(BlockDeal.number(blocks().get(1)));
  }

  private static TouchedRows touched(int[] rows, float... values) {
    TouchedRows touched = new TouchedRows(1);
    touched.rows = rows;
    touched.values = values;
    touched.count = rows.length;
    return touched;
  }
}
