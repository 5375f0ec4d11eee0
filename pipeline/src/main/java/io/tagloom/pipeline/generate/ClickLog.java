package io.tagloom.pipeline.generate;

import io.tagloom.conf.GenerateSettings;
import java.util.function.Consumer;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The clicks, with repeated, late and orphaned ones. */
final class ClickLog implements EventLog {
  private static final long serialVersionUID = 1L;
  private static final int TS = 4;
  private static final double REPEATED_SHARE = 0.03;
  private static final double DWELL_MEDIAN_MILLIS = 20_000;
  private static final int REPEATED = 1;
  private static final int REPEATED_AFTER = 2;
  private static final int ORPHAN = 3;
  private static final int ORPHAN_USER = 4;
  private static final int DWELL = 5;

  private final ExampleWorld world;
  private final Responses responses;
  private final Anomalies anomalies;
  private final CounterHash hash;
  private final double tooLateShare;
  private final double orphanShare;

  ClickLog(ExampleWorld world, GenerateSettings settings, long seed) {
    this.world = world;
    this.responses = new Responses(world, seed);
    this.hash = CounterHash.of(seed, "clicks");
    this.tooLateShare = settings.lateShare() / 2;
    this.orphanShare = settings.orphanShare();
    this.anomalies =
        new Anomalies(
            CounterHash.of(seed, "click anomalies"),
            world.days(),
            settings.duplicateShare(),
            settings.lateShare() / 2);
  }

  static String id(long index) {
    return "clk-" + index;
  }

  @Override
  public StructType schema() {
    return new StructType()
        .add("click_id", DataTypes.StringType)
        .add("impression_id", DataTypes.StringType)
        .add("user_id", DataTypes.StringType)
        .add("item_id", DataTypes.StringType)
        .add("ts", DataTypes.LongType)
        .add("dwell_ms", DataTypes.LongType);
  }

  @Override
  public void rows(long index, Consumer<LogEvent> to) {
    Impression impression = world.impression(index);
    responses
        .click(impression, tooLateShare)
        .ifPresent(
            kind -> {
              if (kind == EventKind.REGULAR) {
                regular(impression, to);
              } else {
                put(kind, 0, id(index), impression, responses.tooLateTs(impression), to);
              }
            });
  }

  private void regular(Impression impression, Consumer<LogEvent> to) {
    long index = impression.index();
    long ts = responses.clickTs(impression);
    put(EventKind.REGULAR, 0, id(index), impression, ts, to);
    if (hash.happens(index, REPEATED, REPEATED_SHARE)) {
      long again = ts + 500 + hash.below(index, REPEATED_AFTER, 60_000);
      put(EventKind.REPEATED, 1, id(index) + "-again", impression, again, to);
    }
    if (hash.happens(index, ORPHAN, orphanShare)) {
      orphan(index, ts, to);
    }
  }

  private void put(
      EventKind kind, int event, String id, Impression of, long ts, Consumer<LogEvent> to) {
    Object[] values = {id, of.id(), of.userId(), of.itemId(), ts, dwell(of.index(), event)};
    anomalies.put(kind, of.index(), event, TS, values, to);
  }

  private void orphan(long index, long ts, Consumer<LogEvent> to) {
    Object[] values = {
      "clk-lost-" + index,
      "imp-lost-" + index,
      UserSource.id(hash.skewed(index, ORPHAN_USER, world.userCount(), 1)),
      ItemSource.id(world.itemCount() + index),
      ts,
      dwell(index, 2)
    };
    anomalies.put(EventKind.ORPHAN, index, 2, TS, values, to);
  }

  private long dwell(long index, int event) {
    return (long) (DWELL_MEDIAN_MILLIS * hash.logNormal(index, DWELL + event, 1));
  }
}
