package io.tagloom.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.Settings;
import io.tagloom.conf.SettingsException;
import io.tagloom.features.LocalSpark;
import io.tagloom.training.trainer.TrainListener;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainBenchmarkIT {
  @TempDir Path folder;

  private Settings settings(String... assignments) {
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put("run.root", folder.toString());
    overrides.put("training.epochs", "2");
    overrides.put("training.batch-size", "1024");
    for (String assignment : assignments) {
      String[] parts = assignment.split("=", 2);
      overrides.put(parts[0], parts[1]);
    }
    return Settings.reference(overrides);
  }

  private static double number(Map<String, Object> numbers, String key) {
    return ((Number) numbers.get(key)).doubleValue();
  }

  @Test
  void tellsThroughputOfLoopAndStep() {
    for (int workers = 1; workers <= 2; workers++) {
      Map<String, Object> numbers =
          TrainBenchmark.run(
              LocalSpark.session(),
              settings("training.workers=" + workers),
              new BenchSizes(4096, 20, 1000, 20_000, 3),
              folder.toString(),
              TrainListener.SILENT);

      double loop = number(numbers, "samples_per_second");
      assertThat(loop).isGreaterThan(100.0);
      assertThat(number(numbers, "ms_per_step")).isCloseTo(1024e3 / loop, within(1e-6));
      assertThat(number(numbers, "step_share"))
          .isCloseTo(loop / number(numbers, "step_samples_per_second"), within(1e-9));
      assertThat(numbers).containsEntry("workers", workers).containsEntry("rows", 40_000L);
      assertThat(numbers).containsEntry("bytes_per_row", 4 * 16 * 3);
    }
  }

  @Test
  void aPeerLearnsTheSameFromTheSameStart() {
    Settings settings =
        settings(
            "model.gate=plain",
            "model.output-dim=16",
            "model.expert-hidden=[16]",
            "model.dropout={ embedding = 0, hidden = 0, id = 0 }",
            "training.batch-size=256",
            "training.epochs=3",
            "training.optimizer.name=adam",
            "training.optimizer.weight-decay=0",
            "training.optimizer.clip-norm=0",
            "training.optimizer.decay=1",
            "training.optimizer.learning-rate=0.01");
    BenchSizes sizes = new BenchSizes(4096, 3, 30, 20, 1).withValidation(4096);
    PeerComparison comparison = new PeerComparison(settings, sizes);
    comparison.run(
        BenchBlocks.write(LocalSpark.session(), sizes, 7, folder.toString()),
        7,
        TrainListener.SILENT);
    Map<String, Object> numbers = comparison.numbers();

    assertThat(number(numbers, "ctr.auc")).isGreaterThan(0.65);
    assertThat(number(numbers, "ctr.peer_auc")).isGreaterThan(0.65);
    assertThat(number(numbers, "ctr.auc_difference")).isCloseTo(0, within(0.03));
    assertThat(number(numbers, "peer_samples_per_second")).isPositive();
  }

  @Test
  void aPeerThatCannotHaveTheSameModelIsRefused() {
    BenchSizes sizes = new BenchSizes(100, 3, 30, 20, 1);

    assertThatThrownBy(() -> new PeerComparison(settings(), sizes))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("Invalid model.gate: projected; expected plain");
    assertThatThrownBy(
            () ->
                new PeerComparison(
                    settings("model.gate=plain", "model.output-dim=16", "training.epochs=1"),
                    sizes))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("Invalid training.epochs: 1; expected 2 or more");
  }
}
