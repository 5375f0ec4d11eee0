package io.tagloom.training;

import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockBuilder;
import io.tagloom.features.blocks.BlockLayout;
import io.tagloom.training.models.FieldShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Encoded samples to measure with: ids drawn evenly, clicks and conversions by planted effects of
 * the values of all fields and by whether the tastes of the first field's value and of a tag agree.
 */
final class BenchBlocks {
  private static final int MOST_ROWS = 4096;
  private static final int LEAST_BLOCKS = 8;
  private static final int TASTES = 4;

  private BenchBlocks() {}

  /** The model's fields. */
  static List<FieldShape> fields(BenchSizes sizes) {
    List<FieldShape> fields = new ArrayList<>();
    for (int f = 0; f < sizes.fields(); f++) {
      fields.add(new FieldShape("f" + f, FieldShape.Side.USER, sizes.vocabulary()));
    }
    fields.add(new FieldShape("tags", FieldShape.Side.ITEM, sizes.tags()));
    return fields;
  }

  /** Writes training samples, and validation samples if there are any, and opens them. */
  static Dataset<Row> write(SparkSession spark, BenchSizes sizes, long seed, String folder) {
    String path = folder + "/blocks-" + sizes.rows();
    BlockLayout layout = layout(sizes);
    int train = blocks(sizes.samples());
    int valid = blocks(sizes.validSamples());
    List<Integer> numbers = new ArrayList<>();
    for (int i = -valid; i < train; i++) {
      numbers.add(i);
    }
    JavaRDD<Row> blocks =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(
                numbers, Math.min(numbers.size(), 2 * spark.sparkContext().defaultParallelism()))
            .map(number -> block(layout, sizes, seed, number).toRow());
    spark.createDataFrame(blocks, Block.schema(layout)).write().mode("overwrite").parquet(path);
    return spark.read().parquet(path);
  }

  /** Training samples in memory. */
  static List<Block> train(BenchSizes sizes, long seed) {
    BlockLayout layout = layout(sizes);
    List<Block> blocks = new ArrayList<>();
    for (int number = 0; number < blocks(sizes.samples()); number++) {
      blocks.add(block(layout, sizes, seed, number));
    }
    return blocks;
  }

  private static BlockLayout layout(BenchSizes sizes) {
    List<String> names = new ArrayList<>();
    fields(sizes).forEach(field -> names.add(field.name()));
    return new BlockLayout(Collections.emptyList(), Arrays.asList("click", "conversion"), names);
  }

  private static int blocks(int samples) {
    int size = blockRows(samples);
    return (samples + size - 1) / size;
  }

  /** Rows of a block: of few samples, too, some workers get their share. */
  private static int blockRows(int samples) {
    return Math.max(1, Math.min(MOST_ROWS, samples / LEAST_BLOCKS));
  }

  /** A block; those of negative numbers are for validation. */
  private static Block block(BlockLayout layout, BenchSizes sizes, long seed, int number) {
    SplittableRandom random = new SplittableRandom(seed * 31 + number);
    boolean valid = number < 0;
    int order = valid ? -1 - number : number;
    BlockBuilder builder = Block.builder(layout, valid ? "valid" : "train").order(order);
    int all = valid ? sizes.validSamples() : sizes.samples();
    int rows = Math.min(blockRows(all), all - order * blockRows(all));
    double spread = 1.5 / Math.sqrt(sizes.fields());
    for (int row = 0; row < rows; row++) {
      double click = -2.5;
      double conversion = -1.5;
      int taste = 0;
      for (int f = 0; f < sizes.fields(); f++) {
        int id = 2 + random.nextInt(sizes.vocabulary() - 2);
        builder.add(f, id);
        click += spread * effect(f, id);
        conversion += spread * effect(-1 - f, id);
        taste = f == 0 ? id % TASTES : taste;
      }
      for (int i = 0; i < sizes.tagsPerItem(); i++) {
        int tag = 2 + random.nextInt(sizes.tags() - 2);
        builder.add(sizes.fields(), tag);
        click += tag % TASTES == taste ? 1.0 : 0;
        conversion += effect(sizes.fields(), tag);
      }
      boolean clicked = happens(random, click);
      boolean converted = happens(random, conversion) && clicked;
      builder.label(0, clicked ? 1 : 0).label(1, converted ? 1 : 0).endRow();
    }
    return builder.build();
  }

  /** Effect of a value, -1 to 1. */
  private static double effect(int field, int id) {
    return new SplittableRandom(((long) field << 32) + id).nextDouble() * 2 - 1;
  }

  private static boolean happens(SplittableRandom random, double logit) {
    return random.nextDouble() < 1 / (1 + Math.exp(-logit));
  }
}
