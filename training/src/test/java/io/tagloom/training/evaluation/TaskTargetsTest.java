package io.tagloom.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.conf.ModelSettings;
import io.tagloom.conf.TaskSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockBuilder;
import io.tagloom.features.blocks.BlockLayout;
import io.tagloom.training.models.Batch;
import io.tagloom.training.models.BatchReader;
import io.tagloom.training.models.FieldShape;
import io.tagloom.training.models.MvkeShape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which rows count for a task, in evaluation and in training. */
class TaskTargetsTest {
  private static final float[] EVERY_ROW = {1, 1, 1, 1, 1};
  private static final TaskSettings CLICKS = TaskSettings.of("ctr", "click", "all", 0, 1);
  private static final Block SAMPLES = block("click", "conversion", "mature");

  /** Not clicked; clicked; converted; clicked, window open; converted, window open. */
  private static Block block(String... labels) {
    float[][] rows = {{0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {1, 0, 0}, {1, 1, 0}};
    BlockLayout layout =
        new BlockLayout(
            Collections.<String>emptyList(), Arrays.asList(labels), Arrays.asList("user", "tags"));
    BlockBuilder builder = Block.builder(layout, "train");
    for (float[] row : rows) {
      for (int i = 0; i < labels.length; i++) {
        builder.label(i, row[i]);
      }
      builder.add(0, 2).add(1, 2).endRow();
    }
    return builder.build();
  }

  private static float[] trained(Block block, TaskSettings... tasks) {
    MvkeShape shape =
        MvkeShape.of(
            ModelSettings.builder().dims(4, 4, 4).kernels(3).tasks(tasks).build(),
            Arrays.asList(
                new FieldShape("user", FieldShape.Side.USER, 3),
                new FieldShape("tags", FieldShape.Side.ITEM, 3)));
    Batch batch = new Batch(shape);
    new BatchReader(shape).addSamples(batch, block, new int[] {0, 1, 2, 3, 4}, 0, 5);
    return Arrays.copyOf(batch.rowWeights(tasks.length - 1), 5);
  }

  private static TaskSettings conversions(TaskSettings.Loss loss, TaskSettings.Immature immature) {
    List<Integer> kernels = Arrays.asList(1, 2);
    String given = loss == TaskSettings.Loss.ENTIRE_SPACE ? "ctr" : "";
    return new TaskSettings("cvr", "conversion", "click", kernels, 1, loss, given, immature);
  }

  @Test
  void openWindowsAreLeftOutWhetherConvertedOrNot() {
    TaskSettings task = conversions(TaskSettings.Loss.ROWS, TaskSettings.Immature.DROP);

    assertThat(TaskTargets.weights(SAMPLES, task)).containsExactly(0, 1, 1, 0, 0);
    assertThat(trained(SAMPLES, CLICKS, task)).containsExactly(0, 1, 1, 0, 0);
  }

  @Test
  void openWindowsCountWhereTheTaskKeepsThem() {
    TaskSettings task = conversions(TaskSettings.Loss.ROWS, TaskSettings.Immature.KEEP);

    assertThat(TaskTargets.weights(SAMPLES, task)).containsExactly(0, 1, 1, 1, 1);
    assertThat(trained(SAMPLES, CLICKS, task)).containsExactly(0, 1, 1, 1, 1);
  }

  @Test
  void clicksAreFinalAndBlocksWithoutMaturityAreMature() {
    assertThat(TaskTargets.weights(SAMPLES, CLICKS)).containsExactly(EVERY_ROW);
    assertThat(trained(SAMPLES, CLICKS)).containsExactly(EVERY_ROW);
    TaskSettings task = conversions(TaskSettings.Loss.ROWS, TaskSettings.Immature.DROP);
    assertThat(TaskTargets.weights(block("click", "conversion"), task))
        .containsExactly(0, 1, 1, 1, 1);
  }

  @Test
  void anEntireSpaceLossSpansClosedWindowsAndIsEvaluatedOnItsOwnRows() {
    TaskSettings task = conversions(TaskSettings.Loss.ENTIRE_SPACE, TaskSettings.Immature.DROP);

    assertThat(trained(SAMPLES, CLICKS, task)).containsExactly(1, 1, 1, 0, 0);
    assertThat(TaskTargets.weights(SAMPLES, task)).containsExactly(0, 1, 1, 0, 0);
  }
}
