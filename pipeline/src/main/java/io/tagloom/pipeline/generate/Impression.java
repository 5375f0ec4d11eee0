package io.tagloom.pipeline.generate;

/** One impression and the true probabilities of what follows. Immutable. */
final class Impression {
  private final long index;
  private final long user;
  private final long item;
  private final long ts;
  private final int position;
  private final String scenario;
  private final double clickProbability;
  private final double conversionProbability;
  private final double price;

  Impression(
      long index,
      long user,
      long item,
      long ts,
      int position,
      String scenario,
      double clickProbability,
      double conversionProbability,
      double price) {
    this.index = index;
    this.user = user;
    this.item = item;
    this.ts = ts;
    this.position = position;
    this.scenario = scenario;
    this.clickProbability = clickProbability;
    this.conversionProbability = conversionProbability;
    this.price = price;
  }

  long index() {
    return index;
  }

  String id() {
    return "imp-" + index;
  }

  String userId() {
    return UserSource.id(user);
  }

  String itemId() {
    return ItemSource.id(item);
  }

  /** Epoch milliseconds. */
  long ts() {
    return ts;
  }

  /** Slot on the page, from 0. */
  int position() {
    return position;
  }

  String scenario() {
    return scenario;
  }

  /** P(click | impression). */
  double clickProbability() {
    return clickProbability;
  }

  /** P(conversion | click), after however long a time. */
  double conversionProbability() {
    return conversionProbability;
  }

  /** Price of the item. */
  double price() {
    return price;
  }
}
