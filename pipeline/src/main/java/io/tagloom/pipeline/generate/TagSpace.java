package io.tagloom.pipeline.generate;

import java.io.Serializable;

/**
 * Tags and the topics behind them. Tag j belongs to topic j mod topics; every second tag of a topic
 * is a premium one; about half of the tags touch a second topic as well.
 */
final class TagSpace implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double SECOND = 0.3;
  private static final int TOUCHES = 0;
  private static final int OTHER = 1;
  private static final int APPEAL = 2;
  private static final String[] TOPICS = {
    "sport", "food", "travel", "technology", "home", "fashion", "family", "culture"
  };
  private static final String[][] WORDS = {
    {"running", "football", "cycling", "yoga", "tennis"},
    {"baking", "wine", "vegan", "coffee", "barbecue"},
    {"camping", "cruises", "beaches", "skiing", "city-trips"},
    {"gaming", "laptops", "phones", "cameras", "audio"},
    {"gardening", "furniture", "tools", "lighting", "decoration"},
    {"shoes", "jewellery", "cosmetics", "watches", "handbags"},
    {"toys", "strollers", "crafts", "pets", "schoolbooks"},
    {"novels", "concerts", "cinema", "museums", "podcasts"},
  };

  private final int tags;
  private final int topics;
  private final CounterHash hash;

  TagSpace(int tags, int topics, long seed) {
    if (topics < 2 || topics > tags) {
      throw new IllegalArgumentException(
          "Invalid topics: " + topics + "; expected 2 to the number of tags (" + tags + ").");
    }
    this.tags = tags;
    this.topics = topics;
    this.hash = CounterHash.of(seed, "tags");
  }

  int tags() {
    return tags;
  }

  int topics() {
    return topics;
  }

  int topic(int tag) {
    return tag % topics;
  }

  /** Tags of a topic, which are {@code topic + i * topics}. */
  int tagsOf(int topic) {
    return (tags - topic + topics - 1) / topics;
  }

  /** A tag's weights over topics times a vector over topics. */
  double load(int tag, double[] byTopic) {
    int home = topic(tag);
    if (!hash.happens(tag, TOUCHES, 0.5)) {
      return byTopic[home];
    }
    int second = (home + 1 + hash.below(tag, OTHER, topics - 1)) % topics;
    return byTopic[home] + SECOND * byTopic[second];
  }

  /** 1 for a premium tag, -1 for any other. */
  int premium(int tag) {
    return (tag / topics) % 2 == 0 ? -1 : 1;
  }

  /** How much a tag is clicked by everybody: standard normal. */
  double appeal(int tag) {
    return hash.normal(tag, APPEAL);
  }

  String topicName(int topic) {
    return topic < TOPICS.length ? TOPICS[topic] : "topic-" + (topic + 1);
  }

  /** A name that is unique among tags. */
  String tagName(int tag) {
    int topic = topic(tag);
    int place = tag / topics;
    if (topic >= TOPICS.length) {
      return topicName(topic) + "-" + (place + 1);
    }
    String[] words = WORDS[topic];
    int round = place / words.length;
    String word = words[place % words.length];
    return round == 0 ? word : word + "-" + (round + 1);
  }
}
