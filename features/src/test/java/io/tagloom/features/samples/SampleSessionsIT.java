package io.tagloom.features.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.features.LocalSpark;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The samples are the same whatever the settings of the session that builds them. */
@Tag("every-spark")
class SampleSessionsIT {
  private static final LocalDate AS_OF = LocalDate.of(2026, 3, 10);

  private static TestRun run;
  private static JoinHealth health;
  private static SortedMap<String, String> samples;
  private static List<String> findings;

  @BeforeAll
  static void inTheSharedSession() {
    run = new TestRun("samples.rebuild-days=5", "samples.conversion-window-days=2");
    RandomLogs random = new RandomLogs(7, AS_OF, 5, true);
    TestLog all = new TestLog();
    for (int i = 0; i < 300; i++) {
      all.add(random.next().prefixed(i + "-"));
    }
    run.write(all, 3);
    health = run.run(LocalSpark.session(), AS_OF);
    samples = run.samples(AS_OF);
    findings = findings(run);
    assertThat(samples).hasSizeGreaterThan(300);
    assertThat(findings).hasSizeGreaterThan(100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.sql.adaptive.enabled=false spark.sql.shuffle.partitions=1",
        "spark.sql.adaptive.enabled=true spark.sql.shuffle.partitions=1",
        "spark.sql.adaptive.enabled=false spark.sql.shuffle.partitions=200",
        "spark.sql.adaptive.enabled=true spark.sql.shuffle.partitions=200",
        "spark.sql.ansi.enabled=true spark.sql.session.timeZone=America/New_York"
            + " spark.sql.caseSensitive=true spark.sql.timestampType=TIMESTAMP_NTZ"
            + " spark.sql.legacy.timeParserPolicy=LEGACY"
      })
  void anySessionGivesTheSameSamplesAndFindings(String settings) throws Exception {
    TestRun other = run.with("run.root=" + run.folder() + "/" + settings.hashCode());
    SparkSession session = LocalSpark.foreign(settings.split(" "));

    JoinHealth found = LocalSpark.within(session, () -> other.run(session, AS_OF));

    assertThat(found.json()).isEqualTo(health.json());
    assertThat(other.samples(AS_OF)).isEqualTo(samples);
    assertThat(findings(other)).isEqualTo(findings);
  }

  private static List<String> findings(TestRun run) {
    return java.util.stream.Stream.of("rejected", "orphans")
        .flatMap(
            table ->
                LocalSpark.session()
                    .read()
                    .parquet(run.root() + "/" + table)
                    .toJSON()
                    .collectAsList()
                    .stream())
        .sorted()
        .collect(Collectors.toList());
  }
}
