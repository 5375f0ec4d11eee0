package io.tagloom.pipeline.stages;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.conf.Settings;
import io.tagloom.pipeline.console.Terminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageInputsTest {
  private static final LocalDate FIRST = LocalDate.of(2026, 10, 31);
  private static final LocalDate LAST = LocalDate.of(2026, 11, 1);

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    put("dt=2026-11-01", "abc", 1_000_000);
  }

  private void put(String day, String text, long millis) throws IOException {
    Path file = Files.createDirectories(folder.resolve(day)).resolve("part");
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    Files.setLastModifiedTime(file, FileTime.fromMillis(millis));
  }

  private String fingerprint() throws IOException {
    Run run =
        new Run(
            "nightly",
            Settings.reference(Collections.emptyMap()),
            Optional.of(LAST),
            System.err,
            Terminal.NONE);
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(folder.toUri());
    return new StageInputs().files(run, path, FIRST, LAST).fingerprint();
  }

  @Test
  void aFileCountsByItsSecondOfChangeWhichEveryJdkTellsAlike() throws IOException {
    String before = fingerprint();

    put("dt=2026-11-01", "abc", 1_000_999);
    assertThat(fingerprint()).isEqualTo(before);
    put("dt=2026-11-01", "abc", 1_001_000);
    assertThat(fingerprint()).isNotEqualTo(before);
  }

  @Test
  void aFileCountsByItsLength() throws IOException {
    String before = fingerprint();

    put("dt=2026-11-01", "abcd", 1_000_000);
    assertThat(fingerprint()).isNotEqualTo(before);
  }

  @Test
  void daysThatAreNotReadDoNotCount() throws IOException {
    String before = fingerprint();

    put("dt=2026-10-30", "abc", 1_000_000);
    put("dt=2026-11-02", "abc", 1_000_000);
    assertThat(fingerprint()).isEqualTo(before);
    put("dt=2026-10-31", "abc", 1_000_000);
    assertThat(fingerprint()).isNotEqualTo(before);
  }
}
