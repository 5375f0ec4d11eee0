package io.tagloom.features.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The cases of {@code join-cases.txt}, those of the same settings in one run. */
@Tag("every-spark")
class JoinCasesIT {
  @Test
  void thereAreManyCases() {
    int cases = JoinCases.read().stream().mapToInt(group -> group.cases.size()).sum();

    assertThat(cases).isGreaterThanOrEqualTo(60);
  }

  @TestFactory
  List<DynamicTest> cases() {
    List<DynamicTest> tests = new ArrayList<>();
    for (JoinCases.Group group : JoinCases.read()) {
      List<String> settings = new ArrayList<>(group.settings);
      settings.add("samples.rebuild-days=20");
      TestRun run = new TestRun(settings.toArray(new String[0]));
      TestLog all = new TestLog();
      // Something on the date itself, without which a run refuses it.
      long asOf = group.asOf.toEpochDay() * 86_400_000L;
      all.impression("today", "today", "today", asOf)
          .click("today", "today", null, null, asOf)
          .conversion("today", "today", null, null, null, asOf, null, null);
      for (int i = 0; i < group.cases.size(); i++) {
        all.add(group.cases.get(i).log.prefixed(i + "-"));
      }
      List<SortedMap<String, String>> found = new ArrayList<>();
      for (int i = 0; i < group.cases.size(); i++) {
        int number = i;
        JoinCases.Case one = group.cases.get(i);
        tests.add(
            DynamicTest.dynamicTest(
                one.claim,
                () -> {
                  if (found.isEmpty()) {
                    run.write(all, 1).run(group.asOf);
                    found.add(run.samples(group.asOf));
                  }
                  check(number + "-", one, group, run, found.get(0));
                }));
      }
    }
    return tests;
  }

  private static void check(
      String prefix,
      JoinCases.Case one,
      JoinCases.Group group,
      TestRun run,
      SortedMap<String, String> found) {
    Map<String, String> samples = new LinkedHashMap<>(found.subMap(prefix, prefix + "\uffff"));
    assertThat(samples.keySet())
        .isEqualTo(
            one.samples.keySet().stream().map(id -> prefix + id).collect(Collectors.toSet()));
    one.samples.forEach(
        (id, expected) -> {
          List<String> columns = Arrays.asList(samples.get(prefix + id).split(" "));
          expected.forEach(
              (name, value) -> {
                boolean key = name.equals("user_id") || name.equals("item_id");
                assertThat(columns).contains(name + "=" + (key ? prefix : "") + value);
              });
        });
    SortedMap<String, Long> counts = new TreeMap<>();
    BruteForceJoin.samples(one.log, run.settings().samples(), group.asOf, counts);
    assertThat(counts).containsAllEntriesOf(one.counts);
  }
}
