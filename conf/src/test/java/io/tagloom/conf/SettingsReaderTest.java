package io.tagloom.conf;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsReaderTest {
  private static final String REFERENCE =
      "block { count = 3, share = 0.5, mode = kernel-cosine, names = [a], free {}, flag = off }";

  private enum Mode {
    DOT,
    KERNEL_COSINE
  }

  @Test
  void valuesOfTheUserReplaceDefaults() {
    SettingsReader block = read("block { count = 7, mode = dot, flag = on }").at("block");

    assertThat(block.integer("count", 1, 10)).isEqualTo(7);
    assertThat(block.number("share", 0, 1)).isEqualTo(0.5);
    assertThat(block.choice("mode", Mode.class)).isEqualTo(Mode.DOT);
    assertThat(block.onOff("flag")).isTrue();
    assertThat(block.texts("names")).containsExactly("a");
    assertThat(block.map("free")).isEmpty();
    assertThat(block.finish()).isEmpty();
  }

  @Test
  void everyWrongValueIsReportedWithItsLineAndTheDefaultIsReadOn() {
    SettingsReader block =
        read("block {\n count = 11\n share = x\n mode = dots\n flag = maybe\n names = 3\n}")
            .at("block");

    assertThat(block.integer("count", 1, 10)).isEqualTo(3);
    assertThat(block.number("share", 0, 1)).isEqualTo(0.5);
    assertThat(block.choice("mode", Mode.class)).isEqualTo(Mode.KERNEL_COSINE);
    assertThat(block.onOff("flag")).isFalse();
    assertThat(block.texts("names")).containsExactly("a");
    block.map("free");
    assertThat(block.finish())
        .containsExactly(
            "Invalid block.count: 11; expected a whole number from 1 to 10 (my.conf:2).",
            "Invalid block.share: \"x\"; expected a number from 0 to 1 (my.conf:3).",
            "Invalid block.mode: dots; expected one of dot, kernel-cosine (my.conf:4).",
            "Invalid block.flag: \"maybe\"; expected on or off (my.conf:5).",
            "Invalid block.names: 3; expected a list of texts (my.conf:6).");
  }

  @Test
  void aKeyThatNothingReadsIsUnknownAndTheNearestIsNamed() {
    SettingsReader root = read("block {\n\n cuont = 4 }\nblok { a = 1 }");
    SettingsReader block = root.at("block");
    block.integer("count", 1, 10);
    block.number("share", 0, 1);
    block.choice("mode", Mode.class);
    block.texts("names");
    block.map("free");
    block.onOff("flag");

    assertThat(root.finish())
        .containsExactly(
            "Unknown key blok (my.conf:4). Did you mean block?",
            "Unknown key block.cuont (my.conf:3). Did you mean block.count?");
  }

  @Test
  void fractionsAndInfinityAreNoWholeNumbersOrNumbers() {
    SettingsReader block = read("block { count = 2.5, share = NaN }").at("block");

    block.integer("count", 1, 10);
    block.number("share", 0, 1);
    assertThat(block.faults())
        .containsExactly(
            "Invalid block.count: 2.5; expected a whole number from 1 to 10 (my.conf:1).",
            "Invalid block.share: NaN; expected a number from 0 to 1 (my.conf:1).");
  }

  @Test
  void aBlockThatIsNoBlockIsAFaultAndDefaultsAreRead() {
    SettingsReader block = read("block = 3").at("block");

    assertThat(block.integer("count", 1, 10)).isEqualTo(3);
    assertThat(block.faults())
        .containsExactly("Invalid block: 3; expected a block { ... } (my.conf:1).");
  }

  @Test
  void listsOfBlocksNameTheirPlace() {
    SettingsReader root = read("tasks = [ { name = a }, {\n name = \"\"\n kernles = [1] } ]");
    List<SettingsReader> tasks = root.blocks("tasks");

    assertThat(tasks).hasSize(2);
    assertThat(tasks.get(0).requiredText("name")).isEqualTo("a");
    tasks.get(1).requiredText("name");
    tasks.get(0).integers("kernels", 0, 3);
    tasks.get(1).integers("kernels", 0, 3);
    root.at("block").map("free");
    assertThat(root.faults())
        .containsExactly(
            "Invalid tasks[1].name: \"\"; expected a text that is not empty (my.conf:2).",
            "Missing tasks[0].kernels; expected a list of whole numbers from 0 to 3 (my.conf:1).",
            "Missing tasks[1].kernels; expected a list of whole numbers from 0 to 3 (my.conf:1).");
  }

  @Test
  void dottedNamesInAFreeBlockStayWhole() {
    SettingsReader block = read("block.free { \"spark.a.b\" = 1, spark.c = on }").at("block");

    assertThat(block.map("free")).containsEntry("spark.a.b", "1").containsEntry("spark.c", "on");
  }

  private static SettingsReader read(String text) {
    Config reference = ConfigFactory.parseString(REFERENCE);
    Config user =
        ConfigFactory.parseString(
            text, ConfigParseOptions.defaults().setOriginDescription("my.conf"));
    return SettingsReader.over(user.withFallback(reference), reference);
  }
}
