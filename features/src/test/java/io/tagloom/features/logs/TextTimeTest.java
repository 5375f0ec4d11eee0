package io.tagloom.features.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class TextTimeTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void aTextWithoutZoneIsOfTheTablesZoneToTheMillisecond() {
    TextTime pattern = new TextTime("yyyy-MM-dd HH:mm:ss.SSS", BERLIN);

    assertThat(pattern.call("2026-03-05 01:30:00.123"))
        .isEqualTo(millis("2026-03-05T00:30:00.123Z"));
    assertThat(pattern.call("2026-07-05 01:30:00.123"))
        .isEqualTo(millis("2026-07-04T23:30:00.123Z"));
  }

  @Test
  void aZoneInTheTextCounts() {
    TextTime pattern = new TextTime("yyyy-MM-dd'T'HH:mm:ssXXX", BERLIN);

    assertThat(pattern.call("2026-03-05T01:30:00+08:00")).isEqualTo(millis("2026-03-04T17:30:00Z"));
  }

  @Test
  void aDateAloneBeginsAtMidnight() {
    TextTime pattern = new TextTime("dd.MM.yyyy", BERLIN);

    assertThat(pattern.call(" 05.03.2026 ")).isEqualTo(millis("2026-03-04T23:00:00Z"));
  }

  @Test
  void offsetsAndZonesAreReadInAnyForm() {
    TextTime auto = new TextTime("auto", BERLIN);

    for (String zone :
        new String[] {
          "+02",
          "+2",
          "+0200",
          " +0200",
          "+02:00",
          "+02:00[Europe/Berlin]",
          " Europe/Berlin",
          " UTC+2",
          "+02:00:00",
          ""
        }) {
      assertThat(auto.call("2026-07-05 01:30:00.123" + zone))
          .as(zone)
          .isEqualTo(millis("2026-07-04T23:30:00.123Z"));
    }
    for (String zone : new String[] {"Z", "z", " UTC", " GMT", " -0000", "+00"}) {
      assertThat(auto.call("2026-07-05T01:30:00,123456789" + zone))
          .as(zone)
          .isEqualTo(millis("2026-07-05T01:30:00.123Z"));
    }
    assertThat(auto.call("2026-07-05")).isEqualTo(millis("2026-07-04T22:00:00Z"));
    for (String none :
        new String[] {"2026-07-05 01:30 CEST", "12:30:00", "now", "2026-13-05", "05.07.2026", ""}) {
      assertThat(auto.call(none)).as(none).isNull();
    }
  }

  @Test
  void namesOfMonthsAreEnglish() {
    TextTime pattern = new TextTime("dd MMMM yyyy HH:mm:ss", BERLIN);

    assertThat(pattern.call("05 September 2026 01:30:00"))
        .isEqualTo(millis("2026-09-04T23:30:00Z"));
    assertThat(pattern.call("05 september 2026 01:30:00"))
        .isEqualTo(millis("2026-09-04T23:30:00Z"));
  }

  @Test
  void aPatternIsFoundForATextInARow() {
    assertThat(TextTime.patternIn("{\"id\":\"7\",\"at\":\"05 September 2026 01:30:00\"}", "at"))
        .contains("d MMMM yyyy HH:mm:ss");
    assertThat(TextTime.patternIn("{\"at\":\"soon\"}", "at")).isEmpty();
    assertThat(TextTime.patternIn("{\"id\":\"7\"}", "at")).isEmpty();
  }

  @Test
  void whatDoesNotMatchIsNull() {
    TextTime pattern = new TextTime("yyyy-MM-dd", BERLIN);

    assertThat(pattern.call("yesterday")).isNull();
    assertThat(pattern.call("2026-13-45")).isNull();
    assertThat(pattern.call(null)).isNull();
  }

  private static long millis(String instant) {
    return Instant.parse(instant).toEpochMilli();
  }
}
