package io.tagloom.features.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tagloom.conf.InputException;
import io.tagloom.conf.Settings;
import io.tagloom.features.LocalSpark;
import io.tagloom.features.logs.LogTable;
import io.tagloom.features.logs.Logs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One log of three days in every layout, with columns and types that change from day to day, packed
 * in every way: the same samples, or one line that says what is wrong; and what is left out is
 * said.
 */
class InputKindsIT {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 5);
  private static final long[] NOON = {noon(2), noon(1), noon(0)};
  private static final String[] DAYS = {"2026-03-03", "2026-03-04", "2026-03-05"};
  private static SortedMap<String, String> expected;

  private static long noon(int daysBefore) {
    return DAY.minusDays(daysBefore).toEpochDay() * 86_400_000L + 43_200_000;
  }

  /** A way to write the log, and what comes of it. */
  private static final class Kind {
    private final String name;
    private final Consumer<Input> write;
    private String refused;
    private final List<String> warnings = new ArrayList<>();
    private Long samples;
    private final List<String> settings = new ArrayList<>();

    Kind(String name, Consumer<Input> write) {
      this.name = name;
      this.write = write;
    }

    Kind refused(String message) {
      this.refused = message;
      return this;
    }

    Kind warns(String... lines) {
      warnings.addAll(Arrays.asList(lines));
      return this;
    }

    /** The number of samples where it is not that of the whole log. */
    Kind samples(long number) {
      this.samples = number;
      return this;
    }

    Kind set(String... assignments) {
      settings.addAll(Arrays.asList(assignments));
      return this;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Where a log is written; two impressions, a click and a conversion a day. */
  private static final class Input {
    private final Path logs;

    Input(Path logs) {
      this.logs = logs;
    }

    String impressions(int day) {
      String rows = "select %1$dL impression_id, 7L user_id, 70L item_id, %3$dL ts, %1$d position";
      return String.format(
          rows + " union all select %2$dL, 8L, 80L, %3$dL, null",
          2 * day + 1,
          2 * day + 2,
          NOON[day]);
    }

    String clicks(int day) {
      return String.format(
          "select %dL click_id, %dL impression_id, %dL ts",
          day + 10, 2 * day + 1, NOON[day] + 1000);
    }

    String conversions(int day) {
      return String.format(
          "select %dL conversion_id, %dL click_id, %dL ts, 'order' type, 2.5D value",
          day + 20, day + 10, NOON[day] + 5000);
    }

    /** All tables as Parquet in folders of days. */
    Input days() {
      return impressionDays().eventDays();
    }

    Input impressionDays() {
      for (int day = 0; day < 3; day++) {
        write(impressions(day), "impressions/dt=" + DAYS[day]);
      }
      return this;
    }

    Input eventDays() {
      for (int day = 0; day < 3; day++) {
        write(clicks(day), "clicks/dt=" + DAYS[day]);
        write(conversions(day), "conversions/dt=" + DAYS[day]);
      }
      return this;
    }

    /** Adds rows of a query to a folder. */
    void write(String query, String folder, String... format) {
      Dataset<Row> rows = LocalSpark.session().sql(query).coalesce(1);
      rows.write()
          .mode("append")
          .format(format.length > 0 ? format[0] : "parquet")
          .option("compression", format.length > 1 ? format[1] : "snappy")
          .save(logs + "/" + folder);
    }

    /** A table's rows of some days with other columns or types, in their folders. */
    Input as(String table, String select, int... days) {
      for (int day : days) {
        String query =
            table.equals("impressions")
                ? impressions(day)
                : table.equals("clicks") ? clicks(day) : conversions(day);
        write("select " + select + " from (" + query + ")", table + "/dt=" + DAYS[day]);
      }
      return this;
    }

    Input impressionsAs(String select, int... days) {
      return as("impressions", select, days);
    }

    /** The events as they are, and none of the conversions. */
    Input withoutConversions() {
      impressionDays();
      return as("clicks", "*", 0, 1, 2);
    }

    /** All tables flat, the impressions of a format and compression. */
    Input packed(String... format) {
      for (int day = 0; day < 3; day++) {
        write(impressions(day), "impressions", format);
        write(clicks(day), "clicks", format);
        write(conversions(day), "conversions", format);
      }
      return this;
    }

    void text(String file, String... lines) {
      bytes(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void bytes(String file, byte[] bytes) {
      try {
        Files.createDirectories(logs.resolve(file).getParent());
        Files.write(logs.resolve(file), bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void csv(String file, int... days) {
      text(file, csvLines(days));
    }

    String[] csvLines(int... days) {
      List<String> lines = new ArrayList<>();
      lines.add("impression_id,user_id,item_id,ts,position");
      for (int day : days) {
        lines.add(String.format("%1$d,7,70,%2$d,%1$d", 2 * day + 1, NOON[day]));
        lines.add(String.format("%d,8,80,%d,", 2 * day + 2, NOON[day]));
      }
      return lines.toArray(new String[0]);
    }

    void move(String from, String to) {

      try {
        Files.createDirectories(logs.resolve(to).getParent());
        Files.move(logs.resolve(from), logs.resolve(to));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void zipped(String file) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ZipOutputStream out = new ZipOutputStream(bytes)) {
        out.putNextEntry(new ZipEntry("a.csv"));
        out.write(String.join("\n", csvLines(0, 1, 2)).getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      bytes(file, bytes.toByteArray());
    }

    /** The data file of a folder. */
    Path file(String folder) {
      try (Stream<Path> files = Files.list(logs.resolve(folder))) {
        return files
            .filter(file -> file.getFileName().toString().startsWith("part-"))
            .findFirst()
            .get();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @BeforeAll
  static void standard() {
    TestRun run = run();
    new Input(run.folder().resolve("logs")).days();
    run.run(DAY);
    expected = run.samples(DAY);
    assertThat(expected).hasSize(6);
    assertThat(expected.get("5")).contains("click=1", "conversion=1", "value=2.5", "position=5");
  }

  private static TestRun run(String... settings) {
    List<String> all = new ArrayList<>(Arrays.asList(settings));
    all.addAll(
        Arrays.asList(
            "samples.max-rejected-share=0.01",
            "samples.max-orphan-share=0.5",
            "evaluation.undefined=refuse"));
    return new TestRun(all.toArray(new String[0]));
  }

  static List<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>();
    columns(kinds);
    layouts(kinds);
    packings(kinds);
    emptyDays(kinds);
    return kinds;
  }

  /** Columns and types that change from day to day. */
  private static void columns(List<Kind> kinds) {
    String all = "impression_id, user_id, item_id, ts, position";
    String order = "conversion_id, click_id, ts, type, value";
    kinds.add(
        new Kind(
            "ids of int, then of long, then of text",
            in ->
                in.eventDays()
                    .impressionsAs(all.replace("user_id", "int(user_id) user_id"), 0)
                    .impressionsAs(all, 1)
                    .impressionsAs(all.replace("user_id", "string(user_id) user_id"), 2)));
    kinds.add(
        new Kind(
            "ids of double on one day",
            in ->
                in.eventDays()
                    .impressionsAs(all.replace("user_id", "double(user_id) user_id"), 0)
                    .impressionsAs(all, 1, 2)));
    kinds.add(
        new Kind(
            "times as longs, then as timestamps",
            in ->
                in.eventDays()
                    .impressionsAs(all, 0, 2)
                    .impressionsAs(all.replace("ts", "timestamp_millis(ts) ts"), 1)));
    kinds.add(
        new Kind(
                "numbers without a value on the first day, of another type then",
                in ->
                    in.eventDays()
                        .impressionsAs(all.replace("position", "cast(null as string) position"), 0)
                        .impressionsAs(all, 1, 2))
            .samples(6));
    kinds.add(
        new Kind(
            "a first day without rows and with columns of other types",
            in -> {
              in.days();
              in.write(
                  "select 'x' impression_id, 'x' user_id, true item_id, 'x' ts where false",
                  "impressions/dt=2026-03-02");
            }));
    kinds.add(
        new Kind(
                "a column that appears on the second day",
                in ->
                    in.impressionDays()
                        .as("clicks", "*", 0, 1, 2)
                        .as("conversions", "conversion_id, click_id, ts", 0)
                        .as("conversions", order, 1, 2))
            .samples(6)
            .warns(
                "conversions: column type is missing in files such as file:LOGS/conversions/dt=2026-03-03/",
                "conversions: column value is missing in files such as file:LOGS/conversions/dt=2026-03-03/"));
    kinds.add(
        new Kind(
            "an unused column whose types do not go together",
            in ->
                in.eventDays()
                    .impressionsAs(all + ", true unused", 0)
                    .impressionsAs(all + ", array(1) unused", 1, 2)));
    kinds.add(
        new Kind(
                "a context column of int, then of long",
                in ->
                    in.eventDays()
                        .impressionsAs(all + ", 1 page", 0)
                        .impressionsAs(all + ", 1L page", 1, 2))
            .set("input.context-columns=[page]")
            .samples(6));
    kinds.add(
        new Kind(
                "a context column whose types do not go together",
                in ->
                    in.eventDays()
                        .impressionsAs(all + ", true page", 0)
                        .impressionsAs(all + ", 1.5D page", 1, 2))
            .set("input.context-columns=[page]")
            .refused(
                "Cannot read impressions: column page is boolean in file:LOGS/impressions/dt=2026-03-03/FILE"
                    + " and double in file:LOGS/impressions/dt=2026-03-04/FILE, and neither holds the"
                    + " values of the other. Write the files of one of them anew, or leave the column"
                    + " out."));
    kinds.add(
        new Kind(
            "CSV files whose columns grow and change places",
            in -> {
              in.eventDays();
              in.csv("impressions/a.csv", 0);
              in.text(
                  "impressions/b.csv",
                  "item_id,user_id,impression_id,ts,more,position",
                  "70,7,3," + NOON[1] + ",x,3",
                  "80,8,4," + NOON[1] + ",y,");
              in.csv("impressions/c.csv", 2);
            }));
    kinds.add(
        new Kind(
            "CSV on the first day, then Parquet",
            in -> {
              in.eventDays().as("impressions", "*", 1, 2);
              in.csv("impressions/dt=2026-03-03/a.csv", 0);
            }));
    kinds.add(
        new Kind(
                "two columns that differ in case",
                in -> {
                  in.eventDays();
                  in.text(
                      "impressions/a.csv", "impression_id,user_id,User_ID,item_id,ts", "1,2,3,4,5");
                })
            .refused(
                "Cannot read impressions: file:LOGS/impressions/a.csv has two columns User_ID and"
                    + " user_id whose names differ only in case. Rename or leave out one of them."));
    kinds.add(
        new Kind(
            "a column whose name has other letters on one day",
            in ->
                in.eventDays()
                    .impressionsAs(all, 0, 2)
                    .impressionsAs(all.replace("user_id", "user_id USER_ID"), 1)));
  }

  /** Folders and what lies beside data. */
  private static void layouts(List<Kind> kinds) {
    kinds.add(
        new Kind(
                "a folder of no date",
                in -> {
                  in.days();
                  in.text("impressions/dt=__HIVE_DEFAULT_PARTITION__/a.csv", "impression_id", "9");
                })
            .warns(
                "impressions: 1 beside the folders dt=YYYY-MM-DD are not read:"
                    + " dt=__HIVE_DEFAULT_PARTITION__ (1 files, 16 bytes)"));
    kinds.add(
        new Kind(
            "a date without dashes",
            in -> in.days().move("impressions/dt=2026-03-04", "impressions/dt=20260304")));
    kinds.add(
        new Kind(
                "a loose file beside the folders",
                in -> {
                  in.days();
                  in.csv("impressions/late.csv", 0);
                })
            .warns(
                "impressions: 1 beside the folders dt=YYYY-MM-DD are not read: late.csv (SIZE bytes)"));
    kinds.add(
        new Kind(
                "documents and a manifest beside data",
                in -> {
                  in.packed();
                  in.text("impressions/README.md", "About these files");
                  in.text("impressions/manifest.json", "{\"rows\": 6}");
                  in.bytes("impressions/nothing.parquet", new byte[0]);
                })
            .warns(
                "impressions: 1 files which describe data are not read: manifest.json",
                "impressions: 1 files whose names tell no format are not read: README.md",
                "impressions: 1 files without a byte are not read: nothing.parquet"));
    kinds.add(
        new Kind(
            "files below a flat folder",
            in -> {
              in.packed();
              in.move(
                  "impressions/" + in.file("impressions").getFileName(),
                  "impressions/deep/er/a.parquet");
            }));
    kinds.add(
        new Kind(
            "one day cut into hours",
            in ->
                in.days()
                    .move(
                        "impressions/dt=2026-03-04/"
                            + in.file("impressions/dt=2026-03-04").getFileName(),
                        "impressions/dt=2026-03-04/hr=12/a.parquet")));
    kinds.add(
        new Kind(
                "one day with files in hours and beside them",
                in -> {
                  in.days();
                  in.csv("impressions/dt=2026-03-04/hr=12/a.csv", 1);
                  in.move(
                      "impressions/dt=2026-03-04/"
                          + in.file("impressions/dt=2026-03-04").getFileName(),
                      "impressions/dt=2026-03-04/z.parquet");
                })
            .refused(
                "Cannot read impressions: file:LOGS/impressions/dt=2026-03-04 mixes layouts:"
                    + " dt=2026-03-04/hr=12/a.csv and dt=2026-03-04/z.parquet lie in folders of other"
                    + " keys. Move the files into folders of the same keys."));
    kinds.add(
        new Kind(
                "two formats in one folder",
                in -> {
                  in.packed();
                  in.csv("impressions/a.csv", 0);
                })
            .refused(
                "Cannot read impressions: file:LOGS/impressions mixes files of formats parquet (FILE) and"
                    + " csv (a.csv). Move those of one away, or set input.impressions.format to the one"
                    + " that is meant."));
    kinds.add(
        new Kind(
                "two formats in one folder, one of them named by the settings",
                in -> {
                  in.packed();
                  in.csv("impressions/a.csv", 0);
                })
            .set("input.impressions.format=parquet")
            .warns("impressions: 1 files not named as parquet are not read: a.csv"));
  }

  /** Codecs and encodings. */
  private static void packings(List<Kind> kinds) {
    for (String codec : new String[] {"zstd", "gzip", "lz4_raw", "none"}) {
      kinds.add(new Kind("Parquet by " + codec, in -> in.packed("parquet", codec)));
    }
    for (String codec : new String[] {"zstd", "zlib", "lz4"}) {
      kinds.add(new Kind("ORC by " + codec, in -> in.packed("orc", codec)));
    }
    kinds.add(
        new Kind(
            "CSV by gzip",
            in -> {
              in.eventDays();
              ByteArrayOutputStream bytes = new ByteArrayOutputStream();
              try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
                out.write(String.join("\n", in.csvLines(0, 1, 2)).getBytes(StandardCharsets.UTF_8));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              in.bytes("impressions/a.csv.gz", bytes.toByteArray());
            }));
    kinds.add(
        new Kind("CSV by zip", in -> in.eventDays().zipped("impressions/a.csv.zip"))
            .refused(
                "Cannot read impressions: file:LOGS/impressions/a.csv.zip is packed by zip, which Spark"
                    + " does not unpack here. Unpack it; texts may be packed by gzip or bzip2, Parquet"
                    + " and ORC compress themselves."));
    kinds.add(
        new Kind("CSV by zip under a plain name", in -> in.eventDays().zipped("impressions/a.csv"))
            .refused(
                "Cannot read impressions: file:LOGS/impressions/a.csv is no CSV but packed by zip, by its"
                    + " first bytes. Give it the name of what it is, or unpack it."));
    kinds.add(
        new Kind(
                "Parquet cut in the middle",
                in -> {
                  in.packed();
                  in.bytes(
                      "impressions/cut.parquet",
                      "PAR1 and no more of it".getBytes(StandardCharsets.UTF_8));
                })
            .refused(
                "Cannot read impressions: file:LOGS/impressions/cut.parquet is damaged or no Parquet"
                    + " file: "));
  }

  /** Days without events. */
  private static void emptyDays(List<Kind> kinds) {
    kinds.add(
        new Kind(
                "no folder of conversions on the date",
                in -> in.withoutConversions().as("conversions", "*", 0, 1))
            .samples(6)
            .warns("conversions has no row of 2026-03-05"));
    kinds.add(
        new Kind(
                "a header without conversions",
                in -> {
                  in.withoutConversions();
                  in.text("conversions/a.csv", "conversion_id,click_id,ts");
                })
            .samples(6)
            .warns("conversions has no row of 2026-03-03 to 2026-03-05"));
    kinds.add(
        new Kind(
                "more days without conversions than allowed",
                in -> {
                  in.withoutConversions();
                  in.text("conversions/a.csv", "conversion_id,click_id,ts");
                })
            .set("samples.max-empty-days=2")
            .refused(
                "Cannot build samples of 2026-03-05: conversions has no row of the last 3 days that"
                    + " impressions has, more than samples.max-empty-days = 2, in LOGS/conversions. Wait"
                    + " for the job that writes it, or raise the setting."));
    kinds.add(
        new Kind("no impressions on the date", in -> in.eventDays().as("impressions", "*", 0, 1))
            .refused(
                "Cannot build samples of 2026-03-05: impressions has no folder dt=2026-03-05 under"
                    + " LOGS/impressions; it has 2026-03-03 to 2026-03-04. Wait for the job that writes"
                    + " it or choose another date."));
    kinds.add(
        new Kind(
                "clicks of other impressions",
                in ->
                    in.impressionDays()
                        .as("clicks", "click_id, impression_id + 100 impression_id, ts", 0, 1, 2)
                        .as("conversions", "*", 0, 1, 2))
            .refused(
                "Cannot use clicks: 3 of 3 belong to no impression or click of 2026-02-17 to 2026-03-05,"
                    + " more than the share samples.max-orphan-share = 0.5, in LOGS/clicks. Check that"
                    + " the logs are of the same days and ids, or raise the share."));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theSameSamplesOrALineThatSaysWhy(Kind kind) {
    TestRun run = run(kind.settings.toArray(new String[0]));
    Path logs = run.folder().resolve("logs");
    kind.write.accept(new Input(logs));
    if (kind.refused != null) {
      InputException refused = catchThrowableOfType(InputException.class, () -> run.run(DAY));
      assertThat(refused).isNotNull();
      assertThat(refused.exitCode()).isEqualTo(3);
      assertThat(refused.getMessage()).hasLineCount(1);
      assertThat(plain(refused.getMessage(), logs)).startsWith(kind.refused);
      // What refuses a night is found before it.
      InputException checked = catchThrowableOfType(InputException.class, () -> check(run, logs));
      assertThat(checked).isNotNull();
      assertThat(plain(checked.getMessage(), logs)).startsWith(kind.refused);
      return;
    }
    JoinHealth health = run.run(DAY);

    SortedMap<String, String> samples = run.samples(DAY);
    if (kind.samples == null) {
      assertThat(samples).isEqualTo(expected);
    } else {
      assertThat((long) samples.size()).isEqualTo(kind.samples);
      assertThat(health.total("samples.clicked")).isEqualTo(3);
    }
    said(health.warnings(), kind, logs);
  }

  @Test
  void aCheckSaysWhatAJoinWouldFind() {
    TestRun run = run();
    Path logs = run.folder().resolve("logs");
    Input in = new Input(logs).days();
    in.csv("impressions/late.csv", 0);

    SampleCheck check = check(run, logs);

    assertThat(check.warnings()).hasSize(1);
    assertThat(check.warnings().get(0)).startsWith("impressions: 1 beside the folders dt=");
    assertThat(check.rows(LogTable.IMPRESSIONS)).isEqualTo(6);
    assertThat(check.days(LogTable.CLICKS)).hasSize(3);
    assertThat(check.stored(LogTable.CLICKS)).hasValue("3 files parquet snappy");
    assertThat(check.found().get("clicks")).containsExactly(3, 3);
    assertThat(check.found().get("conversions")).containsExactly(3, 3);
    assertThat(check.found().get("users")).containsExactly(3, 6);
    assertThat(check.found().get("items")).containsExactly(6, 6);
  }

  private static void said(List<String> warnings, Kind kind, Path logs) {
    List<String> plain =
        warnings.stream().map(line -> plain(line, logs)).collect(Collectors.toList());
    assertThat(plain).hasSameSizeAs(kind.warnings);
    for (int i = 0; i < plain.size(); i++) {
      assertThat(plain.get(i)).startsWith(kind.warnings.get(i));
    }
  }

  private static SampleCheck check(TestRun run, Path logs) {
    Input tables = new Input(logs);
    tables.text("users.csv", "user_id,city", "7,x");
    tables.text("items.csv", "item_id,tags", "70,a", "80,b");
    Settings settings =
        run.with(
                "input.users.path=" + logs + "/users.csv",
                "input.items.path=" + logs + "/items.csv")
            .settings();
    return SampleCheck.of(
        Logs.of(LocalSpark.session(), settings.input()), settings, Optional.of(DAY));
  }

  private static String plain(String text, Path logs) {
    return text.replace(logs.toString(), "LOGS")
        .replaceAll("part-[-0-9a-z.]*parquet", "FILE")
        .replaceAll("late.csv \\(\\d+ bytes", "late.csv (SIZE bytes");
  }
}
