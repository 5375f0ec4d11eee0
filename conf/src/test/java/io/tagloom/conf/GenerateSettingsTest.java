package io.tagloom.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class GenerateSettingsTest {
  @Test
  void defaultsAreThoseOfTheReference() {
    GenerateSettings generate = Settings.reference(Collections.emptyMap()).generate();

    assertThat(generate.path()).isEmpty();
    assertThat(generate.overwrite()).isFalse();
    assertThat(generate.impressions()).isEqualTo(400_000);
    assertThat(generate.users()).isEqualTo(4000);
    assertThat(generate.items()).isEqualTo(2000);
    assertThat(generate.tags()).isEqualTo(40);
    assertThat(generate.topics()).isEqualTo(8);
    assertThat(generate.positions()).isEqualTo(10);
    assertThat(generate.days()).isEqualTo(7);
    assertThat(generate.tailDays()).isZero();
    assertThat(generate.clickRate()).isEqualTo(0.12);
    assertThat(generate.conversionRate()).isEqualTo(0.15);
    assertThat(generate.duplicateShare()).isEqualTo(0.02);
    assertThat(generate.lateShare()).isEqualTo(0.01);
    assertThat(generate.orphanShare()).isEqualTo(0.01);
  }

  @Test
  void everyKeyIsRead() {
    GenerateSettings generate =
        read(
            "path=/logs",
            "overwrite=on",
            "impressions=12",
            "users=3",
            "items=4",
            "tags=6",
            "topics=5",
            "positions=2",
            "days=9",
            "tail-days=1",
            "click-rate=0.2",
            "conversion-rate=0.3",
            "duplicate-share=0.4",
            "late-share=0.45",
            "orphan-share=0.5");

    assertThat(generate.path()).isEqualTo("/logs");
    assertThat(generate.overwrite()).isTrue();
    assertThat(
            Arrays.asList(
                generate.impressions(), generate.users(), generate.items(), (long) generate.tags()))
        .containsExactly(12L, 3L, 4L, 6L);
    assertThat(
            Arrays.asList(
                generate.topics(), generate.positions(), generate.days(), generate.tailDays()))
        .containsExactly(5, 2, 9, 1);
    assertThat(
            Arrays.asList(
                generate.clickRate(),
                generate.conversionRate(),
                generate.duplicateShare(),
                generate.lateShare(),
                generate.orphanShare()))
        .containsExactly(0.2, 0.3, 0.4, 0.45, 0.5);
  }

  @Test
  void wrongValuesAreRefusedTogether() {
    assertThatThrownBy(() -> read("impressions=0", "late-share=0.6", "topics=9", "tags=8"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("generate.impressions: 0; expected a whole number from 1")
        .hasMessageContaining("generate.late-share: 0.6; expected a number from 0 to 0.5")
        .hasMessageContaining("generate.topics: 9; expected not more than tags (8)");
  }

  private static GenerateSettings read(String... assignments) {
    String[] keys = assignments.clone();
    for (int i = 0; i < keys.length; i++) {
      keys[i] = "generate." + keys[i];
    }
    return Settings.reference(Settings.overrides(Arrays.asList(keys))).generate();
  }
}
