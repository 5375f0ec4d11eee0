package io.tagloom.pipeline.generate;

import io.tagloom.pipeline.generate.UserSource.UserFields;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rows that are not events: users, items, and the truth about users and impressions. */
final class Snapshots {
  static final StructType USERS =
      new StructType()
          .add("user_id", DataTypes.StringType)
          .add("age", DataTypes.IntegerType)
          .add("city", DataTypes.StringType)
          .add("income", DataTypes.StringType)
          .add("device", DataTypes.StringType)
          .add("segment", DataTypes.StringType)
          .add("interests", DataTypes.createArrayType(DataTypes.StringType))
          .add("interest_weights", DataTypes.createArrayType(DataTypes.FloatType))
          .add("follows", DataTypes.createArrayType(DataTypes.StringType));

  static final StructType ITEMS =
      new StructType()
          .add("item_id", DataTypes.StringType)
          .add("tags", DataTypes.createArrayType(DataTypes.StringType))
          .add("category", DataTypes.StringType)
          .add("price", DataTypes.DoubleType)
          .add("popularity", DataTypes.DoubleType);

  static final StructType USER_TRUTH =
      new StructType()
          .add("user_id", DataTypes.StringType)
          .add(
              "tags",
              DataTypes.createArrayType(
                  new StructType()
                      .add("tag", DataTypes.StringType)
                      .add("interest", DataTypes.DoubleType)
                      .add("intention", DataTypes.DoubleType)));

  static final StructType IMPRESSION_TRUTH =
      new StructType()
          .add("impression_id", DataTypes.StringType)
          .add("p_click", DataTypes.DoubleType)
          .add("p_conversion", DataTypes.DoubleType)
          .add("dt", DataTypes.StringType);

  private Snapshots() {}

  static MapFunction<Long, Row> users(ExampleWorld world) {
    return index -> {
      UserFields fields = world.users().fields(world.users().user(index));
      return RowFactory.create(
          UserSource.id(index),
          fields.age(),
          fields.city(),
          fields.income(),
          fields.device(),
          fields.segment(),
          fields.interests().keySet().toArray(new String[0]),
          fields.interests().values().toArray(new Float[0]),
          fields.follows().toArray(new String[0]));
    };
  }

  static MapFunction<Long, Row> items(ExampleWorld world) {
    return index -> {
      ExampleItem item = world.items().item(index);
      String[] tags = new String[item.tagCount()];
      for (int i = 0; i < tags.length; i++) {
        tags[i] = world.space().tagName(item.tag(i));
      }
      return RowFactory.create(
          ItemSource.id(index),
          tags,
          world.space().topicName(item.topic()),
          item.price(),
          item.popularity());
    };
  }

  static MapFunction<Long, Row> userTruth(ExampleWorld world) {
    return index -> {
      ExampleUser user = world.users().user(index);
      Row[] tags = new Row[world.space().tags()];
      for (int tag = 0; tag < tags.length; tag++) {
        tags[tag] =
            RowFactory.create(
                world.space().tagName(tag),
                world.clickProbability(user, tag),
                world.conversionProbability(user, tag));
      }
      return RowFactory.create(UserSource.id(index), tags);
    };
  }

  static MapFunction<Long, Row> impressionTruth(ExampleWorld world) {
    return index -> {
      Impression impression = world.impression(index);
      return RowFactory.create(
          impression.id(),
          world.clickProbability(impression),
          world.conversionProbability(impression),
          world.days().name(world.days().day(impression.ts())));
    };
  }
}
