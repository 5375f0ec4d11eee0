package io.tagloom.pipeline.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ExampleWorldTest {
  private static final ExampleWorld WORLD = Examples.world();

  @Property(seed = "1")
  void usersHaveTwoOrThreeTopicsAndFieldsOfKnownValues(
      @ForAll @LongRange(min = 0, max = 1_000_000_000) long index) {
    ExampleUser user = WORLD.users().user(index);
    int topics = 0;
    for (int topic = 0; topic < 8; topic++) {
      topics += user.interest(topic) > 0 ? 1 : 0;
    }
    UserSource.UserFields fields = WORLD.users().fields(user);

    assertThat(topics).isBetween(2, 3);
    assertThat(fields.age()).isBetween(18, 75);
    assertThat(fields.income()).isIn("low", "medium", "high");
    assertThat(fields.interests().values()).allMatch(weight -> weight > 0 && weight < 1.5);
    assertThat(fields.follows()).hasSizeBetween(1, 6).doesNotHaveDuplicates();
  }

  @Property(seed = "1")
  void itemsHaveOneToThreeDifferentTags(
      @ForAll @LongRange(min = 0, max = 1999) long index,
      @ForAll @IntRange(min = 2, max = 12) int tags) {
    TagSpace space = new TagSpace(tags, 2, 3);
    ExampleItem item = new ItemSource(space, 2000, 3).item(index);
    Set<Integer> different = new HashSet<>();
    for (int i = 0; i < item.tagCount(); i++) {
      different.add(item.tag(i));
    }

    assertThat(item.tagCount()).isBetween(1, Math.min(3, tags));
    assertThat(different).hasSize(item.tagCount()).allMatch(tag -> tag >= 0 && tag < tags);
    assertThat(item.price()).isPositive();
    assertThat(item.popularity()).isPositive();
  }

  @Test
  void meanProbabilitiesAreTheRatesAskedFor() {
    for (double rate : new double[] {0.03, 0.12, 0.3}) {
      ExampleWorld world = Examples.world("click-rate=" + rate, "conversion-rate=" + rate);
      double click = 0;
      double both = 0;
      for (int i = 0; i < 50_000; i++) {
        Impression impression = world.impression(i * 8L);
        double probability = world.clickProbability(impression);
        click += probability;
        both += probability * world.conversionProbability(impression);
      }
      assertThat(click / 50_000).isCloseTo(rate, within(0.1 * rate));
      assertThat(both / click).isCloseTo(rate, within(0.1 * rate));
    }
  }

  @Test
  void aPageIsOneUserAtOneTimeWithADifferentSlotForEachImpression() {
    for (long page = 0; page < 500; page++) {
      Impression first = WORLD.impression(page * 10);
      for (int slot = 0; slot < 10; slot++) {
        Impression impression = WORLD.impression(page * 10 + slot);
        assertThat(impression.position()).isEqualTo(slot);
        assertThat(impression.userId()).isEqualTo(first.userId());
        assertThat(impression.scenario()).isEqualTo(first.scenario());
        assertThat(impression.ts() - first.ts()).isBetween(-400L, 4_000L);
      }
    }
  }

  @Test
  void lowerSlotsAreClickedLess() {
    double last = 0;
    assertThat(ExampleWorld.positionBias(0)).isZero();
    for (int slot = 1; slot < 20; slot++) {
      assertThat(ExampleWorld.positionBias(slot)).isLessThan(last);
      last = ExampleWorld.positionBias(slot);
    }
  }

  @Test
  void interestsRaiseClicksAndIntentsAreRelatedButDifferent() {
    double known = 0;
    double other = 0;
    int knownCount = 0;
    int otherCount = 0;
    double[] sums = new double[5];
    for (long index = 0; index < 2000; index++) {
      ExampleUser user = WORLD.users().user(index);
      for (int tag = 0; tag < 40; tag++) {
        double x = user.interest(WORLD.space(), tag);
        double y = user.intent(WORLD.space(), tag);
        double[] terms = {x, y, x * x, y * y, x * y};
        for (int i = 0; i < terms.length; i++) {
          sums[i] += terms[i] / 80_000;
        }
        if (user.interest(WORLD.space().topic(tag)) > 0) {
          known += WORLD.clickProbability(user, tag);
          knownCount++;
        } else {
          other += WORLD.clickProbability(user, tag);
          otherCount++;
        }
      }
    }
    double correlation =
        (sums[4] - sums[0] * sums[1])
            / Math.sqrt((sums[2] - sums[0] * sums[0]) * (sums[3] - sums[1] * sums[1]));

    assertThat(known / knownCount).isGreaterThan(4 * other / otherCount);
    assertThat(correlation).isBetween(0.1, 0.6);
  }

  @Test
  void mostFieldsTellTheTruth() {
    int segments = 0;
    int shown = 0;
    int topics = 0;
    for (long index = 0; index < 2000; index++) {
      ExampleUser user = WORLD.users().user(index);
      UserSource.UserFields fields = WORLD.users().fields(user);
      for (int topic = 0; topic < 8; topic++) {
        boolean interested = user.interest(topic) > 0;
        String name = WORLD.space().topicName(topic);
        topics += interested ? 1 : 0;
        shown += interested && fields.interests().containsKey(name) ? 1 : 0;
        segments += interested && fields.segment().equals(name) ? 1 : 0;
      }
    }

    assertThat(shown / (double) topics).isBetween(0.92, 0.98);
    assertThat(segments / 2000.0).isBetween(0.88, 0.96);
  }
}
