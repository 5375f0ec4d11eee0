package io.tagloom.features.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JoinHealthTest {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 5);

  @Test
  void jsonReadsBackAsItWas() {
    JoinHealth health = health();

    JoinHealth read = JoinHealth.fromJson(health.json());

    assertThat(read.json()).isEqualTo(health.json());
    assertThat(read.asOf()).isEqualTo(DAY);
    assertThat(read.warnings()).containsExactly("clicks has no row of 2026-03-05");
    assertThat(read.day().number("clicks.orphaned")).isEqualTo(3);
    assertThat(read.total("impressions.distinct")).isEqualTo(300);
  }

  @Test
  void ratesAreSharesOfDistinctImpressionsAndOfClicks() {
    DayHealth day = health().day();

    assertThat(day.ctr()).isEqualTo(0.25);
    assertThat(day.cvr()).isEqualTo(0.2);
    assertThat(new DayHealth(DAY, Collections.emptyMap()).ctr()).isZero();
  }

  @Test
  void theTableHasTheDaysBeforeBesideTheDay() {
    DayHealth earlier = day(DAY.minusDays(9), 50);

    String table = health().table(Collections.singletonList(earlier), 3);

    assertThat(table)
        .startsWith("Join health as of 2026-03-05\n")
        .contains("2026-02-24  2026-03-04  2026-03-05\n")
        .containsPattern("impressions.distinct +50 +200 +100\n")
        .containsPattern("clicks.rejected.missing_key +7 +7 +7\n")
        .containsPattern("ctr +50.000 % +12.500 % +25.000 %\n")
        .containsPattern("click_delay.p50 +90.0 s +90.0 s +90.0 s\n")
        .endsWith("warning: clicks has no row of 2026-03-05\n");
    assertThat(health().table(Collections.singletonList(earlier), 1))
        .doesNotContain("2026-03-04")
        .contains("2026-03-05\n");
  }

  @Test
  void negativeNumbersAndUnorderedDaysAreRefused() {
    assertThatThrownBy(() -> new DayHealth(DAY, Collections.singletonMap("clicks.rows", -1L)))
        .hasMessage("Invalid clicks.rows: -1; expected 0 or more.");
    assertThatThrownBy(
            () ->
                new JoinHealth(
                    DAY, Arrays.asList(day(DAY, 1), day(DAY, 1)), Collections.emptyList()))
        .hasMessage("Invalid day: 2026-03-05; expected ascending days up to 2026-03-05.");
    assertThatThrownBy(() -> JoinHealth.fromJson("{}"))
        .hasMessageStartingWith("Invalid join health: ");
  }

  private static JoinHealth health() {
    return new JoinHealth(
        DAY,
        Arrays.asList(day(DAY.minusDays(1), 200), day(DAY, 100)),
        Collections.singletonList("clicks has no row of 2026-03-05"));
  }

  private static DayHealth day(LocalDate day, long impressions) {
    Map<String, Long> numbers = new HashMap<>();
    numbers.put("impressions.distinct", impressions);
    numbers.put("clicks.orphaned", 3L);
    numbers.put("clicks.rejected.missing_key", 7L);
    numbers.put("samples.clicked", 25L);
    numbers.put("samples.clicked_and_converted", 5L);
    numbers.put("click_delay_ms.p50", 90_000L);
    return new DayHealth(day, numbers);
  }
}
