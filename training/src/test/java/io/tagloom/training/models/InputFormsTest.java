package io.tagloom.training.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.ModelSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockBuilder;
import io.tagloom.features.blocks.BlockLayout;
import io.tagloom.training.layers.FieldBag;
import io.tagloom.training.layers.Hiding;
import io.tagloom.training.layers.Noise;
import io.tagloom.training.models.FieldShape.Role;
import io.tagloom.training.models.FieldShape.Side;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a row without a value is to the model, read or hidden. */
class InputFormsTest {
  private static final List<FieldShape> FIELDS =
      Arrays.asList(
          new FieldShape("tags", Side.ITEM, 6),
          new FieldShape("user", Side.USER, Role.IDENTITY, 6),
          new FieldShape("age", Side.USER, 6),
          new FieldShape("follows", Side.USER, 6),
          new FieldShape("liked", Side.USER, Role.HISTORY, 6),
          new FieldShape("item", Side.ITEM, 6),
          new FieldShape("position", Side.CONTEXT, 6));
  private static final int ROWS = 20_000;

  private final MvkeShape shape = MvkeShape.of(ModelSettings.builder().build(), FIELDS);

  private String ids(Batch batch, String field, int row) {
    for (int t = 0; t < shape.tables().size(); t++) {
      BatchColumn column = batch.column(t);
      if (column.table().name().equals(field)) {
        int from = column.offsets()[row];
        int to = column.offsets()[row + 1];
        return Arrays.toString(Arrays.copyOfRange(column.ids(), from, to))
            + Arrays.toString(Arrays.copyOfRange(column.weights(), from, to));
      }
    }
    throw new AssertionError(field);
  }

  @Test
  void valuesThatAreMissingReadAsUnknownAndHistoriesAsEmpty() {
    List<String> names =
        Arrays.asList("tags", "user", "age", "follows", "liked", "item", "position");
    BlockLayout layout =
        new BlockLayout(
            Collections.<String>emptyList(), Arrays.asList("click", "conversion"), names);
    BlockBuilder builder = Block.builder(layout, "train");
    builder.label(0, 1).label(1, 0).add(1, 0).add(2, 0).add(5, 0).add(6, 0).endRow();
    builder.label(0, 1).label(1, 0);
    builder.add(0, 2).add(1, 3).add(2, 4).add(3, 2).add(3, 3).add(4, 5).add(5, 2).add(6, 3);
    builder.endRow();
    Batch batch = new Batch(shape);

    new BatchReader(shape).addSamples(batch, builder.build(), new int[] {0, 1}, 0, 2);

    for (String field : Arrays.asList("tags", "user", "age", "follows", "item")) {
      assertThat(ids(batch, field, 0)).as(field).isEqualTo("[1][1.0]");
    }
    assertThat(ids(batch, "liked", 0)).isEqualTo("[][]");
    assertThat(ids(batch, "position", 0)).isEqualTo("[][]");
    assertThat(ids(batch, "follows", 1)).isEqualTo("[2, 3][1.0, 1.0]");
  }

  @Test
  void itemFieldsThatABlockLacksAreUnknown() {
    BlockLayout layout =
        new BlockLayout(
            Collections.<String>emptyList(),
            Collections.<String>emptyList(),
            Collections.singletonList("tags"));
    Batch batch = new Batch(shape);

    new BatchReader(shape)
        .addSide(batch, Block.builder(layout, "").add(0, 2).endRow().build(), Side.ITEM, 0, 1);

    assertThat(ids(batch, "tags", 0)).isEqualTo("[2][1.0]");
    assertThat(ids(batch, "item", 0)).isEqualTo("[1][1.0]");
    assertThat(ids(batch, "user", 0)).isEqualTo("[][]");
  }

  /** The first number of each row's vector, of tables whose row i holds i + 1; bags of id 4. */
  private float[] gathered(int table, Noise noise) {
    Batch batch = new Batch(shape);
    BatchColumn column = batch.column(table);
    for (int row = 0; row < ROWS; row++) {
      column.add(4, 0.5f);
      column.add(5, 2f);
      column.endRow();
    }
    float[] weights = {0, 1, 2, 3, 4, 5};
    float[] out = new float[ROWS];
    new FieldBag(table, 1, shape.hiding(table)).forward(column, 0, ROWS, weights, noise, out, 0, 1);
    return out;
  }

  private static double share(float[] values, float value) {
    int count = 0;
    for (float one : values) {
      count += one == value ? 1 : 0;
    }
    return (double) count / values.length;
  }

  @Test
  void hiddenRowsHaveTheFormOfMissingValuesAndGoTogether() {
    Noise noise = Noise.of(77, 0, 0, 0, 0).hiding(0.2, 0.3);
    // In the order of tables: user, age, follows, liked, then tags, item, then position.
    float[] user = gathered(0, noise);
    float[] age = gathered(1, noise);
    float[] follows = gathered(2, noise);
    float[] liked = gathered(3, noise);
    float[] item = gathered(5, noise);

    assertThat(shape.hiding(3)).isEqualTo(Hiding.HISTORY);
    assertThat(share(user, 1)).isCloseTo(0.2, within(0.01));
    assertThat(share(age, 1)).isCloseTo(0.1, within(0.01));
    assertThat(share(item, 1)).isCloseTo(0.3, within(0.01));
    assertThat(share(gathered(4, noise), 12)).as("tags").isEqualTo(1);
    assertThat(share(gathered(6, noise), 12)).as("context").isEqualTo(1);
    for (int row = 0; row < ROWS; row++) {
      assertThat(liked[row]).isEqualTo(user[row] == 1 ? 0 : 12);
      assertThat(follows[row]).isEqualTo(age[row]);
      assertThat(age[row] == 1 && user[row] != 1).isFalse();
    }
    assertThat(gathered(0, noise.ofRows(reversed()))[0]).isEqualTo(user[ROWS - 1]);
  }

  private static int[] reversed() {
    int[] numbers = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      numbers[row] = ROWS - 1 - row;
    }
    return numbers;
  }
}
