package io.tagloom.features.fields;

import io.tagloom.features.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Small tables for the tests of this package. */
final class ExampleSamples {
  static final String FIELDS =
      "[{name = city, side = user, kind = categorical},"
          + " {name = age, side = user, kind = bucketed, buckets = 5},"
          + " {name = words, side = user, kind = multi-valued-weighted, weights-column = word_weights},"
          + " {name = zip, side = user, kind = hashed, size = 100},"
          + " {name = tags, side = item, kind = multi-valued},"
          + " {name = position, side = context, kind = categorical}]";

  static final StructType SCHEMA =
      new StructType()
          .add("impression_id", DataTypes.StringType)
          .add("user_id", DataTypes.StringType)
          .add("item_id", DataTypes.StringType)
          .add("ts", DataTypes.LongType)
          .add("position", DataTypes.IntegerType)
          .add("click", DataTypes.IntegerType)
          .add("conversion", DataTypes.IntegerType)
          .add("mature", DataTypes.BooleanType)
          .add("weight", DataTypes.FloatType)
          .add("split", DataTypes.StringType)
          .add("city", DataTypes.StringType)
          .add("age", DataTypes.DoubleType)
          .add("words", DataTypes.createArrayType(DataTypes.StringType))
          .add("word_weights", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("zip", DataTypes.StringType)
          .add("tags", DataTypes.StringType);

  private ExampleSamples() {}

  static List<Row> rows(int count, long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int part = random.nextInt(10);
      int click = random.nextInt(4) == 0 ? 1 : 0;
      rows.add(
          RowFactory.create(
              "i" + i,
              "u" + random.nextInt(50),
              "t" + random.nextInt(20),
              1_700_000_000_000L + i * 60_000L,
              random.nextInt(5),
              click,
              click == 1 ? random.nextInt(2) : null,
              random.nextBoolean(),
              click == 1 ? 1f : 2f,
              part == 0 ? "valid" : part == 1 ? "test" : "train",
              random.nextInt(20) == 0 ? null : "città" + (int) Math.sqrt(random.nextInt(400)),
              random.nextInt(20) == 0 ? null : 18 + random.nextGaussian() * 10,
              words(random),
              new Double[] {random.nextDouble(), -0.5, 2.0},
              "z" + random.nextInt(1000),
              random.nextInt(10) == 0 ? "" : "t" + random.nextInt(8) + "|t" + random.nextInt(8)));
    }
    return rows;
  }

  private static String[] words(Random random) {
    String[] words = new String[random.nextInt(4)];
    for (int i = 0; i < words.length; i++) {
      words[i] = "w" + random.nextInt(30);
    }
    return words;
  }

  static Dataset<Row> table(List<Row> rows, int partitions) {
    return LocalSpark.session().createDataFrame(rows, SCHEMA).repartition(partitions);
  }
}
