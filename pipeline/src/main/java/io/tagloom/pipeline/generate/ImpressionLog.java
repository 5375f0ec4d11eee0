package io.tagloom.pipeline.generate;

import java.util.function.Consumer;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The impressions. They come in time; some are written twice. */
final class ImpressionLog implements EventLog {
  private static final long serialVersionUID = 1L;
  private static final int TS = 3;

  private final ExampleWorld world;
  private final Anomalies anomalies;

  ImpressionLog(ExampleWorld world, double duplicateShare, long seed) {
    this.world = world;
    this.anomalies =
        new Anomalies(
            CounterHash.of(seed, "impression anomalies"), world.days(), duplicateShare, 0);
  }

  @Override
  public StructType schema() {
    return new StructType()
        .add("impression_id", DataTypes.StringType)
        .add("user_id", DataTypes.StringType)
        .add("item_id", DataTypes.StringType)
        .add("ts", DataTypes.LongType)
        .add("position", DataTypes.IntegerType)
        .add("scenario", DataTypes.StringType);
  }

  @Override
  public void rows(long index, Consumer<LogEvent> to) {
    Impression impression = world.impression(index);
    Object[] values = {
      impression.id(),
      impression.userId(),
      impression.itemId(),
      impression.ts(),
      impression.position(),
      impression.scenario()
    };
    anomalies.put(EventKind.REGULAR, index, 0, TS, values, to);
  }
}
