package io.tagloom.pipeline.generate;

/** What nobody sees of a user: interests and intents over topics, and how much he spends. */
final class ExampleUser {
  private final long index;
  private final double[] interests;
  private final double[] intents;
  private final int spending;
  private final int age;
  private final int city;

  /**
   * Creates a user.
   *
   * @param interests by topic, 0 to about 1
   * @param intents by topic, 0 to about 1.5
   * @param spending -1 little, 0 medium, 1 much
   */
  ExampleUser(long index, double[] interests, double[] intents, int spending, int age, int city) {
    this.index = index;
    this.interests = interests.clone();
    this.intents = intents.clone();
    this.spending = spending;
    this.age = age;
    this.city = city;
  }

  long index() {
    return index;
  }

  /** Interest in a topic. */
  double interest(int topic) {
    return interests[topic];
  }

  /** Affinity to a tag: the tag's topics times the interests. */
  double interest(TagSpace space, int tag) {
    return space.load(tag, interests);
  }

  /**
   * Intent to buy what a tag names: the tag's topics times the intents, and income against price.
   */
  double intent(TagSpace space, int tag) {
    return space.load(tag, intents) + 0.35 * spending * space.premium(tag);
  }

  int spending() {
    return spending;
  }

  int age() {
    return age;
  }

  int city() {
    return city;
  }
}
