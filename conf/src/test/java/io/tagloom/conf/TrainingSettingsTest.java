package io.tagloom.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingSettingsTest {
  @Test
  void allDaysBeginWithTheFirstOnWhichEventsAreBelieved() {
    Map<String, String> all = Collections.singletonMap("training.days", "all");
    Map<String, String> none = Collections.singletonMap("training.days", "none");

    assertThat(Settings.reference(all).training().from(LocalDate.of(2026, 3, 30)))
        .isEqualTo("1990-01-01");
    assertThatThrownBy(() -> Settings.reference(none))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("training.days")
        .hasMessageContaining("expected all, or a whole number from 1 to 3650");
  }

  @Test
  void theDefaultsAreThoseOfTheReference() {
    TrainingSettings training = Settings.reference(new LinkedHashMap<>()).training();

    assertThat(training.epochs(78)).isEqualTo(17);
    assertThat(training.epochs(332)).isEqualTo(4);
    assertThat(training.epochs(900)).isEqualTo(1);
    assertThat(training.epochs(1_000_000)).isEqualTo(1);
    assertThat(training.batchSize()).isEqualTo(1024);
    assertThat(training.exchange()).isEqualTo(TrainingSettings.Exchange.FLOAT);
    assertThat(training.optimizer().name()).isEqualTo(OptimizerSettings.Name.ADAMW);
    assertThat(training.optimizer().decay()).isEmpty();
    assertThat(training.from(LocalDate.of(2026, 3, 30))).isEqualTo("2026-03-01");
    assertThat(training.trustRegion()).isZero();
    assertThat(training.blockMemoryShare()).isEqualTo(0.5);
    assertThat(training.restarts()).isEqualTo(3);
    assertThat(training.logSeconds()).isEqualTo(30);
    assertThat(training.tensorboard()).isTrue();
    assertThat(training.checkpoint().folder()).isEmpty();
    assertThat(training.checkpoint().minutes()).isEqualTo(10);
    assertThat(training.checkpoint().steps()).isZero();
    assertThat(training.checkpoint().keep()).isEqualTo(2);
    assertThat(training.checkpoint().onFailure()).isEqualTo(CheckpointSettings.OnFailure.CONTINUE);
    assertThat(training.guard().lossFactor()).isEqualTo(20);
    assertThat(training.guard().normFactor()).isEqualTo(10000);
  }

  @Test
  void everyWrongValueIsInOneReport() {
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put("training.epochs", "0");
    overrides.put("training.exchange", "double");
    overrides.put("training.optimizer.name", "lion");
    overrides.put("training.optimizer.learning-rate", "0");
    overrides.put("training.checkpoint.keep", "0");
    overrides.put("training.guard.loss-factor", "1.5");
    overrides.put("evaluation.min-auc", "{ ctr = 1.5 }");

    assertThatThrownBy(() -> Settings.reference(overrides))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(
            "Invalid training.epochs: 0; expected auto, or a whole number from 1 to 1000")
        .hasMessageContaining("Invalid training.exchange: double; expected one of float, fp16")
        .hasMessageContaining("Invalid training.optimizer.name: lion; expected one of adamw, adam")
        .hasMessageContaining("Invalid training.optimizer.learning-rate: 0")
        .hasMessageContaining("Invalid training.checkpoint.keep: 0; expected a whole number from 1")
        .hasMessageContaining("Invalid training.guard.loss-factor: 1.5; expected 0, or a number")
        .hasMessageContaining("Invalid evaluation.min-auc: ctr = 1.5; expected numbers from 0");
  }
}
