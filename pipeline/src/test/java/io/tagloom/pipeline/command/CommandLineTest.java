package io.tagloom.pipeline.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.conf.Settings;
import io.tagloom.conf.TaskSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "generate",
        "check",
        "samples",
        "train",
        "evaluate",
        "export",
        "nightly",
        "show",
        "audience",
        "similar",
        "publish",
        "package",
        "bench"
      })
  void everyCommandExplainsItselfWithExamples(String command) {
    Terminals help = Terminals.run(command, "--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out())
        .contains("Usage: tagloom " + command, "Examples:", "  tagloom " + command);
  }

  @Test
  void withoutACommandTheUsageIsShownAndTheExitCodeIsTwo() {
    Terminals bare = Terminals.run();

    assertThat(bare.exitCode()).isEqualTo(2);
    assertThat(bare.err()).contains("Usage: tagloom");
    assertThat(bare.out()).isEmpty();
  }

  @Test
  void anUnknownOptionIsASettingsFault() {
    Terminals wrong = Terminals.run("nightly", "--colour", "red");

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err())
        .startsWith(
            "Invalid arguments: Unknown options: '--colour', 'red'; expected what `tagloom nightly"
                + " --help` lists.");
  }

  @Test
  void aDateThatIsNoneIsASettingsFault() {
    Terminals wrong = Terminals.run("samples", "--date", "yesterday");

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).startsWith("Invalid arguments: Invalid value for option '--date'");
  }

  @Test
  void everyFaultOfASettingsFileIsReportedWithItsLine() throws IOException {
    Path conf = folder.resolve("my.conf");
    Files.write(
        conf,
        "run.root = /tmp/x\ntraining {\n  epoch = 3\n  epochs = none\n}\n"
            .getBytes(StandardCharsets.UTF_8));

    Terminals wrong = Terminals.run("nightly", "--conf", conf.toString(), "--date", "2026-11-01");

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err())
        .startsWith("Cannot use these settings: 2 faults.\n")
        .contains("Unknown key training.epoch (" + conf + ":3). Did you mean training.epochs?")
        .contains(
            "Invalid training.epochs: \"none\"; expected auto, or a whole number from 1 to 1000")
        .contains(conf + ":4)")
        .doesNotContain("\tat ");
    assertThat(wrong.out()).isEmpty();
  }

  @Test
  void withJsonAFailureIsTheLastLineOfStandardOutput() {
    Terminals wrong = Terminals.run("train", "--set", "run.rot=x", "--json");

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.lastLine())
        .isEqualTo(
            "{\"command\":\"train\",\"status\":\"failed\",\"exit_code\":2,\"error\":"
                + "\"Unknown key run.rot (--set run.rot). Did you mean run.root?\"}");
  }

  @Test
  void aRunNeedsAFolder() {
    Terminals wrong = Terminals.run("nightly", "--date", "2026-11-01");

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).startsWith("Missing run.root; expected a folder");
  }

  @Test
  void aFolderBelowAFileCannotBeWritten() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    Terminals wrong =
        Terminals.run("nightly", "--date", "2026-11-01", "--set", "run.root=" + file + "/run");

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err())
        .startsWith("Cannot write to run.root " + file + "/run: ")
        .endsWith("Choose a folder that can be written with --set run.root=DIR.\n");
  }

  @Test
  void aStageNeedsADate() {
    Terminals wrong = Terminals.run("train", "--set", "run.root=" + folder);

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err())
        .isEqualTo("Missing --date; expected the day to run, such as --date 2026-11-01.\n");
  }

  @Test
  void withoutPublishedTablesReadersAreToldWhatToRun() {
    for (String[] command :
        new String[][] {
          {"show", "--user", "u1"},
          {"audience", "--tag", "coffee"},
          {"similar", "--tag", "coffee"},
          {"publish", "--list"},
          {"publish", "--rollback"}
        }) {
      String[] arguments = Arrays.copyOf(command, command.length + 2);
      arguments[command.length] = "--set";
      arguments[command.length + 1] = "run.root=" + folder;

      Terminals nothing = Terminals.run(arguments);

      assertThat(nothing.exitCode()).as(command[0]).isEqualTo(3);
      assertThat(nothing.err())
          .isEqualTo(
              "Cannot read tables: nothing is published in "
                  + folder
                  + "/tables. Run `tagloom nightly`, or check run.root.\n");
    }
  }

  @Test
  void numbersOutOfTheirRangeAreSettingsFaults() {
    for (String[] command :
        new String[][] {
          {"show", "--user", "u"}, {"audience", "--tag", "t"}, {"similar", "--tag", "t"}
        }) {
      Terminals wrong =
          Terminals.run(
              command[0], command[1], command[2], "--top", "0", "--set", "run.root=" + folder);

      assertThat(wrong.exitCode()).as(command[0]).isEqualTo(2);
      assertThat(wrong.err()).startsWith("Invalid --top: 0; expected a whole number from 1 to 1");
    }
  }

  @Test
  void publishNeedsToBeToldWhat() {
    Terminals bare = Terminals.run("publish", "--set", "run.root=" + folder);
    Terminals both =
        Terminals.run("publish", "--list", "--rollback", "--set", "run.root=" + folder);

    assertThat(bare.exitCode()).isEqualTo(2);
    assertThat(bare.err()).contains("--list", "--rollback", "--use");
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("mutually exclusive");
  }

  @Test
  void benchWithoutAPartNamesTheParts() {
    Terminals wrong = Terminals.run("bench");

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).startsWith("Missing what to measure; expected one of ");
  }

  @Test
  void sizesOfATrainingBenchmarkAreCheckedBeforeSparkStarts() {
    Terminals none = Terminals.run("bench", "train", "--size", "0");
    Terminals narrow = Terminals.run("bench", "train", "--vocabulary", "2");
    Terminals nobody = Terminals.run("bench", "train", "--workers", "0");
    Terminals kernels = Terminals.run("bench", "train", "--kernels", "65");

    assertThat(none.err()).isEqualTo("Invalid --size: 0; expected 1 to 2147483647 samples.\n");
    assertThat(narrow.err()).isEqualTo("Invalid --vocabulary: 2; expected 3 to 268435456.\n");
    assertThat(nobody.err()).isEqualTo("Invalid --workers: 0; expected 1 or more.\n");
    assertThat(kernels.err()).isEqualTo("Invalid --kernels: 65; expected 1 to 64.\n");
    for (Terminals run : new Terminals[] {none, narrow, nobody, kernels}) {
      assertThat(run.exitCode()).isEqualTo(2);
    }
  }

  @Test
  void sizesOfATrainingBenchmarkAreSettings() {
    SizeOptions sizes = new SizeOptions();
    new CommandLine(new Options(sizes))
        .parseArgs(
            "--dim=8", "--kernels=7", "--tasks=3", "--hidden=32,16", "--batch=512", "--threads=1");
    Settings settings = Settings.reference(sizes.settings());

    assertThat(settings.model().embeddingDim()).isEqualTo(8);
    assertThat(settings.model().attentionDim()).isEqualTo(8);
    assertThat(settings.model().expertHidden()).containsExactly(32, 16);
    assertThat(settings.training().batchSize()).isEqualTo(512);
    assertThat(settings.training().threads()).isEqualTo(1);
    List<TaskSettings> tasks = sizes.step().paper().model().tasks();
    assertThat(tasks).hasSize(3);
    assertThat(settings.model().kernels()).isEqualTo(7);
    assertThat(settings.model().tasks())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(tasks);
  }

  /** Options alone, as a command has them. */
  @CommandLine.Command
  private static final class Options {
    @CommandLine.Mixin private final SizeOptions sizes;

    Options(SizeOptions sizes) {
      this.sizes = sizes;
    }
  }

  @Test
  void benchRefusesSizesOutOfRange() {
    Terminals wrong = Terminals.run("bench", "train-step", "--kernels", "0");

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("Invalid --kernels: 0; expected 1 to 64.");
  }
}
