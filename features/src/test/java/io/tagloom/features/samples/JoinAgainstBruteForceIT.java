package io.tagloom.features.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thousands of random logs, joined by Spark all at once and by {@link BruteForceJoin} singly. */
@Tag("every-spark")
class JoinAgainstBruteForceIT {
  private static final LocalDate AS_OF = LocalDate.of(2026, 3, 10);
  private static final int LOGS = 800;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "samples.conversion-window-days=2",
        "samples.conversion-window-days=2 samples.view-through=on",
        "samples.conversion-window-days=1 samples.label-types=[cart] samples.conversion-types=[order]",
        "samples.conversion-window-days=0 samples.click-window-minutes=0",
        "samples.clock-skew-seconds=0 samples.view-through=on samples.label-types=[visit,cart]",
        "samples.conversion-window-days=2 samples.attribution=first-touch",
        "samples.conversion-window-days=1 samples.view-through=on samples.attribution=first-touch"
            + " samples.view-through-window-days=2 samples.conversion-windows={cart=0,visit=3}",
        "samples.conversion-window-days=2 samples.view-through=on samples.label-types=[cart]"
            + " samples.view-through-window-days=1 samples.conversion-windows={cart=1}",
        "samples.conversion-window-days=0 samples.click-window-minutes=2000"
            + " samples.conversion-windows={order=1} samples.attribution=first-touch"
      })
  void everySampleAndEveryCountAgrees(String settings) {
    TestRun run = new TestRun(assignments(settings));
    RandomLogs random = new RandomLogs(settings.hashCode(), AS_OF, 5, true);
    TestLog all = new TestLog();
    SortedMap<String, String> expected = new TreeMap<>();
    SortedMap<String, Long> counts = new TreeMap<>();
    for (int i = 0; i < LOGS; i++) {
      TestLog log = random.next().prefixed(i + "-");
      all.add(log);
      expected.putAll(BruteForceJoin.samples(log, run.settings().samples(), AS_OF, counts));
    }
    run.write(all, 3);
    long busyRows = settings.hashCode() % 2 == 0 ? TestRun.ALL_BUSY : TestRun.NONE_BUSY;

    JoinHealth health = run.run(AS_OF, busyRows);

    assertThat(run.samples(AS_OF, "weight", "split")).isEqualTo(expected);
    SortedMap<String, Long> found = new TreeMap<>();
    counts.keySet().forEach(name -> found.put(name, health.total(name)));
    assertThat(found).isEqualTo(counts);
  }

  private static String[] assignments(String settings) {
    List<String> assignments = new ArrayList<>();
    assignments.add("samples.rebuild-days=30");
    for (String assignment : settings.split(" ")) {
      assignments.add(assignment);
    }
    return assignments.toArray(new String[0]);
  }
}
