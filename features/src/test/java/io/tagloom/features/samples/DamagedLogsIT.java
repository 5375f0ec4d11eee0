package io.tagloom.features.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.conf.InputException;
import io.tagloom.features.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged copies of a valid log: each gives all labels, or says what is lost, or is refused in one
 * line. {@code -Dtagloom.damaged-copies=500} tries more of them than the ordinary build.
 */
class DamagedLogsIT {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 5);
  private static final long NOON = DAY.toEpochDay() * 86_400_000L + 43_200_000;
  private static final String[] TABLES = {"impressions", "clicks", "conversions"};
  private static final String[] FORMATS = {"csv", "parquet", "json", "orc"};
  private static final String[] COLUMNS = {
    "impression_id", "user_id", "item_id", "click_id", "conversion_id", "ts", "position"
  };
  private static final int CLICKS = 30;

  /** What takes part in no label and is counted in the join health. */
  private static final List<String> COUNTED =
      Arrays.asList(
          "clicks.out_of_window",
          "conversions.out_of_window",
          "conversions.unclicked",
          "clicks.rejected",
          "conversions.rejected");

  private static TestRun good;
  private static long labels;

  @BeforeAll
  static void goodLogs() {
    good = new TestRun();
    for (String format : FORMATS) {
      write(
          format,
          "impressions",
          "select id + 1000 impression_id, id % 20 + 100 user_id,"
              + " id % 30 + 500 item_id, "
              + NOON
              + " + id * 1000 ts, int(id % 5) position"
              + " from range(90)");
      write(
          format,
          "clicks",
          "select id + 3000 click_id, id * 3 + 1000 impression_id, "
              + (NOON + 500)
              + " + id * 3000 ts from range("
              + CLICKS
              + ")");
      write(
          format,
          "conversions",
          "select id + 5000 conversion_id, id * 2 + 3000 click_id, "
              + (NOON + 600_000)
              + " + id * 3000 ts from range("
              + CLICKS / 2
              + ")");
    }
    JoinHealth health = logs("csv", good.folder().resolve("good/csv")).run(DAY);
    labels = labels(health);
    assertThat(labels).isEqualTo(CLICKS + CLICKS / 2);
  }

  private static void write(String format, String table, String query) {
    Dataset<Row> rows = LocalSpark.session().sql(query);
    rows.coalesce(1)
        .write()
        .format(format)
        .option("header", "true")
        .save(good.folder() + "/good/" + format + "/" + table);
  }

  private static TestRun logs(String format, Path folder) {
    List<String> settings = new ArrayList<>();
    settings.add("samples.max-rejected-share=0.01");
    settings.add("samples.max-orphan-share=0.5");
    settings.add("evaluation.undefined=refuse");
    for (String table : TABLES) {
      settings.add("input." + table + ".path=" + folder + "/" + table);
      settings.add("input." + table + ".format=" + format);
    }
    return new TestRun(settings.toArray(new String[0]));
  }

  private static long labels(JoinHealth health) {
    return health.total("samples.clicked") + health.total("samples.converted");
  }

  static List<Integer> copies() {
    List<Integer> copies = new ArrayList<>();
    for (int i = 0; i < Integer.getInteger("tagloom.damaged-copies", 24); i++) {
      copies.add(i);
    }
    return copies;
  }

  @ParameterizedTest
  @MethodSource("copies")
  void endsRightOrSaysWhatIsWrong(int copy) throws IOException {
    Random random = new Random(20_260_305L + copy);
    String format = FORMATS[copy % FORMATS.length];
    Path folder = good.folder().resolve("copy-" + copy);
    List<Path> files = copied(good.folder().resolve("good").resolve(format), folder);
    Path file = files.get(random.nextInt(files.size()));
    String damage = damage(file, format, random);
    String what = "copy " + copy + ", " + folder.relativize(file) + " " + damage;

    JoinHealth health;
    try {
      health = logs(format, folder).run(DAY);
    } catch (InputException e) {
      assertThat(e.exitCode()).as(what).isEqualTo(3);
      assertThat(e.getMessage()).as(what).hasLineCount(1).startsWith("Cannot ");
      return;
    } catch (Exception e) {
      throw new AssertionError(what + " ended with " + e, e);
    }
    boolean said =
        !health.warnings().isEmpty()
            || COUNTED.stream().anyMatch(number -> health.total(number) > 0);
    assertThat(labels(health) >= labels || said)
        .as(what + ": labels " + labels(health) + " of " + labels + ", and not a word")
        .isTrue();
  }

  private static List<Path> copied(Path from, Path to) throws IOException {
    List<Path> copies = new ArrayList<>();
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().collect(Collectors.toList())) {
        String name = file.getFileName().toString();
        if (!name.startsWith(".") && !name.startsWith("_")) {
          Path copy = to.resolve(from.relativize(file));
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
          copies.add(copy);
        }
      }
    }
    return copies;
  }

  private static String damage(Path file, String format, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    boolean text = format.equals("csv") || format.equals("json");
    switch (random.nextInt(text ? 5 : 2)) {
      case 0:
        int flips = 1 + random.nextInt(5);
        for (int i = 0; i < flips; i++) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        Files.write(file, bytes);
        return "with " + flips + " bits flipped";
      case 1:
        int length = random.nextInt(bytes.length);
        Files.write(file, Arrays.copyOf(bytes, length));
        return "cut to " + length + " of " + bytes.length + " bytes";
      case 2:
        String column = COLUMNS[random.nextInt(COLUMNS.length)];
        return replace(file, column, column + "_x");
      case 3:
        String digit = String.valueOf(random.nextInt(10));
        return replace(file, digit, "n" + digit);
      default:
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        List<String> doubled = new ArrayList<>(lines);
        doubled.addAll(lines.subList(1, lines.size()));
        Files.write(file, doubled, StandardCharsets.UTF_8);
        return "with its lines doubled";
    }
  }

  private static String replace(Path file, String what, String by) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    Files.write(file, text.replace(what, by).getBytes(StandardCharsets.UTF_8));
    return "with " + by + " for " + what;
  }
}
