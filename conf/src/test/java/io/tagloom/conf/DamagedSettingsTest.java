package io.tagloom.conf;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings files that were damaged in a thousand ways, each refused in words for a person. */
class DamagedSettingsTest {
  private static final int REFUSALS = 1000;
  private static final String[] WRONG = {
    "-1",
    "1e99",
    "-7e12",
    "NaN",
    "\"\"",
    "\"x\"",
    "null",
    "[]",
    "[[1]]",
    "{}",
    "{ a = 1 }",
    "true",
    "3.7",
    "\"\\u0007\"",
    "[1, \"x\", null]",
    "{ a = { b = [] } }",
    "99999999999999999999",
    "\"1/0\""
  };
  private static final String[] TEXTS = {
    "{",
    "}",
    "[",
    "\"",
    "= 3",
    "run { root",
    "${nowhere.at.all}",
    "include \"none.conf\"",
    "a b c = {",
    "samples.split = 7",
    "\\",
    "run = off",
    "model.tasks = [ 3 ]",
    "features.fields = [ {} ]",
    "&"
  };

  @TempDir Path folder;

  @Test
  void eachIsRefusedWithoutNamesOfJava() throws IOException {
    Random random = new Random(15);
    List<String> keys = keys();
    Path file = folder.resolve("damaged.conf");
    int refused = 0;
    for (int tries = 0; refused < REFUSALS; tries++) {
      assertThat(tries).as("tries for %s refusals", refused).isLessThan(20 * REFUSALS);
      String text = damaged(random, keys);
      Files.write(file, text.getBytes(StandardCharsets.UTF_8));
      if (isRefused(file, text)) {
        refused++;
      }
    }
  }

  /** Whether a file is refused; one that says something right after all is not. */
  private static boolean isRefused(Path file, String text) {
    try {
      Settings.load(Optional.of(file), Collections.emptyMap());
      return false;
    } catch (SettingsException e) {
      assertThat(e.exitCode()).isEqualTo(2);
      assertThat(e.getMessage())
          .as(text)
          .matches("(?s)(Cannot|Invalid|Unknown|Missing|[0-9,]+ settings) .*")
          .doesNotContainPattern(
              "Exception|java\\.|com\\.typesafe|null pointer|\\$[A-Z]|@[0-9a-f]{6}");
      return true;
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("Not refused in words: " + text, e);
    }
  }

  private static String damaged(Random random, List<String> keys) {
    StringBuilder text = new StringBuilder("run.root = \"/data/run\"\n");
    for (int faults = 1 + random.nextInt(3); faults > 0; faults--) {
      String key = keys.get(random.nextInt(keys.size()));
      switch (random.nextInt(4)) {
        case 0:
          text.append(key).append("x = 1\n");
          break;
        case 1:
          text.append(TEXTS[random.nextInt(TEXTS.length)]).append('\n');
          break;
        default:
          text.append(key).append(" = ").append(WRONG[random.nextInt(WRONG.length)]).append('\n');
      }
    }
    return random.nextInt(8) == 0
        ? text.substring(0, random.nextInt(text.length()))
        : text.toString();
  }

  private static List<String> keys() {
    Config reference =
        ConfigFactory.parseResources(Settings.class, "reference.conf")
            .resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true));
    List<String> keys = new ArrayList<>();
    for (Map.Entry<String, ConfigValue> entry : reference.entrySet()) {
      keys.add(entry.getKey());
    }
    Collections.sort(keys);
    return keys;
  }
}
