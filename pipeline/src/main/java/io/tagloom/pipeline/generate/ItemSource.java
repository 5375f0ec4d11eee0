package io.tagloom.pipeline.generate;

import java.io.Serializable;
import java.util.Arrays;

/** Makes the item of an index. The first items are the most popular ones. */
final class ItemSource implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Density of exposure over the items' ranks x in (0, 1): x^(1/POWER - 1) / POWER. */
  static final double POWER = 1.6;

  private static final double APPEAL = 0.06;
  private static final int TOPIC = 0;
  private static final int COUNT = 1;
  private static final int PRICE = 2;
  private static final int OWN_APPEAL = 3;
  private static final int TAG = 1000;

  private final TagSpace space;
  private final CounterHash hash;
  private final long items;

  ItemSource(TagSpace space, long items, long seed) {
    this.space = space;
    this.items = items;
    this.hash = CounterHash.of(seed, "items");
  }

  static String id(long index) {
    return "item-" + index;
  }

  /** The item of an index. */
  ExampleItem item(long index) {
    int topic = hash.below(index, TOPIC, space.topics());
    double size = hash.uniform(index, COUNT);
    int count = Math.min(space.tags(), size < 0.4 ? 1 : size < 0.8 ? 2 : 3);
    int[] tags = new int[count];
    int found = 0;
    for (int draw = TAG; found < count; draw += 3) {
      int tag = tag(index, topic, draw);
      if (!contains(tags, found, tag)) {
        tags[found++] = tag;
      }
    }
    double rank = (index + 0.5) / items;
    return new ExampleItem(
        topic,
        tags,
        price(index, tags),
        StrictMath.pow(rank, 1 / POWER - 1) / POWER,
        APPEAL * hash.normal(index, OWN_APPEAL));
  }

  private int tag(long index, int topic, int draw) {
    if (!hash.happens(index, draw, 0.92)) {
      return hash.below(index, draw + 1, space.tags());
    }
    return topic + hash.below(index, draw + 2, space.tagsOf(topic)) * space.topics();
  }

  private double price(long index, int[] tags) {
    long premium = Arrays.stream(tags).filter(tag -> space.premium(tag) > 0).count();
    double base = 12 * (1 + 3.0 * premium / tags.length);
    return Math.max(1, Math.round(base * hash.logNormal(index, PRICE, 0.5) * 100)) / 100.0;
  }

  private static boolean contains(int[] values, int count, int value) {
    for (int i = 0; i < count; i++) {
      if (values[i] == value) {
        return true;
      }
    }
    return false;
  }
}
