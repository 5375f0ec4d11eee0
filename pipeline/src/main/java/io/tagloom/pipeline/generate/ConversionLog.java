package io.tagloom.pipeline.generate;

import io.tagloom.conf.GenerateSettings;
import java.util.function.Consumer;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The conversions. Of the clicks that convert 35 % end in the cart, 40 % in an order at once, and
 * 25 % in the cart first and in an order later.
 */
final class ConversionLog implements EventLog {
  private static final long serialVersionUID = 1L;
  private static final int TS = 5;
  private static final double CART_ONLY = 0.35;
  private static final double CART_THEN_ORDER = 0.25;
  private static final double ORDER_MEDIAN_MILLIS = 3_600_000;
  private static final int TYPE = 0;
  private static final int ORDER_DELAY = 1;
  private static final int QUANTITY = 2;
  private static final int ORPHAN = 3;
  private static final int ORPHAN_USER = 4;
  private static final String CART = "cart";
  private static final String ORDER = "order";

  private final ExampleWorld world;
  private final Responses responses;
  private final Anomalies anomalies;
  private final CounterHash hash;
  private final double orphanShare;

  ConversionLog(ExampleWorld world, GenerateSettings settings, long seed) {
    this.world = world;
    this.responses = new Responses(world, seed);
    this.hash = CounterHash.of(seed, "conversions");
    this.orphanShare = settings.orphanShare();
    this.anomalies =
        new Anomalies(
            CounterHash.of(seed, "conversion anomalies"),
            world.days(),
            settings.duplicateShare(),
            settings.lateShare());
  }

  @Override
  public StructType schema() {
    return new StructType()
        .add("conversion_id", DataTypes.StringType)
        .add("click_id", DataTypes.StringType)
        .add("impression_id", DataTypes.StringType)
        .add("user_id", DataTypes.StringType)
        .add("item_id", DataTypes.StringType)
        .add("ts", DataTypes.LongType)
        .add("type", DataTypes.StringType)
        .add("value", DataTypes.DoubleType);
  }

  @Override
  public void rows(long index, Consumer<LogEvent> to) {
    Impression impression = world.impression(index);
    if (!responses.clicked(impression) || !responses.converted(impression)) {
      return;
    }
    long ts = responses.conversionTs(impression);
    double way = hash.uniform(index, TYPE);
    put(0, impression, ts, way < CART_ONLY + CART_THEN_ORDER ? CART : ORDER, to);
    if (way >= CART_ONLY && way < CART_ONLY + CART_THEN_ORDER) {
      double delay = ORDER_MEDIAN_MILLIS * hash.logNormal(index, ORDER_DELAY, 1);
      put(1, impression, ts + 10_000 + (long) delay, ORDER, to);
    }
    if (hash.happens(index, ORPHAN, orphanShare)) {
      orphan(impression, ts, to);
    }
  }

  private void put(int event, Impression of, long ts, String type, Consumer<LogEvent> to) {
    Object[] values = {
      "cnv-" + of.index() + "-" + type,
      ClickLog.id(of.index()),
      of.id(),
      of.userId(),
      of.itemId(),
      ts,
      type,
      value(of)
    };
    anomalies.put(EventKind.REGULAR, of.index(), event, TS, values, to);
  }

  private void orphan(Impression of, long ts, Consumer<LogEvent> to) {
    long index = of.index();
    Object[] values = {
      "cnv-lost-" + index,
      "clk-lost-conversion-" + index,
      "imp-lost-conversion-" + index,
      UserSource.id(hash.skewed(index, ORPHAN_USER, world.userCount(), 1)),
      ItemSource.id(world.itemCount() + index),
      ts,
      ORDER,
      value(of)
    };
    anomalies.put(EventKind.ORPHAN, index, 2, TS, values, to);
  }

  private double value(Impression of) {
    return Math.round(world.price(of) * (1 + hash.below(of.index(), QUANTITY, 3)) * 100) / 100.0;
  }
}
