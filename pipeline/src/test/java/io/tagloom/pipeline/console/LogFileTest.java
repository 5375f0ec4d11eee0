package io.tagloom.pipeline.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.conf.SparkSettings.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  @TempDir Path temp;

  private final PrintStream err = System.err;
  private final ByteArrayOutputStream console = new ByteArrayOutputStream();

  @BeforeEach
  void catchTheConsole() throws IOException {
    System.setErr(new PrintStream(console, true, "UTF-8"));
  }

  @AfterEach
  void giveTheConsoleBack() {
    System.setErr(err);
  }

  @Test
  void theFileHasAllAndTheConsoleWhatItsLevelLetsThroughWithoutStackTraces() throws IOException {
    LogFile log = LogFile.open(temp.toString(), "night", LogLevel.WARN);
    Logger logger = LogManager.getLogger("org.example.some.Thing");

    logger.debug("not for anyone");
    logger.info("for the file");
    logger.warn("for both", new IllegalStateException("its reason"));

    assertThat(log.path()).isEqualTo(temp.resolve("logs/night.log"));
    assertThat(said(log))
        .containsPattern("(?m)^[0-9-]{10} [0-9:]{8},[0-9]{3} INFO  some.Thing - for the file$")
        .contains("WARN  some.Thing - for both", "IllegalStateException: its reason", "\tat ")
        .doesNotContain("not for anyone");
    assertThat(console.toString("UTF-8")).isEqualTo("WARN  Thing - for both\n");
  }

  @Test
  void whatTasksAndTagloomItselfSayIsForTheFileAlone() throws IOException {
    LogFile log = LogFile.open(temp.toString(), "night", LogLevel.INFO);

    LogManager.getLogger("org.apache.spark.scheduler.TaskSetManager").error("a try that failed");
    LogManager.getLogger("org.apache.spark.util.Utils").error("aborting");
    LogManager.getLogger("org.apache.parquet.hadoop.Reader").info("chatter");
    log.failure("Cannot go on.", new IllegalStateException("why"), text -> text);

    assertThat(said(log))
        .contains("a try that failed", "aborting", "Cannot go on.", "IllegalStateException: why")
        .doesNotContain("chatter");
    assertThat(console.toString("UTF-8")).isEmpty();
  }

  @Test
  void aSecondCommandOfThisJvmHasItsOwnFile() throws IOException {
    LogFile first = LogFile.open(temp.toString(), "first", LogLevel.ERROR);
    LogFile second = LogFile.open(temp.toString(), "second", LogLevel.ERROR);

    LogManager.getLogger("tagloom").info("of the second");

    assertThat(said(first)).isEmpty();
    assertThat(said(second)).contains("of the second");
  }

  @Test
  void signsThatLog4jReadsMeanNothingInAPath() throws IOException {
    Path root = Files.createDirectory(temp.resolve("100%d %i ${user.name} $x"));

    LogFile log = LogFile.open(root.toString(), "night", LogLevel.ERROR);
    LogManager.getLogger("tagloom").info("here");

    assertThat(log.path().getParent()).isEqualTo(root.resolve("logs"));
    assertThat(said(log)).contains("here");
    assertThat(console.toString("UTF-8")).isEmpty();
  }

  @Test
  void whereTheRunsFolderHasNoPlaceForItTheOneForTemporaryFilesDoes() throws IOException {
    Files.createDirectories(temp.resolve("logs/night.log"));

    LogFile log = LogFile.open(temp.toString(), "night", LogLevel.ERROR);

    assertThat(log.path().toString()).startsWith(System.getProperty("java.io.tmpdir"));
    assertThat(log.path()).isRegularFile().isNotEqualTo(temp.resolve("logs/night.log"));
    assertThat(console.toString("UTF-8")).isEmpty();
  }

  private static String said(LogFile log) throws IOException {
    return new String(Files.readAllBytes(log.path()), StandardCharsets.UTF_8);
  }
}
