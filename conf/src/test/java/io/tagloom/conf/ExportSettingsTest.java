package io.tagloom.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ExportSettingsTest {
  private static ExportSettings read(String... assignments) {
    return Settings.reference(Settings.overrides(Arrays.asList(assignments))).export();
  }

  @Test
  void theDefaultsAreThoseOfTheReference() {
    ExportSettings export = read();
    assertThat(export.top()).isEqualTo(20);
    assertThat(export.minProbability()).isZero();
    assertThat(export.interests()).isEqualTo("ctr");
    assertThat(export.intentions()).isEqualTo("cvr");
    assertThat(export.gate()).isEqualTo(ExportSettings.Gate.SOFT);
    assertThat(export.tagScore()).isEqualTo(ExportSettings.TagScore.AUTO);
    assertThat(export.tagWeights()).isEqualTo(ExportSettings.TagWeights.EXPOSURE);
    assertThat(export.keepVersions()).isEqualTo(7);
    assertThat(export.minRowShare()).isEqualTo(0.5);
    assertThat(export.proofUsers()).isEqualTo(100);
    assertThat(export.files()).isZero();
    assertThat(export.incremental()).isFalse();
    assertThat(export.lockMinutes()).isEqualTo(10);
    assertThat(export.tags().allowList()).isEmpty();
    assertThat(export.tags().minSupport()).isZero();
    assertThat(export.tags().maxPerCategory()).isZero();
    assertThat(export.tags().categoryColumn()).isEqualTo("category");
    assertThat(export.ann().vectors()).isTrue();
    assertThat(export.ann().index()).isTrue();
    assertThat(export.ann().shards()).isEqualTo(1);
    assertThat(export.ann().files()).isEmpty();
    assertThat(export.jdbc().present()).isFalse();
    assertThat(export.jdbc().attempts()).isEqualTo(5);
  }

  @Test
  void keysAreRead() {
    ExportSettings export =
        read(
            "export.top=5",
            "export.gate=hard",
            "export.incremental=on",
            "export.tag-score=items",
            "export.tag-weights=equal",
            "export.ann.min-recall=0.5",
            "export.ann.links=8",
            "export.ann.build-width=50",
            "export.ann.search-width=60",
            "export.ann.recall-users=7",
            "export.ann.files=[npy]",
            "export.jdbc.url=jdbc:postgresql://h/d",
            "export.jdbc.table=serving.profiles",
            "export.jdbc.batch-rows=10",
            "export.jdbc.connections=2",
            "export.jdbc.properties.ssl=on");
    assertThat(export.top()).isEqualTo(5);
    assertThat(export.gate()).isEqualTo(ExportSettings.Gate.HARD);
    assertThat(export.incremental()).isTrue();
    assertThat(export.tagScore()).isEqualTo(ExportSettings.TagScore.ITEMS);
    assertThat(export.tagWeights()).isEqualTo(ExportSettings.TagWeights.EQUAL);
    assertThat(export.ann().minRecall()).isEqualTo(0.5);
    assertThat(export.ann().links()).isEqualTo(8);
    assertThat(export.ann().buildWidth()).isEqualTo(50);
    assertThat(export.ann().searchWidth()).isEqualTo(60);
    assertThat(export.ann().recallUsers()).isEqualTo(7);
    assertThat(export.ann().files()).containsExactly("npy");
    assertThat(export.jdbc().present()).isTrue();
    assertThat(export.jdbc().table()).isEqualTo("serving.profiles");
    assertThat(export.jdbc().batchRows()).isEqualTo(10);
    assertThat(export.jdbc().connections()).isEqualTo(2);
    assertThat(export.jdbc().properties()).containsEntry("ssl", "on");
  }

  @Test
  void everyWrongValueIsInOneReport() {
    assertThatThrownBy(
            () ->
                read(
                    "export.top=0",
                    "export.gate=firm",
                    "export.interests=\"\"",
                    "export.intentions=\"\"",
                    "export.ann.vectors=off",
                    "export.ann.files=[csv]",
                    "export.jdbc.table=\"a; drop\""))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("Invalid export.top: 0; expected a whole number from 1 to 10000")
        .hasMessageContaining("Invalid export.gate: firm; expected one of soft, hard")
        .hasMessageContaining("Invalid export.interests: \"\"; expected a task")
        .hasMessageContaining("Invalid export.ann.index: on; expected off when vectors = off")
        .hasMessageContaining("Invalid export.ann.files: csv; expected any of fvecs, npy")
        .hasMessageContaining("Invalid export.jdbc.table: a; drop; expected a name");
  }
}
