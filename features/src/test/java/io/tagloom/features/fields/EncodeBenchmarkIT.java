package io.tagloom.features.fields;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.features.LocalSpark;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodeBenchmarkIT {
  @Test
  void theBenchmarkEncodesAllItsRowsAndTheHeavyUsers(@TempDir Path folder) throws Exception {
    EncodeBenchmark.Result result =
        EncodeBenchmark.run(LocalSpark.session(), folder.toString(), 5_000, 500);

    assertThat(result.rows()).isEqualTo(5_000);
    assertThat(result.rowsPerSecond()).isPositive();
    assertThat(result.heavyUserEvents()).isEqualTo(500);
    assertThat(result.heavyUserRatio()).isEqualTo(result.heavyUserSeconds() / result.seconds());
    assertThat(result.heavyUserSeconds()).isPositive();
    assertThat(result.stateBytesPerSample()).isBetween(100.0, 1000.0);
    EncodedSamples encoded =
        EncodedSamples.open(
            LocalSpark.session(), folder + "/root", java.time.LocalDate.of(2026, 1, 30));
    assertThat(encoded.encoder().declaredFields()).hasSize(20);
    assertThat(encoded.blocks().selectExpr("sum(rows)").first().getLong(0)).isEqualTo(5_500);
  }
}
