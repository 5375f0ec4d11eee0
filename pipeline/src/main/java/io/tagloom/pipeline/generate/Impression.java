package io.tagloom.pipeline.generate;

/** Who sees what when and where. Immutable. */
final class Impression {
  private final long index;
  private final long user;
  private final long item;
  private final long ts;
  private final int position;
  private final String scenario;

  Impression(long index, long user, long item, long ts, int position, String scenario) {
    this.index = index;
    this.user = user;
    this.item = item;
    this.ts = ts;
    this.position = position;
    this.scenario = scenario;
  }

  long index() {
    return index;
  }

  String id() {
    return "imp-" + index;
  }

  long user() {
    return user;
  }

  String userId() {
    return UserSource.id(user);
  }

  long item() {
    return item;
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
}
