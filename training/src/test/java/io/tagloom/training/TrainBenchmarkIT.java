package io.tagloom.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.Settings;
import io.tagloom.features.LocalSpark;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.trainer.RowsComparison;
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
      assertThat(numbers).containsEntry("bytes_per_row", 4 * 32 * 3);
    }
  }

  @Test
  void comparesTwoSizesOfTablesStepByStep() {
    BenchSizes few = new BenchSizes(2048, 3, 100, 100, 1);
    BenchSizes many = few.withRows(400_000);
    RowsComparison.Result result =
        new RowsComparison(settings().training(), 7, 2)
            .run(shape(few), BenchBlocks.train(few, 7), shape(many), BenchBlocks.train(many, 7), 3);

    assertThat(many.rows()).isEqualTo(400_000);
    assertThat(result.first()).isPositive();
    assertThat(result.ratio()).isBetween(0.01 * result.second() / result.first(), 100.0);
  }

  private MvkeShape shape(BenchSizes sizes) {
    return MvkeShape.of(settings().model(), BenchBlocks.fields(sizes));
  }
}
