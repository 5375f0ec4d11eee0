package io.tagloom.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private static final Map<String, String> NONE = Collections.emptyMap();

  @TempDir Path folder;

  @Test
  void everyKeyOfTheReferenceIsReadAndItsValueIsAllowed() {
    assertThatCode(() -> Settings.load(Optional.empty(), NONE)).doesNotThrowAnyException();
  }

  @Test
  void aFileReplacesDefaultsAndSingleKeysReplaceTheFile() throws IOException {
    Path file = file("training { epochs = 7, batch-size = 512 }\nrun.seed = 3\n");

    Settings settings =
        Settings.load(
            Optional.of(file), Settings.overrides(Collections.singletonList("run.seed=9")));

    assertThat(settings.training().epochs(100)).isEqualTo(7);
    assertThat(settings.training().batchSize()).isEqualTo(512);
    assertThat(settings.run().seed()).isEqualTo(9);
  }

  @Test
  void allFaultsOfAFileComeInOneReportWithFileAndLine() throws IOException {
    Path file = file("training.epochs = 0\nsamples.negatve-rate = 0.5\nmodel.score = dots\n");

    assertThatThrownBy(() -> Settings.load(Optional.of(file), NONE))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("Cannot use these settings: 3 faults.")
        .hasMessageContaining(
            "Invalid training.epochs: 0; expected auto, or a whole number from 1 to 1000 ("
                + file
                + ":1).")
        .hasMessageContaining(
            "Unknown key samples.negatve-rate ("
                + file
                + ":2). Did you mean samples.negative-rate?")
        .hasMessageContaining(
            "Invalid model.score: dots; expected one of dot, cosine, kernel-cosine ("
                + file
                + ":3).");
  }

  @Test
  void aFaultOfASingleKeyNamesTheOption() {
    assertThatThrownBy(
            () ->
                Settings.reference(
                    Settings.overrides(Arrays.asList("training.epochs=many", "run.sed=1"))))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("Invalid training.epochs: \"many\"; expected auto, or a whole number")
        .hasMessageContaining("(--set training.epochs)")
        .hasMessageContaining("Unknown key run.sed (--set run.sed). Did you mean run.seed?");
  }

  @Test
  void aFileThatIsMissingOrNoHoconIsRefusedInOneLine() throws IOException {
    Path missing = folder.resolve("missing.conf");
    assertThatThrownBy(() -> Settings.load(Optional.of(missing), NONE))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "Cannot read the settings file: "
                + missing
                + " is not a file. Check the path given with --conf.");

    Path broken = file("training { epochs = \n");
    assertThatThrownBy(() -> Settings.load(Optional.of(broken), NONE))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("Cannot read the settings: ")
        .hasMessageContaining(broken.toString());
  }

  @Test
  void ownPathsServeInOtherValues() throws IOException {
    Path file = file("input.clicks.path = ${paths.logs}/clicks.csv\n");

    Settings settings =
        Settings.load(
            Optional.of(file),
            Settings.overrides(Collections.singletonList("paths.logs=/data/my logs")));

    assertThat(settings.input().clicks().path()).isEqualTo("/data/my logs/clicks.csv");
  }

  @Test
  void fingerprintsTellBlocksApart() {
    Settings one = Settings.reference(NONE);
    Settings other = Settings.reference(Collections.singletonMap("training.epochs", "2"));

    assertThat(one.fingerprint("samples")).isEqualTo(other.fingerprint("samples"));
    assertThat(one.fingerprint("training")).isNotEqualTo(other.fingerprint("training"));
  }

  @Test
  void keysThatCannotChangeTheModelAreNotInTheFingerprint() {
    Settings reference = Settings.reference(NONE);
    for (String other :
        Arrays.asList(
            "block-memory-share=0.1",
            "restarts=0",
            "checkpoint.folder=/elsewhere",
            "checkpoint.on-failure=stop",
            "log-seconds=1",
            "tensorboard=off")) {
      Settings settings =
          Settings.reference(Settings.overrides(Collections.singletonList("training." + other)));

      assertThat(settings.json()).as(other).isNotEqualTo(reference.json());
      assertThat(settings.fingerprint("training"))
          .as(other)
          .isEqualTo(reference.fingerprint("training"));
    }
    for (String other : Arrays.asList("threads=3", "optimizer.decay=0.5", "guard.loss-factor=0")) {
      Settings settings =
          Settings.reference(Settings.overrides(Collections.singletonList("training." + other)));

      assertThat(settings.fingerprint("training"))
          .as(other)
          .isNotEqualTo(reference.fingerprint("training"));
    }
  }

  private Path file(String text) throws IOException {
    Path file = folder.resolve("my.conf");
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    return file;
  }

  @Test
  void secretsOfTheUsersOwnKeysAreNotShown() {
    Settings settings =
        Settings.reference(
            Settings.overrides(
                Arrays.asList(
                    "input.clicks.format=jdbc",
                    "input.clicks.options={url=\"jdbc:x?user=u&password=canary1&a=b\","
                        + "password=canary2}",
                    "input.users.options={url=\"jdbc:y://me:canary4@host/db\","
                        + " sasl.jaas = \"m user=a, pwd=canary5;\", headers = canary }",
                    "export.jdbc.url=jdbc:oracle:thin:scott/canary6@//host:1521/x",
                    "export.jdbc.properties={\"ssl.key.passphrase\" = canary7}",
                    "spark.properties={\"spark.hadoop.fs.s3a.access.key\"=canary3,"
                        + " \"spark.hadoop.fs.azure.account.key.x\" = \"canary8==\","
                        + " \"spark.hadoop.fs.s3a.endpoint\" = \"https://h?sig=canary9\"}")));

    assertThat(settings.json())
        .doesNotContainPattern("canary[0-9]")
        .contains("jdbc:x?user=u&password=(hidden)&a=b")
        .contains("jdbc:y://me:(hidden)@host/db")
        .contains("jdbc:oracle:thin:scott/(hidden)@//host:1521/x")
        .contains("\"password-variable\":\"TAGLOOM_JDBC_PASSWORD\"");
    assertThat(settings.input().clicks().options()).containsEntry("password", "canary2");
    assertThat(
            settings.hide(
                "Cannot reach jdbc:y://me:canary4@host/db with canary2 and canary8==: no"
                    + " password-variable is set"))
        .isEqualTo(
            "Cannot reach jdbc:y://me:(hidden)@host/db with (hidden) and (hidden): no"
                + " password-variable is set");
  }

  @Test
  void placesFromTheEnvironmentAreNotShownAndNumbersAre() throws IOException {
    Settings settings =
        Settings.load(
            Optional.of(
                file(
                    "run.root = ${PATH}\npaths.all = \"a\"${PATH}\n"
                        + "features.tag-field = ${PATH}\n")),
            Collections.emptyMap());

    assertThat(settings.run().root()).isEqualTo(System.getenv("PATH"));
    assertThat(settings.json())
        .contains("\"root\":\"(from the environment)\"")
        .contains("\"all\":\"(from the environment)\"")
        .contains("\"tag-field\":\"" + System.getenv("PATH"));
  }

  @Test
  void includedFilesAreReadBesideTheFileAndMustBeThere() throws IOException {
    Files.write(folder.resolve("mini.conf"), "run.seed = 7".getBytes(StandardCharsets.UTF_8));
    for (String include : new String[] {"\"mini.conf\"", "\"mini\"", "required(\"mini.conf\")"}) {
      Path file = file("include " + include + "\ntraining.days = 3");
      Settings settings = Settings.load(Optional.of(file), Collections.emptyMap());
      assertThat(settings.run().seed()).as(include).isEqualTo(7);
    }
    for (String include :
        new String[] {"\"none.conf\"", "required(\"none.conf\")", "file(\"none.conf\")"}) {
      Optional<Path> file = Optional.of(file("include " + include));
      assertThatThrownBy(() -> Settings.load(file, Collections.emptyMap()))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("included file none.conf is not there")
          .message()
          .doesNotContain("Exception");
    }
  }

  @Test
  void whatIsNestedTooDeeplyIsRefused() throws IOException {
    StringBuilder deep = new StringBuilder("paths.x = ");
    for (int i = 0; i < 20_000; i++) {
      deep.append('[');
    }
    Optional<Path> file = Optional.of(file(deep.toString()));
    assertThatThrownBy(() -> Settings.load(file, Collections.emptyMap()))
        .isInstanceOf(SettingsException.class);
  }

  @Test
  void namesOfTasksAreNoPaths() {
    assertThatThrownBy(
            () ->
                Settings.reference(
                    Settings.overrides(
                        Collections.singletonList(
                            "model.tasks=[{name=\"../../evil\", label=click, kernels=[0]}]"))))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("../../evil")
        .hasMessageContaining("letters, digits, _ and -");
  }

  @Test
  void controlCharactersOfValuesAreWrittenAsNumbers() {
    assertThat(new InputException("Cannot read a\u001b[31m\tb\nc."))
        .hasMessage("Cannot read a\\u001b[31m\\u0009b\\u000ac.");
    assertThat(new SettingsException("one\ntwo")).hasMessage("one\ntwo");
  }

  @Test
  void whatOnlyALaterStageWouldMeetIsRefusedAtOnce() {
    assertThatThrownBy(
            () ->
                Settings.load(
                    Optional.empty(),
                    Settings.overrides(
                        Arrays.asList(
                            "model.score=cosine",
                            "model.scale.start=-1",
                            "export.tag-score=items",
                            "export.intentions=sale",
                            "evaluation.min-auc={ctrr=0.6}",
                            "samples.split.test=0",
                            "model.tasks=[{name=ctr,label=click,kernels=[0]},"
                                + "{name=cvr,label=order,rows=click,kernels=[1]}]"))))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("Cannot use these settings: 7 faults.")
        .hasMessageContaining("Invalid export.ann.vectors: on; expected off when model.score")
        .hasMessageContaining("Invalid export.tag-score: items; expected tag or auto when")
        .hasMessageContaining("Invalid model.scale.start: -1")
        .hasMessageContaining("Invalid export.intentions: sale; expected a task of model.tasks")
        .hasMessageContaining("Invalid evaluation.min-auc: ctrr; expected a task of model.tasks")
        .hasMessageContaining("Invalid evaluation.split: test; expected a split with samples")
        .hasMessageContaining("label or rows order of task cvr; expected click, conversion or one");
  }
}
