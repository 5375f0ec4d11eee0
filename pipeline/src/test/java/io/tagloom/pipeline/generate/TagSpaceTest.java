package io.tagloom.pipeline.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TagSpaceTest {
  @Property(tries = 200, seed = "1")
  void tagsSpreadOverTopicsAndNamesAreUnique(
      @ForAll @IntRange(min = 2, max = 64) int topics,
      @ForAll @IntRange(min = 0, max = 500) int more) {
    TagSpace space = new TagSpace(topics + more, topics, 1);
    int[] byTopic = new int[topics];
    Set<String> names = new HashSet<>();
    for (int tag = 0; tag < space.tags(); tag++) {
      byTopic[space.topic(tag)]++;
      names.add(space.tagName(tag));
    }

    assertThat(names).hasSize(space.tags());
    for (int topic = 0; topic < topics; topic++) {
      assertThat(space.tagsOf(topic)).isEqualTo(byTopic[topic]).isPositive();
    }
  }

  @Test
  void aTagWeighsItsOwnTopicAndAtMostOneOther() {
    TagSpace space = new TagSpace(40, 8, 1);
    int touching = 0;
    for (int tag = 0; tag < 40; tag++) {
      int weights = 0;
      for (int topic = 0; topic < 8; topic++) {
        double[] one = new double[8];
        one[topic] = 1;
        double weight = space.load(tag, one);
        assertThat(weight).isIn(0.0, 0.3, 1.0);
        assertThat(weight == 1).isEqualTo(topic == space.topic(tag));
        weights += weight > 0 ? 1 : 0;
      }
      assertThat(weights).isBetween(1, 2);
      touching += weights - 1;
    }
    assertThat(touching).isBetween(10, 30);
  }

  @Test
  void moreTopicsThanTagsAreRefused() {
    assertThatThrownBy(() -> new TagSpace(3, 4, 1))
        .hasMessage("Invalid topics: 4; expected 2 to the number of tags (3).");
  }
}
