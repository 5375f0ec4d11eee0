package io.tagloom.pipeline.generate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the user of an index, and what his fields show of him. */
final class UserSource implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Ages at which a new stage of life begins. */
  static final int[] STAGES = {25, 35, 50, 65};

  private static final double[] STRENGTH = {1.0, 0.9, 0.8};
  private static final String[] CITIES = {
    "amsterdam",
    "berlin",
    "cairo",
    "delhi",
    "edinburgh",
    "florence",
    "geneva",
    "helsinki",
    "istanbul",
    "jakarta",
    "kyoto",
    "lisbon"
  };
  private static final String[] INCOMES = {"low", "medium", "high"};
  private static final String[] DEVICES = {"phone", "tablet", "desktop"};
  private static final int COUNT = 0;
  private static final int AGE = 1;
  private static final int CITY = 2;
  private static final int SPENDING_BY_CITY = 3;
  private static final int SPENDING = 4;
  private static final int SEGMENT = 5;
  private static final int SEGMENT_NOISE = 6;
  private static final int INCOME = 7;
  private static final int INCOME_NOISE = 8;
  private static final int DEVICE = 9;
  private static final int FALSE_INTEREST = 10;
  private static final int FALSE_TOPIC = 11;
  private static final int FALSE_WEIGHT = 12;
  private static final int FOLLOWS = 13;
  private static final int TOPIC = 1000;
  private static final int STRENGTHS = 2000;
  private static final int SHOWN = 3000;
  private static final int SHOWN_WEIGHT = 4000;
  private static final int FOLLOW = 5000;

  private final TagSpace space;
  private final CounterHash hash;

  UserSource(TagSpace space, long seed) {
    this.space = space;
    this.hash = CounterHash.of(seed, "users");
  }

  static String id(long index) {
    return "user-" + index;
  }

  /** The user of an index. */
  ExampleUser user(long index) {
    int topics = space.topics();
    double[] interests = new double[topics];
    int[] chosen = topics(index);
    for (int i = 0; i < chosen.length; i++) {
      interests[chosen[i]] = STRENGTH[i] * (0.9 + 0.2 * hash.uniform(index, STRENGTHS + i));
    }
    int age = 18 + hash.below(index, AGE, 58);
    double[] intents = new double[topics];
    for (int topic = 0; topic < topics; topic++) {
      intents[topic] = 0.4 * interests[topic] + (buys(stage(age), topic) ? 1 : 0);
    }
    int city = hash.below(index, CITY, CITIES.length);
    int spending =
        hash.happens(index, SPENDING_BY_CITY, 0.6)
            ? city % 3 - 1
            : hash.below(index, SPENDING, 3) - 1;
    return new ExampleUser(index, interests, intents, spending, age, city);
  }

  /** What the user's fields show. */
  UserFields fields(ExampleUser user) {
    long index = user.index();
    int[] chosen = topics(index);
    int segment =
        hash.happens(index, SEGMENT, 0.9)
            ? chosen[0]
            : hash.below(index, SEGMENT_NOISE, space.topics());
    int income =
        hash.happens(index, INCOME, 0.95)
            ? user.spending() + 1
            : hash.below(index, INCOME_NOISE, INCOMES.length);
    return new UserFields(
        user.age(),
        CITIES[user.city()],
        INCOMES[income],
        DEVICES[hash.below(index, DEVICE, DEVICES.length)],
        space.topicName(segment),
        interests(user, chosen),
        follows(index, chosen));
  }

  private Map<String, Float> interests(ExampleUser user, int[] chosen) {
    long index = user.index();
    Map<String, Float> shown = new LinkedHashMap<>();
    for (int topic : chosen) {
      if (hash.happens(index, SHOWN + topic, 0.95)) {
        double noise = 0.85 + 0.3 * hash.uniform(index, SHOWN_WEIGHT + topic);
        shown.put(space.topicName(topic), hundredths(user.interest(topic) * noise));
      }
    }
    if (hash.happens(index, FALSE_INTEREST, 0.3)) {
      String topic = space.topicName(hash.below(index, FALSE_TOPIC, space.topics()));
      shown.putIfAbsent(topic, hundredths(0.1 + 0.3 * hash.uniform(index, FALSE_WEIGHT)));
    }
    return shown;
  }

  private List<String> follows(long index, int[] chosen) {
    int count = 3 + hash.below(index, FOLLOWS, 4);
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < count; i++) {
      int draw = FOLLOW + 3 * i;
      int topic =
          hash.happens(index, draw, 0.85)
              ? chosen[i % chosen.length]
              : hash.below(index, draw + 1, space.topics());
      int place = hash.below(index, draw + 2, space.tagsOf(topic));
      names.add(space.tagName(topic + place * space.topics()));
    }
    return new ArrayList<>(names);
  }

  /** Two or three different topics, the strongest first. */
  private int[] topics(long index) {
    int topics = space.topics();
    int count = Math.min(topics, hash.happens(index, COUNT, 0.6) ? 2 : 3);
    int[] chosen = new int[count];
    int found = 0;
    for (int draw = TOPIC; found < count; draw++) {
      int topic = hash.below(index, draw, topics);
      boolean known = false;
      for (int i = 0; i < found; i++) {
        known |= chosen[i] == topic;
      }
      if (!known) {
        chosen[found++] = topic;
      }
    }
    return chosen;
  }

  private static int stage(int age) {
    int stage = 0;
    while (stage < STAGES.length && age >= STAGES[stage]) {
      stage++;
    }
    return stage;
  }

  /** Each stage of life buys in three of eight topics. */
  private boolean buys(int stage, int topic) {
    int topics = space.topics();
    return (topic + 3 * stage) % topics * 8 < 3 * topics;
  }

  private static float hundredths(double value) {
    return Math.round(value * 100) / 100f;
  }

  /** The columns of one row of the users table. */
  static final class UserFields {
    private final int age;
    private final String city;
    private final String income;
    private final String device;
    private final String segment;
    private final Map<String, Float> interests;
    private final List<String> follows;

    UserFields(
        int age,
        String city,
        String income,
        String device,
        String segment,
        Map<String, Float> interests,
        List<String> follows) {
      this.age = age;
      this.city = city;
      this.income = income;
      this.device = device;
      this.segment = segment;
      this.interests = Collections.unmodifiableMap(new LinkedHashMap<>(interests));
      this.follows = Collections.unmodifiableList(new ArrayList<>(follows));
    }

    int age() {
      return age;
    }

    String city() {
      return city;
    }

    String income() {
      return income;
    }

    String device() {
      return device;
    }

    String segment() {
      return segment;
    }

    /** Topic names with their weights. */
    Map<String, Float> interests() {
      return interests;
    }

    /** Names of tags. */
    List<String> follows() {
      return follows;
    }
  }
}
