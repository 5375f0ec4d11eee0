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
