package io.tagloom.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.Settings;
import io.tagloom.features.LocalSpark;
import io.tagloom.training.trainer.TrainListener;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The trainer beside BigDL's own DistriOptimizer: same model, start, samples, batch size and
 * Adagrad. Not among the tests of the build, since it takes minutes; the module's README tells how
 * it is run. Prints its numbers.
 */
class DistriOptimizerBenchmark {
  private static final int SEEDS = Integer.getInteger("peer.seeds", 5);

  @Test
  void bothLearnTheSameFromTheSameStart(@TempDir Path folder) {
    boolean benchmark = SEEDS > 1;
    int samples = benchmark ? 40_000 : 6_000;
    BenchSizes sizes =
        benchmark
            ? new BenchSizes(samples, 8, 200, 200, 2).withValidation(20_000)
            : new BenchSizes(samples, 3, 30, 20, 1).withValidation(4_000);
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put("run.root", folder.toString());
    overrides.put("model.gate", "plain");
    overrides.put("model.output-dim", "16");
    overrides.put("model.expert-hidden", benchmark ? "[64]" : "[16]");
    overrides.put("model.dropout", "{ embedding = 0, hidden = 0, id = 0 }");
    overrides.put("training.epochs", benchmark ? "4" : "3");
    overrides.put("training.batch-size", benchmark ? "1024" : "256");
    overrides.put("training.early-stopping-epochs", "0");
    overrides.put(
        "training.optimizer",
        "{ name = adagrad, learning-rate = 0.05, weight-decay = 0, clip-norm = 0, decay = 1 }");
    Settings settings = Settings.reference(overrides);

    PeerComparison comparison = new PeerComparison(settings, sizes);
    for (long seed = 1; seed <= SEEDS; seed++) {
      comparison.run(
          BenchBlocks.write(LocalSpark.session(), sizes, seed, folder.toString()),
          seed,
          TrainListener.SILENT);
    }
    Map<String, Object> numbers = comparison.numbers();

    System.out.println(numbers);
    for (String task : new String[] {"ctr", "cvr"}) {
      assertThat(number(numbers, task + ".peer_auc")).as(task).isGreaterThan(0.55);
      double noise = benchmark ? 3 * number(numbers, task + ".auc_error") + 0.002 : 0.04;
      assertThat(number(numbers, task + ".auc_difference")).as(task).isCloseTo(0, within(noise));
    }
    assertThat(number(numbers, "peer_samples_per_second")).isPositive();
  }

  private static double number(Map<String, Object> numbers, String key) {
    return ((Number) numbers.get(key)).doubleValue();
  }
}
