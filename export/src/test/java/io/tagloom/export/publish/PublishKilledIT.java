package io.tagloom.export.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that die while they publish, between each two steps. */
class PublishKilledIT {
  private static final List<String> BEFORE_THE_POINTER =
      Arrays.asList("locked", "swept", "opened", "writing", "manifest written");
  private static final List<String> AFTER_THE_POINTER =
      Arrays.asList("pointer replaced", "pruned", "published");

  @TempDir Path temp;

  @Test
  void readersSeeOneWholeVersionWheneverThePublisherDies() throws Exception {
    Map<String, Process> processes = new LinkedHashMap<>();
    Map<String, String> first = new LinkedHashMap<>();
    for (List<String> steps : Arrays.asList(BEFORE_THE_POINTER, AFTER_THE_POINTER)) {
      for (String step : steps) {
        Path root = Files.createDirectory(temp.resolve(step.replace(' ', '-')));
        PublishedTable table = new PublishedTable(root);
        table.publish(2);
        first.put(step, table.publish(2));
        processes.put(step, start(root, step));
      }
    }
    for (Map.Entry<String, Process> process : processes.entrySet()) {
      String step = process.getKey();
      Path root = temp.resolve(step.replace(' ', '-'));
      assertThat(process.getValue().waitFor(60, TimeUnit.SECONDS)).as(step).isTrue();
      assertThat(process.getValue().exitValue()).as(step).isEqualTo(KilledPublish.EXIT_CODE);
      assertThat(root.resolve("tables/_lock")).as(step).exists();
      PublishedTable table = new PublishedTable(root);
      String seen = table.store().latest().get();
      assertThat(table.read()).as(step).isEqualTo(seen + " whole");
      assertThat(seen.equals(first.get(step)))
          .as(step)
          .isEqualTo(BEFORE_THE_POINTER.contains(step));

      // The dead one's lock is taken over, and what it left is swept.
      String next = table.publish(2);
      assertThat(table.read()).as(step).isEqualTo(next + " whole");
      assertThat(table.names()).as(step).containsExactlyInAnyOrder("_latest", seen, next);
    }
  }

  private Process start(Path root, String step) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(Arrays.asList("-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(Arrays.asList(KilledPublish.class.getName(), root.toString(), step));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(root.resolve("killed.log").toFile())
        .start();
  }
}
