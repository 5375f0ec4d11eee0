package io.tagloom.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The DAG on stubs of Airflow, with a launcher that only tells its arguments. */
class AirflowDagTest {
  private static final String MORNING = "2026-11-02T02:00:00";

  @TempDir Path temp;

  private final Map<String, String> environment = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(strings = {"2", "3", "3.2"})
  void bothApisTakeOneTaskAStageInOrder(String version) throws Exception {
    assertThat(new AirflowStub(temp, version).run("", environment))
        .containsExactly(
            "dag tagloom_nightly 0 2 * * * False 1",
            "task logs default_pool 2 600",
            "task samples default_pool 2 600",
            "task train default_pool 2 600",
            "task evaluate default_pool 2 600",
            "task export default_pool 2 600",
            "order logs samples",
            "order samples train",
            "order train evaluate",
            "order evaluate export");
  }

  @Test
  void schedulePoolAndRetriesAreOfTheEnvironment() throws Exception {
    environment.put("TAGLOOM_SCHEDULE", "@hourly");
    environment.put("TAGLOOM_POOL", "spark");
    environment.put("TAGLOOM_RETRIES", "5");

    assertThat(new AirflowStub(temp, "3").run("", environment))
        .contains("dag tagloom_nightly @hourly False 1", "task train spark 5 600");
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2026-11-02T02:00:00, 2026-11-01",
    "3, 2026-11-02T02:00:00, 2026-11-01",
    "3.2, 2027-01-01T00:00:00, 2026-12-31"
  })
  void eachTaskRunsItsCommandForTheDayBefore(String version, String end, String day)
      throws Exception {
    launcher("echo \"$0 $*\"");
    environment.put("AIRFLOW_VAR_TAGLOOM_OPTIONS", "--master yarn --set training.workers=8");

    String command =
        temp
            + "/my home/bin/tagloom %s --conf /conf/my own.conf --date "
            + day
            + " --master yarn --set training.workers=8";
    assertThat(events(new AirflowStub(temp, version).run(end, environment)))
        .containsExactly(
            "done logs",
            String.format(command, "samples"),
            "done samples",
            String.format(command, "train"),
            "done train",
            String.format(command, "evaluate"),
            "done evaluate",
            String.format(command, "export"),
            "done export");
  }

  @Test
  void aTriggerNamesAnotherDayAndNothingElse() throws Exception {
    launcher("echo \"day $5\"");
    AirflowStub airflow = new AirflowStub(temp, "3");

    assertThat(events(airflow.run(MORNING, environment, "date=2026-10-30")))
        .filteredOn(line -> line.startsWith("day"))
        .hasSize(4)
        .containsOnly("day 2026-10-30");
    // Airflow refuses the trigger; the stub does when the first template is rendered.
    assertThat(events(airflow.run(MORNING, environment, "date=$(touch it)")))
        .containsExactly(
            "retry logs {'date': '$(touch it)'}",
            "retry logs {'date': '$(touch it)'}",
            "failed logs {'date': '$(touch it)'}");
    assertThat(temp.resolve("it")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "2, 3", "2, 4", "3, 2", "3, 3", "3, 4", "3.2, 3"})
  void whatDoesNotMendByItselfFailsAtOnce(String version, int exitCode) throws Exception {
    launcher("echo started $1; exit " + exitCode);

    List<String> events = events(new AirflowStub(temp, version).run(MORNING, environment));

    assertThat(events)
        .containsExactly(
            "done logs",
            "started samples",
            "failed samples tagloom samples ended with 2 (settings), 3 (input data) or 4 (publish"
                + " refused), which another try does not mend. Its last words above tell what to"
                + " do.");
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "2, 5", "2, 137", "3, 1", "3, 5", "3, 137", "3.2, 1"})
  void whatMayPassIsTriedAgain(String version, int exitCode) throws Exception {
    launcher("echo started $1; exit " + exitCode);

    List<String> events = events(new AirflowStub(temp, version).run(MORNING, environment));

    assertThat(events)
        .containsExactly(
            "done logs",
            "started samples",
            "retry samples exit code " + exitCode,
            "started samples",
            "retry samples exit code " + exitCode,
            "started samples",
            "failed samples exit code " + exitCode);
  }

  @Test
  void theNightWaitsForTheLogsOfItsDay() throws Exception {
    launcher("echo started $1");
    // The second time it asks, they are there.
    environment.put(
        "AIRFLOW_VAR_TAGLOOM_READY",
        "echo asked for $TAGLOOM_DATE; test -e asked || { touch asked; false; }");

    assertThat(events(new AirflowStub(temp, "3").run(MORNING, environment)).subList(0, 5))
        .containsExactly(
            "asked for 2026-11-01",
            "poked logs",
            "asked for 2026-11-01",
            "done logs",
            "started samples");
  }

  @Test
  void aFailureIsTold() throws Exception {
    launcher("test $1 = samples || exit 1");
    environment.put(
        "TAGLOOM_ON_FAILURE", "echo \"told: $TAGLOOM_TASK of $TAGLOOM_RUN: $TAGLOOM_ERROR\"");

    assertThat(events(new AirflowStub(temp, "2").run(MORNING, environment)))
        .endsWith("failed train exit code 1", "told: train of night: exit code 1");
  }

  /** Lays down a launcher that does what a script says. */
  private void launcher(String script) throws Exception {
    Path launcher = temp.resolve("my home/bin/tagloom");
    Files.createDirectories(launcher.getParent());
    Files.write(launcher, ("#!/bin/sh\n" + script + "\n").getBytes(StandardCharsets.UTF_8));
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    environment.put("AIRFLOW_VAR_TAGLOOM_HOME", temp.resolve("my home").toString());
    environment.put("AIRFLOW_VAR_TAGLOOM_CONF", "/conf/my own.conf");
  }

  /** What came after the DAG was loaded. */
  private static List<String> events(List<String> lines) {
    return lines.stream()
        .filter(line -> !line.matches("(dag|task|order) .*"))
        .collect(Collectors.toList());
  }
}
