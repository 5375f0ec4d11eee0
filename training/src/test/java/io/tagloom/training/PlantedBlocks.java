package io.tagloom.training;

import io.tagloom.features.LocalSpark;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockBuilder;
import io.tagloom.features.blocks.BlockLayout;
import io.tagloom.training.models.FieldShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Encoded blocks with a planted truth: a user clicks when one of the item's tags is of the user's
 * taste, and converts by age.
 */
public final class PlantedBlocks {
  public static final int USERS = 60;
  public static final int TAGS = 12;
  private static final int TASTES = 4;
  private static final List<String> FIELDS = Arrays.asList("user", "age", "tags");
  private static final BlockLayout LAYOUT =
      new BlockLayout(
          Collections.<String>emptyList(), Arrays.asList("click", "conversion"), FIELDS);

  private PlantedBlocks() {}

  /** Fields with their sizes. */
  public static List<FieldShape> fields() {
    return Arrays.asList(
        new FieldShape("user", FieldShape.Side.USER, USERS + 2),
        new FieldShape("age", FieldShape.Side.USER, 10),
        new FieldShape("tags", FieldShape.Side.ITEM, TAGS + 2));
  }

  /** Blocks of a split. */
  public static List<Block> blocks(String split, int blocks, int rows, long seed) {
    Random random = new Random(seed);
    List<Block> list = new ArrayList<>();
    for (int b = 0; b < blocks; b++) {
      list.add(block(split, b, rows, random));
    }
    return list;
  }

  private static Block block(String split, int order, int rows, Random random) {
    BlockBuilder builder = Block.builder(LAYOUT, split).order(order);
    for (int i = 0; i < rows; i++) {
      int user = random.nextInt(USERS);
      int first = random.nextInt(TAGS);
      int second = random.nextInt(TAGS);
      boolean likes = first % TASTES == user % TASTES || second % TASTES == user % TASTES;
      boolean click = random.nextDouble() < (likes ? 0.7 : 0.1);
      boolean conversion = click && random.nextDouble() < (user % 8 < 4 ? 0.6 : 0.15);
      builder
          .label(0, click ? 1 : 0)
          .label(1, conversion ? 1 : 0)
          .add(0, user + 2)
          .add(1, user % 8 + 2)
          .add(2, first + 2)
          .add(2, second + 2)
          .endRow();
    }
    return builder.build();
  }

  /** Training and validation blocks as a data set. */
  public static Dataset<Row> dataset(int blocks, int rows) {
    List<Row> list = new ArrayList<>();
    blocks("train", blocks, rows, 1).forEach(block -> list.add(block.toRow()));
    blocks("valid", 2, rows, 2).forEach(block -> list.add(block.toRow()));
    return LocalSpark.session().createDataFrame(list, Block.schema(LAYOUT)).repartition(3);
  }

  /**
   * Blocks of {@link #dataset} with a label {@code mature} that is 0 in each of their rows.
   *
   * @param rows rows of each block
   */
  public static Dataset<Row> immature(Dataset<Row> blocks, int rows) {
    BlockLayout layout =
        new BlockLayout(
            Collections.<String>emptyList(),
            Collections.singletonList("mature"),
            Collections.<String>emptyList());
    BlockBuilder builder = Block.builder(layout, "");
    for (int i = 0; i < rows; i++) {
      builder.label(0, 0).endRow();
    }
    Row zeros = builder.build().toRow();
    int column = Block.schema(layout).fieldIndex("label_mature");
    return blocks.withColumn("label_mature", functions.lit(zeros.get(column)));
  }
}
