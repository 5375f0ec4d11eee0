package io.tagloom.features.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.features.LocalSpark;
import io.tagloom.features.samples.SampleBenchmark.Route;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleBenchmarkIT {
  private static final long IMPRESSIONS = 20_000;

  @TempDir Path folder;

  @Test
  void byIdsDuckDbFindsTheSameSamplesAndTheRatioIsTold() throws Exception {
    Map<String, Object> numbers = run(Route.IDS);

    assertThat(numbers)
        .containsEntry("rows", 23_271L)
        .containsEntry("samples", IMPRESSIONS)
        .containsKeys("generate_seconds", "rows_per_second", "spilled_bytes", "tasks");
    assertThat((Long) numbers.get("clicked")).isBetween(1_900L, 2_000L);
    assertThat((Long) numbers.get("converted")).isBetween(100L, 200L);
    for (String positive : new String[] {"shuffle_bytes", "peak_heap_bytes"}) {
      assertThat((Long) numbers.get(positive)).as(positive).isPositive();
    }
    double seconds = (Double) numbers.get("seconds");
    double peer = (Double) numbers.get("peer_seconds");
    assertThat((Double) numbers.get("peer_ratio")).isEqualTo(seconds / peer);
    assertThat((Double) numbers.get("longest_task_seconds"))
        .isGreaterThanOrEqualTo((Double) numbers.get("median_task_seconds"));
    assertThat((Double) numbers.get("task_spread")).isGreaterThanOrEqualTo(1);

    // One sample less, and the peer is not compared with.
    Path samples = folder.resolve("ids/samples/dt=2026-03-10");
    try (Stream<Path> files = Files.list(samples)) {
      Files.delete(files.filter(file -> file.toString().endsWith(".parquet")).findFirst().get());
    }
    assertThatThrownBy(() -> DuckDbJoin.seconds(folder.toString(), folder + "/ids/samples"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Cannot compare with the peer: it found 20000 samples, ");
  }

  @Test
  void byUserAndItemThereIsNoPeer() {
    Map<String, Object> numbers = run(Route.PAIRS);

    assertThat(numbers).containsEntry("samples", IMPRESSIONS).containsEntry("peer_ratio", null);
    assertThat((Long) numbers.get("clicked")).isBetween(1_000L, 2_000L);
  }

  @Test
  void aHandfulOfImpressionsIsRefused() {
    assertThatThrownBy(
            () -> SampleBenchmark.run(LocalSpark.session(), 999, folder.toString(), Route.IDS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid impressions: 999; expected 1000 or more.");
  }

  private Map<String, Object> run(Route route) {
    return SampleBenchmark.run(LocalSpark.session(), IMPRESSIONS, folder.toString(), route)
        .numbers();
  }
}
