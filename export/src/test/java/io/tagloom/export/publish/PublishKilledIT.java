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
import org.apache.hadoop.conf.Configuration;
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
        publish(root);
        first.put(step, publish(root));
        processes.put(step, start(root, step));
      }
    }
    for (Map.Entry<String, Process> process : processes.entrySet()) {
      String step = process.getKey();
      Path root = temp.resolve(step.replace(' ', '-'));
      assertThat(process.getValue().waitFor(60, TimeUnit.SECONDS)).as(step).isTrue();
      assertThat(process.getValue().exitValue()).as(step).isEqualTo(KilledPublish.EXIT_CODE);
      assertThat(root.resolve("tables/_lock")).as(step).exists();
      String seen = store(root).latestManifest().get().version();
      assertThat(part(root, seen)).as(step).isEqualTo("whole");
      assertThat(seen.equals(first.get(step)))
          .as(step)
          .isEqualTo(BEFORE_THE_POINTER.contains(step));

      // The dead one's lock is taken over, and what it left is swept.
      String next = publish(root);
      assertThat(store(root).latest()).as(step).contains(next);
      assertThat(part(root, next)).as(step).isEqualTo("whole");
      String[] names = root.resolve("tables").toFile().list();
      assertThat(names).as(step).containsExactlyInAnyOrder("_latest", seen, next);
    }
  }

  private static VersionStore store(Path root) {
    return new VersionStore(
        new Configuration(), new org.apache.hadoop.fs.Path(root.toString(), "tables"));
  }

  private static String part(Path root, String version) throws IOException {
    Path part = root.resolve("tables").resolve(version).resolve("table/part");
    return new String(Files.readAllBytes(part), "UTF-8");
  }

  private static String publish(Path root) throws IOException {
    KilledPublish.main(new String[] {root.toString(), "never"});
    return store(root).latest().get();
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
