package io.tagloom.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleSettingsTest {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 10);

  @Test
  void theDefaultsAreThoseOfTheReference() {
    SampleSettings samples = samples();

    assertThat(samples.clickWindowMinutes()).isEqualTo(30);
    assertThat(samples.clockSkewSeconds()).isEqualTo(5);
    assertThat(samples.conversionWindowDays()).isEqualTo(7);
    assertThat(samples.viewThrough()).isFalse();
    assertThat(samples.maxRejectedShare()).isEqualTo(0.01);
    assertThat(samples.maxOrphanShare()).isEqualTo(0.5);
    assertThat(samples.maxEmptyDays()).isEqualTo(3);
    assertThat(samples.attribution()).isEqualTo(SampleSettings.Attribution.LAST_TOUCH);
    assertThat(samples.viewThroughWindowDays()).isEqualTo(7);
    assertThat(samples.conversionWindows()).isEmpty();
    assertThat(samples.negativeRate()).isEqualTo(1);
    assertThat(samples.splitBy()).isEqualTo(SampleSettings.SplitBy.HASH);
    assertThat(samples.splitKey()).isEqualTo(SampleSettings.SplitKey.IMPRESSION);
  }

  @Test
  void aRunRebuildsTheDaysOfBothWindowsAndItsDate() {
    assertThat(samples().rebuildFrom(DAY)).isEqualTo(DAY.minusDays(8));
    assertThat(samples().lookBackDays()).isEqualTo(8);
    assertThat(samples("samples.click-window-minutes=0").rebuildFrom(DAY))
        .isEqualTo(DAY.minusDays(7));
    assertThat(samples("samples.rebuild-days=3").rebuildFrom(DAY)).isEqualTo(DAY.minusDays(2));
    assertThat(samples("samples.rebuild-days=all").rebuildFrom(DAY)).isEqualTo("1990-01-01");
    assertThat(samples("samples.look-back-days=1").lookBackDays()).isEqualTo(1);
  }

  @Test
  void theLongestWindowOfWhatMakesALabelCounts() {
    String windows = "samples.conversion-windows={rent=30,cart=1}";
    assertThat(samples(windows).longestConversionWindowDays()).isEqualTo(30);
    assertThat(samples(windows).lookBackDays()).isEqualTo(31);
    assertThat(samples(windows, "samples.conversion-types=[order]").longestConversionWindowDays())
        .isEqualTo(7);
    assertThat(samples(windows, "samples.conversion-types=[cart]").longestConversionWindowDays())
        .isEqualTo(1);
    assertThat(
            samples(windows, "samples.conversion-types=[cart]", "samples.label-types=[rent]")
                .longestConversionWindowDays())
        .isEqualTo(30);
    assertThat(samples("samples.conversion-window-days=3").viewThroughWindowDays()).isEqualTo(3);
    assertThat(
            samples("samples.view-through=on", "samples.view-through-window-days=20").windowDays())
        .isEqualTo(20);
  }

  @Test
  void windowsByTypeAreDays() {
    SettingsException refused =
        catchThrowableOfType(
            SettingsException.class, () -> samples("samples.conversion-windows={cart=91}"));

    assertThat(refused.faults())
        .containsExactly(
            "Invalid samples.conversion-windows: cart = 91; expected whole numbers of days from 0 to"
                + " 90 by conversion type (--set samples.conversion-windows:1).");
  }

  @Test
  void aRunSplitByDayRebuildsTheDaysWhoseSplitMoves() {
    SampleSettings samples =
        samples("samples.split.by=day", "samples.split.valid-days=7", "samples.split.test-days=7");

    assertThat(samples.rebuildFrom(DAY)).isEqualTo(DAY.minusDays(14));
  }

  @Test
  void wrongValuesAreReportedTogether() {
    SettingsException refused =
        catchThrowableOfType(
            SettingsException.class,
            () ->
                samples(
                    "samples.negative-rate=0",
                    "samples.split.valid=0.5",
                    "samples.split.test=0.5",
                    "samples.label-types=[cart,cart,click]",
                    "input.clicks.time-zone=Mars/Olympus",
                    "input.clicks.timestamp=\"yyyy-MM-bb\"",
                    "input.context-columns=[page,weight]",
                    "input.impressions.names=[a,A]"));

    assertThat(refused.faults())
        .containsExactly(
            "Invalid input.impressions.names: [a, A]; expected each column's name once, none empty"
                + " (--set input.impressions.names:1).",
            "Invalid input.clicks.time-zone: Mars/Olympus; expected a zone such as UTC,"
                + " Europe/Berlin or +08:00 (--set input.clicks.time-zone).",
            "Invalid input.clicks.timestamp: yyyy-MM-bb; expected auto, seconds, millis, micros,"
                + " nanos or a pattern such as \"yyyy-MM-dd HH:mm:ss.SSS\" (--set input.clicks.timestamp:1).",
            "Invalid input.context-columns: weight; expected names that no standard sample column"
                + " has, such as shown_weight with input.impressions.columns { shown_weight ="
                + " weight } (--set input.context-columns:1).",
            "Invalid samples.negative-rate: 0.0; expected a number above 0, at most 1 (--set"
                + " samples.negative-rate).",
            "Invalid samples.split.valid: 0.5 beside test 0.5; expected shares that leave something"
                + " to train on, together below 1 (--set samples.split.valid).",
            "Invalid samples.label-types: cart; expected each type once (--set"
                + " samples.label-types:1).",
            "Invalid samples.label-types: click; expected a type that can name a column: letters,"
                + " digits and _, no standard sample column (--set samples.label-types:1).");
  }

  @Test
  void tablesSayWhatTheyAre() {
    Map<String, String> overrides =
        Settings.overrides(
            Arrays.asList(
                "input.clicks.path=/logs/clicks",
                "input.clicks.format=json",
                "input.clicks.columns={ts=time}",
                "input.clicks.options={mode=FAILFAST}"));
    InputSettings input = Settings.reference(overrides).input();

    assertThat(input.clicks().path()).isEqualTo("/logs/clicks");
    assertThat(input.clicks().format()).isEqualTo(TableSettings.Format.JSON);
    assertThat(input.clicks().column("ts")).isEqualTo("time");
    assertThat(input.clicks().column("user_id")).isEqualTo("user_id");
    assertThat(input.clicks().options()).containsEntry("mode", "FAILFAST");
    SettingsException missing =
        catchThrowableOfType(SettingsException.class, () -> input.users().place());
    assertThat(missing)
        .hasMessage(
            "Missing input.users.path and input.users.table; expected one of them, the file or"
                + " folder of the users table or its name in a catalog. Set it in the settings file"
                + " or with --set input.users.path=PATH.");
  }

  @Test
  void tablesAreNamedByCatalogAndVersion() {
    InputSettings input =
        Settings.reference(
                Settings.overrides(
                    Arrays.asList(
                        "input.clicks.table=lake.ads.`my clicks`",
                        "input.clicks.as-of=2026-11-02 03:00:00",
                        "input.clicks.date-column=day",
                        "input.items.format=ORC",
                        "input.items.path=/items",
                        "input.conversions.format=jdbc",
                        "input.conversions.options={url=\"jdbc:x\",dbtable=shop.orders}")))
            .input();

    assertThat(input.clicks().table()).containsExactly("lake", "ads", "my clicks");
    assertThat(input.clicks().quotedTable()).isEqualTo("`lake`.`ads`.`my clicks`");
    assertThat(input.clicks().place()).isEqualTo("lake.ads.my clicks");
    assertThat(input.clicks().asOf()).isEqualTo("2026-11-02T03:00:00Z");
    assertThat(input.clicks().isPinned()).isFalse();
    assertThat(input.clicks().dateColumn()).isEqualTo("day");
    assertThat(input.clicks().at("12").isPinned()).isTrue();
    assertThat(input.items().format()).isEqualTo(TableSettings.Format.ORC);
    assertThat(input.items().dateColumn()).isEqualTo("dt");
    assertThat(input.items().asOf()).isEqualTo(TableSettings.LATEST);
    assertThat(input.conversions().format()).isEqualTo(TableSettings.Format.OTHER);
    assertThat(input.conversions().source()).isEqualTo("jdbc");
    assertThat(input.conversions().present()).isTrue();
    assertThat(input.conversions().place()).isEqualTo("jdbc shop.orders");
    assertThat(input.users().present()).isFalse();
  }

  @Test
  void aTableIsNamedOnceAndItsVersionBelongsToAFormatThatHasSome() throws IOException {
    java.nio.file.Path file = Files.createTempFile("tagloom", ".conf");
    Files.write(
        file,
        Arrays.asList(
            "input.clicks {",
            "  path = /logs/clicks",
            "  table = ads.clicks",
            "}",
            "input.users { table = \"a b\" }",
            "input.items { table = ads.items, format = csv, options { sep = x } }",
            "input.impressions { path = /logs/i, as-of = 5, date-column = \"\" }",
            "input.conversions { path = /logs/c, format = \"a b\", as-of = yesterday }",
            "export.catalog = a.b"));

    SettingsException refused =
        catchThrowableOfType(
            SettingsException.class,
            () -> Settings.load(java.util.Optional.of(file), Collections.emptyMap()));

    String at = " (" + file.toAbsolutePath();
    assertThat(refused.faults())
        .containsExactlyInAnyOrder(
            "Invalid input.clicks.table: ads.clicks; expected no table beside input.clicks.path, or"
                + " no path"
                + at
                + ":3).",
            "Invalid input.users.table: a b; expected a name such as ads.clicks or lake.ads.clicks,"
                + " other signs in backquotes"
                + at
                + ":5).",
            "Invalid input.items.format: csv; expected auto beside input.items.table: the catalog"
                + " knows the format"
                + at
                + ":6).",
            "Invalid input.items.options: [sep]; expected none beside input.items.table"
                + at
                + ":6).",
            "Invalid input.impressions.as-of: 5; expected latest for format auto, which keeps no"
                + " versions"
                + at
                + ":7).",
            "Invalid input.impressions.date-column: \"\"; expected auto, none or the name of a"
                + " column"
                + at
                + ":7).",
            "Invalid input.conversions.format: a b; expected auto, parquet, orc, csv, json or the"
                + " name of another data source of Spark"
                + at
                + ":8).",
            "Invalid input.conversions.as-of: yesterday; expected latest, the number of a version,"
                + " or a time (UTC) such as 2026-11-02T03:00:00Z"
                + at
                + ":8).",
            "Invalid export.catalog: a.b; expected a database of the session catalog, in letters,"
                + " digits and _"
                + at
                + ":9).");
  }

  private static SampleSettings samples(String... assignments) {
    return Settings.reference(Settings.overrides(Arrays.asList(assignments))).samples();
  }
}
