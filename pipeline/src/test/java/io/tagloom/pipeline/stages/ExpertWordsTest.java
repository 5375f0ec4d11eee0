package io.tagloom.pipeline.stages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpertWordsTest {
  private static ExpertWords words(double... shares) {
    Map<Integer, Double> map = new HashMap<>();
    for (int expert = 0; expert < shares.length; expert++) {
      map.put(expert, shares[expert]);
    }
    return new ExpertWords(map);
  }

  @Test
  void theLargestShareComesFirst() {
    assertThat(words(0.2, 0.74, 0.06).list()).isEqualTo("expert 1 74%, expert 0 20%, expert 2 6%");
    assertThat(words(0.2, 0.74, 0.06).sentence())
        .isEqualTo("mostly by expert 1 (74%), then expert 0 (20%) and expert 2 (6%)");
    assertThat(words(0.7, 0.3).sentence())
        .isEqualTo("mostly by expert 0 (70%), then expert 1 (30%)");
  }

  @Test
  void sharesWithoutALeaderAreSaidToBeSo() {
    assertThat(words(0.3, 0.4, 0.3).sentence())
        .isEqualTo("by expert 1 (40%), expert 0 (30%) and expert 2 (30%)");
    assertThat(words(0.26, 0.25, 0.25, 0.24).sentence())
        .isEqualTo("evenly by expert 0 (26%), expert 1 (25%), expert 2 (25%) and expert 3 (24%)");
  }

  @Test
  void oneExpertStandsAlone() {
    assertThat(words(0.001, 0.999).sentence()).isEqualTo("by expert 1 alone");
    assertThat(words(0.001, 0.999).list()).isEqualTo("expert 1 100%");
    assertThat(words().sentence()).isEqualTo("by no expert");
  }
}
