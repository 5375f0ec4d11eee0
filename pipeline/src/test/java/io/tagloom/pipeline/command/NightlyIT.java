package io.tagloom.pipeline.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    assertThat(first.err())
        .contains("best possible", "user user-0", "  interests ", "experts: ctr gate entropy ")
        .containsPattern("certified search, mean: items ctr [0-9.]+ lists, [0-9]+% at first try; ")
        .containsPattern("HNSW recall@10 / @100: items ctr [01]\\.[0-9]+ / [01]\\.");
    assertThat(json.at("/training/best_epoch").asInt()).isEqualTo(1);
    assertThat(json.at("/training/experts/cvr/use_3").asDouble()).isBetween(0.0, 1.0);
    assertThat(temp.resolve("demo/run/tensorboard/dt=2026-11-01/validation")).isNotEmptyDirectory();
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
    JsonNode best = profiles.at("/user-7/interests/0");
    assertThat(best.path("tag").asText()).isNotEmpty();
    assertThat(best.path("probability").asDouble()).isBetween(0.0, 1.0);
    assertThat(sum(best.path("experts"))).isCloseTo(1.0, within(1e-5));
    assertThat(sum(profiles.at("/user-7/experts/intentions"))).isCloseTo(1.0, within(1e-5));
    assertThat(profiles.at("/user-7/interests")).hasSize(20);
    assertThat(show.err())
        .containsPattern("  interests  [a-z -]+ [0-9.]+%, .* \\(probability of ctr\\)")
        .containsPattern("             (mostly |evenly |)by expert [0-4] \\([0-9]+%\\)")
        .containsPattern(" {6}1\\. [a-z -]+ +[0-9.]+%  expert [0-4] [0-9]+%")
        .contains("user nobody is not in the tables; this is the profile of new users")
        .doesNotContain("ids near to it");
    assertThat(profiles.at("/nobody/known").asBoolean()).isFalse();
    assertThat(profiles.at("/nobody/interests")).hasSize(20);
  }

  @Test
  @Order(3)
  void aMisspeltUserIsAnsweredWithThoseNearIt() {
    Terminals show = Terminals.run("show", "--conf", conf(), "--user", "User-39x", "--top", "1");

    assertThat(show.exitCode()).as(show.err()).isZero();
    assertThat(show.out())
        .contains("user User-39x is not in the tables")
        .contains("  ids near to it: user-39, ");
  }

  @Test
  @Order(3)
  void theAudienceOfATagHasTheProbabilitiesOfTheProfiles() throws IOException {
    Terminals audience =
        Terminals.run(
            "audience", "--conf", conf(), "--tag", tag(), "--task", "cvr", "--top", "7", "--json");

    assertThat(audience.exitCode()).as(audience.err()).isZero();
    JsonNode members = json(audience).path("audience");
    assertThat(members).hasSize(7);
    for (int i = 1; i < 7; i++) {
      assertThat(members.get(i).path("score").asDouble())
          .isLessThanOrEqualTo(members.get(i - 1).path("score").asDouble());
    }
    String user = members.get(0).path("user").asText();
    Terminals show = Terminals.run("show", "--conf", conf(), "--user", user, "--json");
    boolean listed = false;
    for (JsonNode entry : json(show).path("profiles").path(user).path("intentions")) {
      if (entry.path("tag").asText().equals(tag())) {
        listed = true;
        assertThat(entry.path("probability").asDouble())
            .isCloseTo(members.get(0).path("probability").asDouble(), within(1e-6));
      }
    }
    assertThat(listed).isTrue();
    assertThat(audience.err()).contains("7 users for " + tag() + " by cvr, version ");
  }

  @Test
  @Order(3)
  void similarTagsAreFoundWithoutSpark() throws IOException {
    Terminals similar =
        Terminals.run("similar", "--conf", conf(), "--tag", tag(), "--top", "3", "--json");

    assertThat(similar.exitCode()).as(similar.err()).isZero();
    JsonNode tags = json(similar).path("similar");
    assertThat(tags).hasSize(3);
    assertThat(tags.at("/0/cosine").asDouble()).isBetween(-1.0, 1.00001);
    assertThat(tags.at("/0/tag").asText()).isNotEqualTo(tag());
  }

  @Test
  @Order(3)
  void aMisspeltTagOrTaskIsAnInputFaultWithThoseNearIt() throws IOException {
    for (String command : Arrays.asList("audience", "similar")) {
      Terminals tag = Terminals.run(command, "--conf", conf(), "--tag", tag() + "x");
      Terminals task = Terminals.run(command, "--conf", conf(), "--tag", tag(), "--task", "cart");

      assertThat(tag.exitCode()).as(command).isEqualTo(3);
      assertThat(tag.err())
          .startsWith("Cannot find tag " + tag() + "x in ")
          .contains("Did you mean " + tag())
          .doesNotContain("\tat ");
      assertThat(task.exitCode()).as(command).isEqualTo(3);
      assertThat(task.err()).startsWith("Cannot find task cart in ").contains("[ctr, cvr]");
    }
  }

  @Test
  @Order(4)
  void checkCountsTheInputsAndWritesNothing() throws IOException {
    Path nowhere = temp.resolve("nowhere");

    Terminals check = dated("check", "run.root=" + nowhere);

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
        dated("nightly", "training.epochs=1", "training.log-seconds=1", "evaluation.split=valid");

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

    Terminals night = dated("nightly", "evaluation.min-auc.ctr=0.999");

    assertThat(night.exitCode()).isEqualTo(4);
    assertThat(night.err()).contains("AUC of ctr").doesNotContain("\tat ");
    assertThat(Files.readAllBytes(latest)).isEqualTo(before);
    Terminals status = Terminals.run("status", "--conf", conf(), "--json");
    assertThat(status.exitCode()).as(status.err()).isZero();
    assertThat(status.err())
        .startsWith("2026-11-01\n")
        .containsPattern("\n  samples +[0-9.]+ s  20,000 of ")
        .containsPattern("\n  train +[0-9.]+ s  [0-9,]+ of 20,000 samples")
        .containsPattern("\n  evaluate +[0-9.]+ s  ctr: AUC 0\\.[0-9]+")
        .containsPattern("\n  export +failed, exit code 4: Cannot publish.*AUC of ctr");
    JsonNode stages = json(status).at("/nights/2026-11-01");
    assertThat(stages.at("/export/exit_code").asInt()).isEqualTo(4);
    assertThat(stages.at("/train/status").asText()).isEqualTo("ok");
    assertThat(stages.at("/samples/report/rows/samples").asLong()).isEqualTo(20_000);
  }

  @Test
  @Order(7)
  void theVersionBeforeIsPublishedAgainAndBack() throws IOException {
    JsonNode versions = json(Terminals.run("publish", "--conf", conf(), "--list", "--json"));
    assertThat(versions.path("versions")).hasSize(2);
    String before = versions.at("/versions/0/version").asText();
    String now = versions.at("/versions/1/version").asText();
    assertThat(versions.path("version").asText()).isEqualTo(now);

    Terminals rollback = Terminals.run("publish", "--conf", conf(), "--rollback");
    assertThat(rollback.exitCode()).as(rollback.err()).isZero();
    assertThat(rollback.out())
        .isEqualTo("published is " + before + ", in the place of " + now + "\n");
    assertThat(json(show()).path("version").asText()).isEqualTo(before);
    Terminals again = Terminals.run("publish", "--conf", conf(), "--rollback");
    assertThat(again.exitCode()).isEqualTo(4);
    assertThat(again.err()).startsWith("Cannot roll back: ");

    Terminals wrong = Terminals.run("publish", "--conf", conf(), "--use", "yesterday");
    assertThat(wrong.exitCode()).isEqualTo(3);
    assertThat(wrong.err()).contains("has the versions [" + before + ", " + now + "]");
    Terminals list = Terminals.run("publish", "--conf", conf(), "--list");
    assertThat(list.out()).contains("* " + before, "  " + now, "400 users");
    assertThat(Terminals.run("publish", "--conf", conf(), "--use", now).exitCode()).isZero();
    assertThat(json(show()).path("version").asText()).isEqualTo(now);
  }

  @Test
  @Order(7)
  void whileAnotherProcessPublishesAnExportAndARollbackAreRefused() throws IOException {
    Path lock = temp.resolve("demo/run/tables/_lock");
    // This process runs, so that the lock is not taken over.
    String owner = java.lang.management.ManagementFactory.getRuntimeMXBean().getName();
    Files.write(lock, (owner + " other").getBytes(StandardCharsets.UTF_8));
    try {
      Terminals export = dated("export");
      Terminals rollback = Terminals.run("publish", "--conf", conf(), "--rollback");

      for (Terminals refused : Arrays.asList(export, rollback)) {
        assertThat(refused.exitCode()).as(refused.err()).isEqualTo(5);
        assertThat(refused.err())
            .contains("Cannot begin in ", ": " + owner + " is at work there. Wait for it")
            .doesNotContain("\tat ");
      }
    } finally {
      Files.delete(lock);
    }
  }

  @Test
  @Order(8)
  void damagedStateIsPassedOverOrRefusedByName() throws IOException {
    Path run = temp.resolve("demo/run");
    List<Path> files;
    try (Stream<Path> all = Files.walk(run)) {
      files =
          all.filter(Files::isRegularFile)
              .filter(file -> file.toString().matches(".*(\\.json|_latest|/as-of)"))
              .sorted()
              .collect(Collectors.toList());
    }
    assertThat(files).hasSizeGreaterThan(12);
    Random random = new Random(8);
    for (int i = 0; i < 200; i++) {
      Path file = files.get(random.nextInt(files.size()));
      Path sum = file.resolveSibling("." + file.getFileName() + ".crc");
      byte[] whole = Files.readAllBytes(file);
      byte[] wholeSum = Files.exists(sum) ? Files.readAllBytes(sum) : new byte[0];
      if (random.nextBoolean()) {
        Files.deleteIfExists(sum);
      }
      Files.write(file, damaged(whole, random));
      for (String[] command :
          new String[][] {{"status"}, {"publish", "--list"}, {"show", "--user", "user-1"}}) {
        List<String> arguments = new ArrayList<>(Arrays.asList(command));
        arguments.addAll(Arrays.asList("--conf", conf()));
        Terminals told = Terminals.run(arguments.toArray(new String[0]));
        assertThat(told.exitCode()).as(command[0] + ", " + file + told.err()).isIn(0, 3);
        assertThat(told.err())
            .as(file.toString())
            .doesNotContain("Exception", "\tat ", "java.", "null");
        if (told.exitCode() == 3) {
          assertThat(told.err()).contains("demo/run/tables");
        }
      }
      Files.write(file, whole);
      if (wholeSum.length > 0) {
        Files.write(sum, wholeSum);
      }
    }
  }

  /** A file cut off, emptied, or with some bytes that are others. */
  private static byte[] damaged(byte[] whole, Random random) {
    byte[] damaged = Arrays.copyOf(whole, random.nextInt(3) == 0 ? 0 : whole.length);
    if (damaged.length > 0 && random.nextBoolean()) {
      return Arrays.copyOf(damaged, random.nextInt(damaged.length));
    }
    for (int i = 0; i < Math.min(8, damaged.length); i++) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
    }
    return damaged;
  }

  @Test
  @Order(8)
  void aStageWithoutTheStageBeforeItSaysWhichToRun() {
    Terminals train = dated("train", "run.root=" + temp.resolve("empty"));

    assertThat(train.exitCode()).isEqualTo(3);
    assertThat(train.err())
        .contains("Cannot train: no samples of 2026-10-26 to 2026-11-01 in ")
        .contains("Run `tagloom samples` with --date 2026-11-01 and the same settings first.");
  }

  @Test
  @Order(8)
  void theJoinIsShownWithTheDaysBeforeBesideIt() throws IOException {
    Terminals samples = dated("samples", "run.root=" + temp.resolve("joined"));

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

  @Test
  @Order(9)
  void aBackFillIsTheNightsOneByOne() throws IOException {
    Terminals filled = backFill();
    Path single = temp.resolve("single");
    Terminals night = nights(single, "--date", "2026-10-31");

    assertThat(filled.exitCode()).as(filled.err()).isZero();
    assertThat(night.exitCode()).as(night.err()).isZero();
    JsonNode nights = json(filled).path("nights");
    assertThat(nights).hasSize(2);
    assertThat(nights.at("/2026-10-31/rows")).isEqualTo(json(night).path("rows"));
    assertThat(nights.at("/2026-10-31/tasks")).isEqualTo(json(night).path("tasks"));
    assertThat(temp.resolve("filled/tables/_latest"))
        .hasContent(nights.at("/2026-11-01/version").asText());

    Terminals again = backFill();
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.err())
        .contains("night of 2026-10-31: done before", "night of 2026-11-01: done before");
  }

  @Test
  @Order(10)
  void cleanRemovesOldDaysAndNothingThatIsReadOrPublished() throws IOException {
    String root = "run.root=" + temp.resolve("demo/run");
    Path samples = temp.resolve("demo/run/samples");
    String[] keep = {"--set", "run.keep-days=1", "--set", "training.days=2"};
    String[] less = {"--set", "samples.catch-up-days=0", "--set", "samples.rebuild-days=1"};
    String[] clean = {"clean", "--conf", conf(), "--date", "2026-11-01", "--json", "--set", root};
    String[] all = Stream.of(clean, keep, less).flatMap(Stream::of).toArray(String[]::new);
    String[] named =
        Stream.of(all, new String[] {"--dry-run"}).flatMap(Stream::of).toArray(String[]::new);
    Path old = temp.resolve("demo/run/logs/nightly-2026-01-01.log");
    Files.write(old, new byte[1]);

    Terminals dry = Terminals.run(named);
    assertThat(dry.exitCode()).as(dry.err()).isZero();
    assertThat(samples.resolve("dt=2026-10-26")).isDirectory();
    Terminals done = Terminals.run(all);
    assertThat(done.exitCode()).as(done.err()).isZero();

    assertThat(json(done).path("removed")).isEqualTo(json(dry).path("removed"));
    assertThat(json(done).at("/removed/samples").asInt()).isEqualTo(5);
    assertThat(samples.toFile().list()).contains("dt=2026-10-31", "dt=2026-11-01").hasSize(2);
    assertThat(old).doesNotExist();
    assertThat(temp.resolve("demo/run/models/dt=2026-11-01")).isDirectory();
    assertThat(Terminals.run("show", "--conf", conf(), "--user", "user-1").exitCode()).isZero();
  }

  @Test
  @Order(9)
  void aRangeThatIsNoneIsRefused() {
    for (String[] range :
        new String[][] {
          {"--from", "2026-11-02", "--to", "2026-11-01"}, {"--from", "2026-11-01"}, {"--skip-done"}
        }) {
      List<String> arguments = new ArrayList<>(Arrays.asList("nightly", "--conf", conf()));
      arguments.addAll(Arrays.asList(range));
      Terminals refused = Terminals.run(arguments.toArray(new String[0]));

      assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
      assertThat(refused.err()).startsWith("Invalid range of dates: --from ");
    }
  }

  private static Terminals backFill() {
    return nights(
        temp.resolve("filled"), "--from", "2026-10-31", "--to", "2026-11-01", "--skip-done");
  }

  private static Terminals nights(Path root, String... dates) {
    List<String> arguments = new ArrayList<>(Arrays.asList("nightly", "--json", "--conf", conf()));
    arguments.addAll(Arrays.asList(dates));
    arguments.addAll(Arrays.asList("--set", "run.root=" + root, "--set", "training.epochs=1"));
    return Terminals.run(arguments.toArray(new String[0]));
  }

  /** A tag that a profile names, whatever the demo's tags are. */
  private static String tag() throws IOException {
    return json(first).at("/profiles/user-0/intentions/0/tag").asText();
  }

  private static Terminals show() {
    return Terminals.run("show", "--conf", conf(), "--user", "user-1", "--json");
  }

  private static double sum(JsonNode numbers) {
    double sum = 0;
    for (JsonNode number : numbers) {
      sum += number.asDouble();
    }
    return sum;
  }

  private static String conf() {
    return temp.resolve("demo/demo.conf").toString();
  }

  /** A command for the demo's date, with some settings of its own. */
  private static Terminals dated(String command, String... settings) {
    List<String> arguments =
        new ArrayList<>(Arrays.asList(command, "--conf", conf(), "--date", "2026-11-01", "--json"));
    for (String setting : settings) {
      arguments.addAll(Arrays.asList("--set", setting));
    }
    return Terminals.run(arguments.toArray(new String[0]));
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
