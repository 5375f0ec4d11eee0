package io.tagloom.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table of errors in README.md beside the texts in the sources and in the launcher. */
class ErrorTableTest {
  /** The first words of a message: what cannot be done, or what kind of thing is wrong. */
  private static final String HEAD = "(Cannot [a-z]+|Cannot(?= \")|Invalid|Missing|Unknown)\\b";

  /** A text in Java, with the exception that it is given to where that stands right before. */
  private static final Pattern IN_JAVA =
      Pattern.compile(
          "(?:new (\\w+)\\(\\s*(?:String\\.format\\(\\s*(?:Locale\\.ROOT,\\s*)?)?)?\"" + HEAD);

  private static final Pattern IN_LAUNCHER = Pattern.compile("(?:fail ([0-9]) )?\"" + HEAD);

  private static final Pattern ROW =
      Pattern.compile("\\| `([^`]+)` \\| ([1-5](?:, [1-5])*) \\| [^|]+ \\| [^|]+ \\|");

  /** Exit codes of a head by exception; "" where a text is handed on before it is thrown. */
  private static final Map<String, Set<String>> SOURCES = new TreeMap<>();

  private static final Map<String, Set<String>> TABLE = new TreeMap<>();

  @BeforeAll
  static void read() throws IOException {
    for (Path file : sources()) {
      Matcher text = IN_JAVA.matcher(words(file));
      while (text.find()) {
        note(text.group(2), text.group(1) == null ? "" : exitCode(text.group(1)));
      }
    }
    Matcher text = IN_LAUNCHER.matcher(words(Paths.get("bin/tagloom")));
    while (text.find()) {
      note(text.group(1 + 1), text.group(1) == null ? "" : text.group(1));
    }
    // "Cannot " alone is followed by the name of a stage whose predecessor has not run.
    assertThat(SOURCES.remove("Cannot")).isNotNull();
    Arrays.asList("train", "evaluate", "export").forEach(stage -> note("Cannot " + stage, "3"));
    for (String line : Files.readAllLines(Paths.get("README.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Set<String> codes = new TreeSet<>(Arrays.asList(row.group(2).split(", ")));
        assertThat(TABLE.put(row.group(1), codes)).as(row.group(1) + " twice").isNull();
      }
    }
  }

  @Test
  void everyTextOfTheSourcesIsInTheTableAndNoOther() {
    assertThat(SOURCES.size()).isGreaterThan(40);
    assertThat(TABLE.keySet()).containsExactlyElementsOf(SOURCES.keySet());
  }

  @Test
  void exitCodesAreThoseOfTheExceptions() {
    for (Map.Entry<String, Set<String>> head : SOURCES.entrySet()) {
      Set<String> known = new TreeSet<>(head.getValue());
      boolean handedOn = known.remove("");
      assertThat(TABLE.get(head.getKey())).as(head.getKey()).containsAll(known);
      if (!handedOn) {
        assertThat(TABLE.get(head.getKey())).as(head.getKey()).isEqualTo(known);
      }
    }
  }

  @Test
  void aHeadWithoutARowWouldBeSeen() {
    Matcher text =
        IN_JAVA.matcher("throw new InputException(\n  \"Cannot fly to \" + moon, \"Invalid moon\"");

    assertThat(text.find()).isTrue();
    assertThat(text.group(1) + " " + text.group(2)).isEqualTo("InputException Cannot fly");
    assertThat(text.find()).isTrue();
    assertThat(text.group(1) + " " + text.group(2)).isEqualTo("null Invalid");
  }

  private static void note(String head, String code) {
    SOURCES.computeIfAbsent(head, any -> new TreeSet<>()).add(code);
  }

  private static String exitCode(String exception) {
    switch (exception) {
      case "SettingsException":
        return "2";
      case "InputException":
        return "3";
      case "PublishRefusedException":
        return "4";
      case "LockedException":
        return "5";
      default:
        return "1";
    }
  }

  private static List<Path> sources() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String module : new String[] {"conf", "features", "training", "export", "pipeline"}) {
      try (Stream<Path> all = Files.walk(Paths.get("..", module, "src/main/java"))) {
        files.addAll(
            all.filter(file -> file.toString().endsWith(".java")).collect(Collectors.toList()));
      }
    }
    return files;
  }

  private static String words(Path file) throws IOException {
    return new String(Files.readAllBytes(file), UTF_8);
  }
}
