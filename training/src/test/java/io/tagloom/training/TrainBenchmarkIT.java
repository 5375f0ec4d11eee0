package io.tagloom.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tagloom.conf.Settings;
import io.tagloom.features.LocalSpark;
import io.tagloom.training.trainer.TrainListener;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainBenchmarkIT {
  @Test
  void tellsThroughputAndShares(@TempDir Path folder) {
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put("run.root", folder.toString());
    overrides.put("training.epochs", System.getProperty("bench.epochs", "2"));
    overrides.put("training.batch-size", System.getProperty("bench.batch", "2048"));
    overrides.put("training.workers", System.getProperty("bench.workers", "1"));
    int samples = Integer.getInteger("bench.samples", 8192);
    int vocabulary = Integer.getInteger("bench.vocabulary", 1000);

    String json =
        TrainBenchmark.run(
            LocalSpark.session(),
            Settings.reference(overrides),
            new BenchSizes(samples, 20, vocabulary, 20_000, 3),
            folder.toString(),
            TrainListener.SILENT);

    System.out.println(json);
    Config result = ConfigFactory.parseString(json);
    assertThat(result.getDouble("samples_per_second")).isGreaterThan(100.0);
    assertThat(result.getDouble("step_share")).isBetween(0.1, 1.0);
    assertThat(result.getInt("bytes_per_row")).isEqualTo(4 * 16 * 3);
  }
}
