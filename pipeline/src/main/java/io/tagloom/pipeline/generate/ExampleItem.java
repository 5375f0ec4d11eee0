package io.tagloom.pipeline.generate;

/** An item: one to three tags, mostly of its own topic, a price, and how often it is shown. */
final class ExampleItem {
  private final int topic;
  private final int[] tags;
  private final double price;
  private final double popularity;
  private final double appeal;

  ExampleItem(int topic, int[] tags, double price, double popularity, double appeal) {
    this.topic = topic;
    this.tags = tags.clone();
    this.price = price;
    this.popularity = popularity;
    this.appeal = appeal;
  }

  int topic() {
    return topic;
  }

  int tagCount() {
    return tags.length;
  }

  int tag(int place) {
    return tags[place];
  }

  /** Above 0, with two decimals. */
  double price() {
    return price;
  }

  /** How often it is shown, beside the mean item's 1. */
  double popularity() {
    return popularity;
  }

  /** What its clicks have beyond its tags, as a logit. */
  double appeal() {
    return appeal;
  }
}
