package io.tagloom.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NearNamesTest {
  private static List<String> near(String wanted, String... names) {
    NearNames near = new NearNames(wanted);
    Arrays.asList(names).forEach(near::add);
    return near.list();
  }

  @Test
  void theNearestComeFirstAndFarOnesNotAtAll() {
    assertThat(near("cofee", "tea", "toffee", "coffee", "Cofee", "offer"))
        .containsExactly("Cofee", "coffee");
    assertThat(near("user-12", "user-123", "user-1", "user-12x", "item-12", "user-2"))
        .containsExactly("user-123", "user-12x", "user-1");
    assertThat(near("user-40000", "user-1000", "user-2000", "user-400"))
        .containsExactly("user-400", "user-1000", "user-2000");
    assertThat(near("xyzzy", "coffee", "tea")).isEmpty();
  }

  @Test
  void namesThatBeginWithItAreNear() {
    assertThat(near("coffee", "coffee machines", "coffins")).containsExactly("coffee machines");
    assertThat(near("co", "coffee")).isEmpty();
  }

  @Test
  void theQuestionNamesThem() {
    assertThat(NearNames.question(near("xyzzy"), "Check the spelling."))
        .isEqualTo("Check the spelling.");
    assertThat(NearNames.question(Arrays.asList("a"), "")).isEqualTo("Did you mean a?");
    assertThat(NearNames.question(Arrays.asList("a", "b", "c"), ""))
        .isEqualTo("Did you mean a, b or c?");
  }
}
