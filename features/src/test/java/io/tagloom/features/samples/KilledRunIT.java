package io.tagloom.features.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.features.samples.SampleJob.Later;
import io.tagloom.features.samples.SampleJob.Night;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KilledRunIT {
  private static final LocalDate LAST = LocalDate.of(2026, 3, 10);
  private static final long DEADLINE_SECONDS = 120;

  private static TestRun yesterday;
  private static TestRun fresh;

  @BeforeAll
  static void buildTwoDays() {
    RandomLogs random = new RandomLogs(7, LAST, 4, false);
    TestLog log = new TestLog();
    for (int i = 0; i < 200; i++) {
      log.add(random.next().prefixed(i + "-"));
    }
    yesterday = new TestRun("samples.conversion-window-days=1").write(log, 2);
    yesterday.run(LAST.minusDays(1));
    fresh = yesterday.copy();
    fresh.run(LAST);
  }

  @Test
  void aKilledProcessLeavesTheDaysBeforeAndTheNextRunRepairs() throws Exception {
    TestRun run = yesterday.copy();
    SortedMap<String, String> before = run.bytes("samples");

    Process process = start(run);
    Path written = run.folder().resolve("root/_staging/samples-" + LAST + "/samples");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!Files.exists(written) && process.isAlive() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    process.destroyForcibly();
    assertThat(process.waitFor()).as("exit code of a killed process").isEqualTo(137);

    assertThat(written).exists();
    assertThat(run.bytes("samples")).isEqualTo(before);
    assertThat(run.samples(LAST)).isEqualTo(yesterday.samples(LAST));
    run.run(LAST);
    assertRepaired(run);
  }

  @Test
  void aRunThatEndsBeforeItsJournalChangesNothing() {
    TestRun run = yesterday.copy();
    SortedMap<String, String> before = run.bytes("samples");

    run.job(LAST, TestRun.NONE_BUSY).build(Night.RUN, Later.KEPT);
    Path journal = run.folder().resolve("root/_staging/samples-" + LAST + "/_JOURNAL");
    assertThat(journal.toFile().delete()).isTrue();

    assertThat(run.bytes("samples")).isEqualTo(before);
    run.run(LAST);
    assertRepaired(run);
  }

  @Test
  void aRunThatEndsAmongTheRenamesIsFinishedByTheNext() throws IOException {
    TestRun run = yesterday.copy();
    run.job(LAST, TestRun.NONE_BUSY).build(Night.RUN, Later.KEPT);
    // One partition is in its place, of another only the old one has been moved away.
    Path root = run.folder().resolve("root");
    Path staged = root.resolve("_staging/samples-" + LAST + "/samples");
    Path aside = root.resolve("_staging/samples-" + LAST + "/_before");
    Files.createDirectories(aside);
    Files.move(root.resolve("samples/dt=" + LAST.minusDays(1)), aside.resolve("a"));
    Files.move(root.resolve("samples/dt=" + LAST.minusDays(2)), aside.resolve("b"));
    Files.move(
        staged.resolve("dt=" + LAST.minusDays(1)), root.resolve("samples/dt=" + LAST.minusDays(1)));

    // The next run is one that fails on its input: the one before is finished all the same.
    TestRun broken = run.with("run.root=" + run.root(), "input.clicks.path=/nowhere");
    assertThat(catchMessage(broken)).contains("/nowhere does not exist");

    assertRepaired(run);
  }

  private static String catchMessage(TestRun run) {
    try {
      run.run(LAST);
      return "";
    } catch (RuntimeException e) {
      return e.getMessage();
    }
  }

  private static void assertRepaired(TestRun run) {
    assertThat(run.bytes("samples")).isEqualTo(fresh.bytes("samples"));
    assertThat(run.bytes("reports")).isEqualTo(fresh.bytes("reports"));
    assertThat(run.folder().resolve("root/_staging/samples-" + LAST)).doesNotExist();
  }

  private static Process start(TestRun run) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    try (Stream<String> options =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()) {
      options.filter(option -> option.startsWith("--add-opens")).forEach(command::add);
    }
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(KilledRun.class.getName());
    command.add(LAST.toString());
    command.addAll(run.assignments());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(run.folder().resolve("killed.log").toFile())
        .start();
  }
}
