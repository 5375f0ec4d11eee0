package io.tagloom.features.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class BlockTest {
  static final BlockLayout LAYOUT =
      new BlockLayout(
          Arrays.asList("impression_id", "user_id"),
          Arrays.asList("click", "mature"),
          Arrays.asList("age", "tags", "words"));

  static Block example(int rows) {
    BlockBuilder builder = Block.builder(LAYOUT, "train").order(7L << 32);
    for (int row = 0; row < rows; row++) {
      builder.key(0, "i" + row).key(1, row % 3 == 0 ? null : "ü" + row).ts(1000L * row);
      builder.label(0, row % 2).label(1, 1f).weight(row == 1 ? 2.5f : 1f).add(0, row % 7);
      for (int i = 0; i < row % 4; i++) {
        builder.add(1, i + 1).add(2, i + 2, 0.5f);
      }
      builder.endRow();
    }
    return builder.build();
  }

  @Test
  void singleValuedFieldsNeedNoOffsets() {
    Block block = example(600);

    FieldColumn age = block.field("age");
    assertThat(age.isSingle()).isTrue();
    assertThat(age.offsets()).isEmpty();
    assertThat(age.weights()).isEmpty();
    assertThat(age.start(599)).isEqualTo(599);
    assertThat(age.end(599)).isEqualTo(600);
    assertThat(age.ids()[599]).isEqualTo(599 % 7);
  }

  @Test
  void multiValuedFieldsKeepEachRowsIdsAndWeights() {
    FieldColumn words = example(600).field("words");

    assertThat(words.offsets()).hasSize(601);
    assertThat(words.end(3) - words.start(3)).isEqualTo(3);
    assertThat(words.end(4) - words.start(4)).isZero();
    assertThat(words.ids()[words.start(3) + 2]).isEqualTo(4);
    assertThat(words.weight(words.start(3))).isEqualTo(0.5f);
  }

  @Test
  void unsetWeightsAreOne() {
    Block block = example(600);

    assertThat(block.weight()).hasSize(600);
    assertThat(block.weight(0)).isEqualTo(1f);
    assertThat(block.weight(1)).isEqualTo(2.5f);
    assertThat(block.weight(599)).isEqualTo(1f);
    assertThat(example(1).weight()).isEmpty();
  }

  @Test
  void lateWeightsLeaveEarlierOnesAtOne() {
    BlockBuilder builder = Block.builder(new BlockLayout(none(), none(), Arrays.asList("f")), "");
    builder.add(0, 5).endRow().add(0, 6, 0.25f).endRow().add(0, 7).endRow();

    assertThat(builder.build().field("f").weights()).containsExactly(1f, 0.25f, 1f);
  }

  @Test
  void selectKeepsRowsAndSharesArrays() {
    Block block = example(10);
    Block less = block.select(Arrays.asList("words", "age"));

    assertThat(less.layout().fields()).containsExactly("words", "age");
    assertThat(less.field(1).ids()).isSameAs(block.field("age").ids());
    assertThat(less.label("click")).isSameAs(block.label("click"));
  }

  @Test
  void stateCountsAllPrimitiveArrays() {
    Block block = Block.of(Arrays.asList("f"), FieldColumn.single(new int[] {1, 2, 3}));

    assertThat(block.stateBytes()).isEqualTo(12);
  }

  @Test
  void arraysThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> new FieldColumn(2, new int[3], new int[0], new float[0]))
        .hasMessage("Invalid ids without offsets: 3; expected one for each of 2 rows.");
    assertThatThrownBy(() -> new FieldColumn(2, new int[3], new int[] {0, 3}, new float[0]))
        .hasMessage("Invalid offsets: 2 from 0 to 3; expected 3 from 0 to 3.");
    assertThatThrownBy(() -> new FieldColumn(2, new int[3], new int[] {0, 4, 3}, new float[0]))
        .hasMessage("Invalid offset after row 1: 3; expected at least 4.");
    assertThatThrownBy(() -> new FieldColumn(1, new int[1], new int[0], new float[2]))
        .hasMessage("Invalid number of weights: 2; expected none or 1.");
  }

  @Test
  void unknownNamesAreRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> example(1).field("sex"))
        .hasMessage(
            "Cannot find field sex in the block: it has [age, tags, words]. Name one of these.");
    assertThatThrownBy(() -> new BlockLayout(Arrays.asList("session_id"), none(), none()))
        .hasMessage("Invalid key: session_id; expected one of [impression_id, user_id, item_id].");
    assertThatThrownBy(() -> new BlockLayout(none(), none(), Arrays.asList("a", "A")))
        .hasMessage("Invalid field names: [a, A]; expected each once and none empty.");
  }

  @Test
  void arraysOfEarlierVersionsAreRefused() {
    StructType schema =
        new StructType()
            .add("split", DataTypes.StringType)
            .add("rows", DataTypes.IntegerType)
            .add("user_id", DataTypes.createArrayType(DataTypes.StringType));
    Row row = new GenericRowWithSchema(new Object[] {"train", 1, new String[] {"u"}}, schema);

    assertThatThrownBy(() -> Block.fromRow(row))
        .hasMessage(
            "Cannot read a block: column user_id is array<string>, expected binary. Encode the"
                + " samples again with this version.");
  }

  private static List<String> none() {
    return Collections.emptyList();
  }
}
