package io.tagloom.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleSettingsTest {
  @Test
  void theDefaultsAreThoseOfTheReference() {
    SampleSettings samples = samples();

    assertThat(samples.clickWindowMinutes()).isEqualTo(30);
    assertThat(samples.clockSkewSeconds()).isEqualTo(5);
    assertThat(samples.conversionWindowDays()).isEqualTo(7);
    assertThat(samples.viewThrough()).isFalse();
    assertThat(samples.maxRejectedShare()).isEqualTo(0.01);
    assertThat(samples.maxOrphanShare()).isEqualTo(1);
    assertThat(samples.negativeRate()).isEqualTo(1);
    assertThat(samples.splitBy()).isEqualTo(SampleSettings.SplitBy.HASH);
    assertThat(samples.splitKey()).isEqualTo(SampleSettings.SplitKey.IMPRESSION);
  }

  @Test
  void aRunRebuildsTheDaysOfBothWindowsAndItsDate() {
    assertThat(samples().rebuildDays()).isEqualTo(9);
    assertThat(samples().lookBackDays()).isEqualTo(8);
    assertThat(samples("samples.click-window-minutes=0").rebuildDays()).isEqualTo(8);
    assertThat(samples("samples.rebuild-days=3").rebuildDays()).isEqualTo(3);
    assertThat(samples("samples.look-back-days=1").lookBackDays()).isEqualTo(1);
  }

  @Test
  void aRunSplitByDayRebuildsTheDaysWhoseSplitMoves() {
    SampleSettings samples =
        samples("samples.split.by=day", "samples.split.valid-days=7", "samples.split.test-days=7");

    assertThat(samples.rebuildDays()).isEqualTo(15);
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
                    "input.context-columns=[page,weight]"));

    assertThat(refused.faults())
        .containsExactly(
            "Invalid input.clicks.time-zone: Mars/Olympus; expected a zone such as UTC,"
                + " Europe/Berlin or +08:00 (--set input.clicks.time-zone).",
            "Invalid input.clicks.timestamp: yyyy-MM-bb; expected auto, millis, seconds or a pattern"
                + " such as \"yyyy-MM-dd HH:mm:ss.SSS\" (--set input.clicks.timestamp:1).",
            "Invalid input.context-columns: weight; expected names that no standard sample column"
                + " has (--set input.context-columns:1).",
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

  private static SampleSettings samples(String... assignments) {
    return Settings.reference(Settings.overrides(Arrays.asList(assignments))).samples();
  }
}
