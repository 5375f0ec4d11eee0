package io.tagloom.pipeline.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo, small: every stage for real, then again. Later tests stand on what the first has made.
 */
@TestMethodOrder(OrderAnnotation.class)
class NightlyIT {
  @TempDir static Path temp;

  private static Terminals first;

  @BeforeAll
  static void runTheDemo() {
    first = demo();
  }

  @Test
  @Order(1)
  void theDemoEndsWithRowsQualityProfilesAndTables() throws IOException {
    assertThat(first.exitCode()).as(first.err()).isZero();
    JsonNode json = json(first);

    assertThat(json.path("status").asText()).isEqualTo("ok");
    assertThat(json.at("/rows/impressions").asLong()).isGreaterThanOrEqualTo(20_000);
    assertThat(json.at("/rows/samples").asLong()).isEqualTo(20_000);
    assertThat(json.at("/rows/clicks").asLong()).isPositive();
    assertThat(json.at("/rows/conversions").asLong()).isPositive();
    for (String task : Arrays.asList("ctr", "cvr")) {
      JsonNode quality = json.path("tasks").path(task);
      assertThat(quality.path("auc").asDouble()).isBetween(0.0, 1.0);
      assertThat(quality.path("logloss").asDouble()).isPositive();
      assertThat(quality.path("best_auc").asDouble()).isBetween(0.5, 1.0);
    }
    for (String table :
        Arrays.asList("user_tag_profile", "user_vectors", "tag_gates", "item_gates")) {
      assertThat(Paths.get(json.path("tables").path(table).asText())).isDirectory();
    }
    assertThat(json.path("profiles")).hasSize(3);
    assertThat(first.err()).contains("best possible", "user user-0", "  interests ");
  }

  @Test
  @Order(2)
  void theSecondDemoGivesTheSameNumbersInSeconds() throws IOException {
    long start = System.nanoTime();
    Terminals second = demo();
    double seconds = (System.nanoTime() - start) / 1e9;

    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(seconds).isLessThan(15);
    JsonNode was = json(first);
    JsonNode is = json(second);
    for (String key : Arrays.asList("rows", "tasks", "tables", "profiles", "model_id")) {
      assertThat(is.path(key)).as(key).isEqualTo(was.path(key));
    }
  }

  @Test
  @Order(3)
  void oneUserIsShownWithoutSpark() throws IOException {
    Terminals show =
        Terminals.run("show", "--conf", conf(), "--user", "user-7", "--user", "nobody", "--json");

    assertThat(show.exitCode()).as(show.err()).isZero();
    JsonNode profiles = json(show).path("profiles");
    assertThat(profiles.at("/user-7/interests/0/tag").asText()).isNotEmpty();
    assertThat(profiles.at("/user-7/interests/0/probability").asDouble()).isBetween(0.0, 1.0);
    assertThat(show.err()).contains("user nobody (not in the tables: the profile of new users)");
  }

  @Test
  @Order(4)
  void checkCountsTheInputsAndWritesNothing() throws IOException {
    Path nowhere = temp.resolve("nowhere");

    Terminals check =
        Terminals.run(
            "check",
            "--conf",
            conf(),
            "--date",
            "2026-11-01",
            "--json",
            "--set",
            "run.root=" + nowhere);

    assertThat(check.exitCode()).as(check.err()).isZero();
    JsonNode rows = json(check).path("rows");
    assertThat(rows.path("impressions")).isEqualTo(json(first).at("/rows/impressions"));
    assertThat(rows.path("users").asLong()).isEqualTo(400);
    assertThat(nowhere).doesNotExist();
  }

  @Test
  @Order(5)
  void onlyStagesWhoseSettingsChangedAreRunAgain() {
    Terminals night =
        Terminals.run(
            "nightly",
            "--conf",
            conf(),
            "--date",
            "2026-11-01",
            "--set",
            "training.epochs=1",
            "--set",
            "evaluation.split=valid",
            "--json");

    assertThat(night.exitCode()).as(night.err()).isZero();
    assertThat(night.err())
        .contains("samples: done before, nothing has changed")
        .contains("train: done before, nothing has changed")
        .contains("of split valid")
        .doesNotContain("evaluate: done before")
        .doesNotContain("export: done before");
  }

  @Test
  @Order(6)
  void aPublishBelowItsFloorIsRefusedAndYesterdaysTablesStay() throws IOException {
    Path latest = temp.resolve("demo/run/tables/_latest");
    byte[] before = Files.readAllBytes(latest);

    Terminals night =
        Terminals.run(
            "nightly",
            "--conf",
            conf(),
            "--date",
            "2026-11-01",
            "--set",
            "evaluation.min-auc.ctr=0.999",
            "--json");

    assertThat(night.exitCode()).isEqualTo(4);
    assertThat(night.err()).contains("AUC of ctr").doesNotContain("\tat ");
    assertThat(Files.readAllBytes(latest)).isEqualTo(before);
  }

  @Test
  @Order(7)
  void aStageWithoutTheStageBeforeItSaysWhichToRun() {
    Terminals train =
        Terminals.run(
            "train",
            "--conf",
            conf(),
            "--date",
            "2026-11-01",
            "--set",
            "run.root=" + temp.resolve("empty"));

    assertThat(train.exitCode()).isEqualTo(3);
    assertThat(train.err())
        .contains("Cannot train: no samples of 2026-10-26 to 2026-11-01 in ")
        .contains("Run `tagloom samples` with --date 2026-11-01 and the same settings first.");
  }

  @Test
  @Order(8)
  void theJoinIsShownWithTheDaysBeforeBesideIt() throws IOException {
    Terminals samples =
        Terminals.run(
            "samples",
            "--conf",
            conf(),
            "--date",
            "2026-11-01",
            "--json",
            "--set",
            "run.root=" + temp.resolve("joined"));

    assertThat(samples.exitCode()).as(samples.err()).isZero();
    assertThat(samples.err())
        .contains("Join health as of 2026-11-01")
        .containsPattern("\n +2026-10-26 .* 2026-10-31  2026-11-01\n")
        .containsPattern("\n  impressions.rows( +[1-9][0-9,]*){7}\n")
        .containsPattern("\n  ctr( +[0-9.]+ %){7}\n");
    JsonNode health = json(samples).path("join_health");
    assertThat(health.path("as_of").asText()).isEqualTo("2026-11-01");
    long shown = 0;
    for (JsonNode day : health.path("days")) {
      shown += day.path("numbers").path("impressions.rows").asLong();
    }
    assertThat(shown).isPositive().isEqualTo(json(samples).at("/rows/impressions").asLong());
  }

  private static String conf() {
    return temp.resolve("demo/demo.conf").toString();
  }

  private static Terminals demo() {
    List<String> arguments =
        new ArrayList<>(
            Arrays.asList("demo", "--json", "--folder", temp.resolve("demo").toString()));
    for (String setting :
        Arrays.asList(
            "generate.impressions=20000",
            "generate.users=400",
            "generate.items=200",
            "training.epochs=1",
            "spark.master=local[2]")) {
      arguments.addAll(Arrays.asList("--set", setting));
    }
    return Terminals.run(arguments.toArray(new String[0]));
  }

  private static JsonNode json(Terminals terminals) throws IOException {
    return new ObjectMapper().readTree(terminals.lastLine());
  }
}
