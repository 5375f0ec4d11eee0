package io.tagloom.pipeline.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.pipeline.Main;
import io.tagloom.pipeline.stages.Demo;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several processes that would write into one folder at once. */
class ConcurrentRunsIT {
  @TempDir static Path temp;
  private static SparkSession spark;

  @BeforeAll
  static void generate() {
    Terminals generated =
        Terminals.run(
            "generate",
            "--conf",
            Demo.settings(temp).toString(),
            "--date",
            "2026-11-01",
            "--set",
            "generate.impressions=2000",
            "--set",
            "generate.users=50",
            "--set",
            "generate.items=30");
    assertThat(generated.exitCode()).as(generated.err()).isZero();
    spark =
        SparkSession.builder().master("local[1]").config("spark.ui.enabled", false).getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @ParameterizedTest
  @CsvSource({"2, 2026-11-01, 2026-11-01", "5, 2026-11-01, 2026-10-31"})
  void oneWinsTheOthersRefuseAtOnceAndNothingIsDamaged(int many, String date, String other)
      throws Exception {
    Path root = temp.resolve("root" + many);
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      processes.add(start(root, i % 2 == 0 ? date : other, i));
    }
    List<Integer> exitCodes = new ArrayList<>();
    for (Process process : processes) {
      exitCodes.add(process.waitFor());
    }

    int winner = exitCodes.indexOf(0);
    assertThat(Collections.frequency(exitCodes, 0)).as("done, of %s", exitCodes).isEqualTo(1);
    assertThat(Collections.frequency(exitCodes, 5)).as("refused").isEqualTo(many - 1);
    String won = winner % 2 == 0 ? date : other;
    for (int i = 0; i < many; i++) {
      if (i != winner) {
        assertThat(text(output(root, i)))
            .matches(
                "Cannot begin in .*: [0-9]+@.* is at work there \\(samples of "
                    + won
                    + "\\)\\. Wait for it, or remove .*\n");
      }
    }
    assertThat(rows(root.resolve("samples"))).isEqualTo(alone(won));
    assertThat(root.resolve("_lock")).doesNotExist();
    assertThat(root.resolve("_staging").toFile().list()).isNullOrEmpty();
    assertThat(root.resolve("logs").toFile().list()).containsExactly("samples-" + won + ".log");
  }

  /** The samples of a run of a date that nobody disturbs. */
  private static List<String> alone(String date) throws Exception {
    Path root = temp.resolve("alone-" + date);
    if (!Files.exists(root)) {
      int code = start(root, date, 0).waitFor();
      assertThat(code).as(text(output(root, 0))).isZero();
    }
    return rows(root.resolve("samples"));
  }

  @Test
  void theLockOfAProcessThatWasKilledStopsNobody() throws Exception {
    Path root = temp.resolve("killed");
    Process killed = start(root, "2026-11-01", 7);
    while (killed.isAlive() && !Files.exists(root.resolve("_staging"))) {
      Thread.yield();
    }
    killed.destroyForcibly().waitFor();
    assertThat(root.resolve("_lock")).exists();

    Process next = start(root, "2026-11-01", 8);
    int code = next.waitFor();
    assertThat(code).as(text(output(root, 8))).isZero();
    assertThat(root.resolve("_lock")).doesNotExist();
  }

  private static Process start(Path root, String date, int number) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(
        Arrays.asList(
            "-Xmx600m",
            "-Duser.timezone=UTC",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Main.class.getName(),
            "samples",
            "--conf",
            temp.resolve("demo.conf").toString(),
            "--date",
            date,
            "--set",
            "run.root=" + root));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output(root, number).toFile())
        .start();
  }

  private static Path output(Path root, int number) {
    return temp.resolve(root.getFileName() + "-" + number + ".txt");
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** The rows below a folder; bytes differ from JVM to JVM by the order of encodings in footers. */
  private static List<String> rows(Path folder) {
    return spark.read().parquet(folder.toString()).collectAsList().stream()
        .map(Row::toString)
        .sorted()
        .collect(Collectors.toList());
  }
}
