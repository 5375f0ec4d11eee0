package io.tagloom.pipeline.generate;

import io.tagloom.conf.GenerateSettings;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.function.DoubleUnaryOperator;

/**
 * The planted truth: who sees what when, and with which probability a click and a conversion
 * follow.
 *
 * <p>Impressions come in pages: one user at one time, a different slot for each. Intercepts are set
 * so that the mean probabilities of a fixed sample are the rates asked for.
 */
final class ExampleWorld implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Logits per unit of affinity. */
  static final double CLICK_SLOPE = 2.7;

  static final double CONVERSION_SLOPE = 1.9;

  /** Logit lost from slot 0 to slot e - 1, where slots count from 0. */
  static final double POSITION_SLOPE = 0.4;

  private static final double TAG_APPEAL = 0.15;

  /** Of affinity per user and tag: what no field shows. */
  private static final double NOISE = 0.05;

  private static final int PROBES = 20_000;
  private static final int USER = 0;
  private static final int TIME = 1;
  private static final int SCENARIO = 2;
  private static final int ITEM = 3;
  private static final int GAP = 4;
  private static final int CLICK_NOISE = 0;
  private static final int CONVERSION_NOISE = 1;

  private final long impressions;
  private final long users;
  private final long items;
  private final int positions;
  private final LogDays days;
  private final TagSpace space;
  private final UserSource userSource;
  private final ItemSource itemSource;
  private final CounterHash pages;
  private final CounterHash slots;
  private final CounterHash noise;
  private final double clickIntercept;
  private final double conversionIntercept;

  ExampleWorld(GenerateSettings settings, long seed, LocalDate lastDay) {
    this.impressions = settings.impressions();
    this.users = settings.users();
    this.items = settings.items();
    this.positions = settings.positions();
    this.days = new LogDays(lastDay, settings.days(), settings.tailDays());
    this.space = new TagSpace(settings.tags(), settings.topics(), seed);
    this.userSource = new UserSource(space, seed);
    this.itemSource = new ItemSource(space, items, seed);
    this.pages = CounterHash.of(seed, "pages");
    this.slots = CounterHash.of(seed, "slots");
    this.noise = CounterHash.of(seed, "noise");
    double[] clickLogits = new double[PROBES];
    double[] conversionLogits = new double[PROBES];
    probe(clickLogits, conversionLogits);
    this.clickIntercept = intercept(settings.clickRate(), a -> mean(a, clickLogits, null));
    double[] clicks = new double[PROBES];
    for (int i = 0; i < PROBES; i++) {
      clicks[i] = sigmoid(clickIntercept + clickLogits[i]);
    }
    this.conversionIntercept =
        intercept(settings.conversionRate(), a -> mean(a, conversionLogits, clicks));
  }

  LogDays days() {
    return days;
  }

  TagSpace space() {
    return space;
  }

  UserSource users() {
    return userSource;
  }

  ItemSource items() {
    return itemSource;
  }

  long userCount() {
    return users;
  }

  long itemCount() {
    return items;
  }

  /** The impression of an index, 0 to impressions - 1; later indexes are later pages. */
  Impression impression(long index) {
    long page = index / positions;
    int position = (int) (index % positions);
    return new Impression(
        index,
        userOfPage(page),
        slots.skewed(index, ITEM, items, ItemSource.POWER),
        time(page, index, position),
        position,
        pages.happens(page, SCENARIO, 0.7) ? "feed" : "search");
  }

  /** P(click | impression). */
  double clickProbability(Impression impression) {
    ExampleUser user = userSource.user(impression.user());
    ExampleItem item = itemSource.item(impression.item());
    return sigmoid(clickIntercept + clickLogit(user, item, impression.position()));
  }

  /** P(conversion | click), after however long a time. */
  double conversionProbability(Impression impression) {
    ExampleUser user = userSource.user(impression.user());
    ExampleItem item = itemSource.item(impression.item());
    return sigmoid(conversionIntercept + conversionLogit(user, item));
  }

  /** Price of the item shown. */
  double price(Impression impression) {
    return itemSource.item(impression.item()).price();
  }

  /** P(click) of a user at an unremarkable item with this tag alone, shown in slot 0. */
  double clickProbability(ExampleUser user, int tag) {
    return sigmoid(clickIntercept + clickLogit(user, tag));
  }

  /** P(conversion | click) of a user at an item with this tag alone. */
  double conversionProbability(ExampleUser user, int tag) {
    return sigmoid(conversionIntercept + conversionLogit(user, tag));
  }

  /** What a slot adds to the logit of a click, 0 for slot 0, less for each further one. */
  static double positionBias(int position) {
    return -POSITION_SLOPE * StrictMath.log1p(position);
  }

  private long userOfPage(long page) {
    return pages.skewed(page, USER, users, 1.4);
  }

  private long time(long page, long index, int position) {
    long count = (impressions + positions - 1) / positions;
    long start = days.millis((page + pages.uniform(page, TIME)) / count);
    // Slots scroll into view one after the other, a page within 50 seconds.
    int step = Math.min(350, 50_000 / positions);
    return start + (long) position * step + slots.below(index, GAP, Math.max(1, step));
  }

  private double clickLogit(ExampleUser user, ExampleItem item, int position) {
    double sum = 0;
    for (int i = 0; i < item.tagCount(); i++) {
      sum += clickLogit(user, item.tag(i));
    }
    return sum / item.tagCount() + item.appeal() + positionBias(position);
  }

  private double clickLogit(ExampleUser user, int tag) {
    double affinity = user.interest(space, tag) + noise(user, tag, CLICK_NOISE);
    return CLICK_SLOPE * affinity + TAG_APPEAL * space.appeal(tag);
  }

  private double conversionLogit(ExampleUser user, ExampleItem item) {
    double sum = 0;
    for (int i = 0; i < item.tagCount(); i++) {
      sum += conversionLogit(user, item.tag(i));
    }
    return sum / item.tagCount();
  }

  private double conversionLogit(ExampleUser user, int tag) {
    return CONVERSION_SLOPE * (user.intent(space, tag) + noise(user, tag, CONVERSION_NOISE));
  }

  private double noise(ExampleUser user, int tag, int draw) {
    return NOISE * noise.normal(user.index() * space.tags() + tag, draw);
  }

  /** Logits without intercept of pages that are not those of the logs. */
  private void probe(double[] clickLogits, double[] conversionLogits) {
    for (int i = 0; i < PROBES; i++) {
      long page = -1L - i;
      ExampleUser user = userSource.user(userOfPage(page));
      ExampleItem item = itemSource.item(slots.skewed(page, ITEM, items, ItemSource.POWER));
      clickLogits[i] = clickLogit(user, item, i % positions);
      conversionLogits[i] = conversionLogit(user, item);
    }
  }

  private static double mean(double intercept, double[] logits, double[] weights) {
    double sum = 0;
    double total = 0;
    for (int i = 0; i < logits.length; i++) {
      double weight = weights == null ? 1 : weights[i];
      sum += weight * sigmoid(intercept + logits[i]);
      total += weight;
    }
    return sum / total;
  }

  /** Where a rising function reaches a rate, by halving. */
  private static double intercept(double rate, DoubleUnaryOperator mean) {
    double low = -40;
    double high = 40;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (mean.applyAsDouble(middle) < rate) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  private static double sigmoid(double logit) {
    return 1 / (1 + StrictMath.exp(-logit));
  }
}
