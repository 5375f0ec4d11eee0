package io.tagloom.pipeline.generate;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.tagloom.conf.GenerateSettings;
import io.tagloom.conf.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.io.IOUtils;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The file that a finished folder of example logs has: what made them, and what they hold. */
final class ExampleManifest {
  static final String FILE = "_example.json";

  /** Goes up when the same settings give other logs. */
  private static final int FORMAT = 1;

  private final Map<String, String> origin;
  private final ExampleCounts counts;

  private ExampleManifest(Map<String, String> origin, ExampleCounts counts) {
    this.origin = origin;
    this.counts = counts;
  }

  static ExampleManifest of(Map<String, String> origin, ExampleCounts counts) {
    return new ExampleManifest(new TreeMap<>(origin), counts);
  }

  /** Everything that the logs are a function of. */
  static Map<String, String> origin(GenerateSettings settings, long seed, LocalDate lastDay) {
    Map<String, String> origin = new TreeMap<>();
    origin.put("format", String.valueOf(FORMAT));
    origin.put("seed", String.valueOf(seed));
    origin.put("last-day", lastDay.toString());
    origin.put("impressions", String.valueOf(settings.impressions()));
    origin.put("users", String.valueOf(settings.users()));
    origin.put("items", String.valueOf(settings.items()));
    origin.put("tags", String.valueOf(settings.tags()));
    origin.put("topics", String.valueOf(settings.topics()));
    origin.put("positions", String.valueOf(settings.positions()));
    origin.put("days", String.valueOf(settings.days()));
    origin.put("tail-days", String.valueOf(settings.tailDays()));
    origin.put("click-rate", String.valueOf(settings.clickRate()));
    origin.put("conversion-rate", String.valueOf(settings.conversionRate()));
    origin.put("duplicate-share", String.valueOf(settings.duplicateShare()));
    origin.put("late-share", String.valueOf(settings.lateShare()));
    origin.put("orphan-share", String.valueOf(settings.orphanShare()));
    return origin;
  }

  /** The manifest of a folder, if it has one. */
  static Optional<ExampleManifest> read(FileSystem fs, Path folder) throws IOException {
    Path file = new Path(folder, FILE);
    if (!fs.exists(file)) {
      return Optional.empty();
    }
    String text;
    try (InputStream in = fs.open(file)) {
      text = IOUtils.toString(in, StandardCharsets.UTF_8);
    }
    try {
      Config config = ConfigFactory.parseString(text);
      ExampleCounts counts =
          new ExampleCounts(longs(config, "rows"), longs(config, "anomalies"), false);
      return Optional.of(new ExampleManifest(texts(config, "origin"), counts));
    } catch (ConfigException | NumberFormatException e) {
      throw new SettingsException(
          "Cannot read "
              + file
              + ": "
              + e.getMessage()
              + ". Remove the folder or choose another generate.path.");
    }
  }

  void write(FileSystem fs, Path folder) throws IOException {
    Map<String, Object> all = new TreeMap<>();
    all.put("origin", origin);
    all.put("rows", counts.rows());
    all.put("anomalies", counts.anomalies());
    String json =
        ConfigValueFactory.fromMap(all).render(ConfigRenderOptions.concise().setFormatted(true));
    try (OutputStream out = fs.create(new Path(folder, FILE), false)) {
      out.write(json.getBytes(StandardCharsets.UTF_8));
    }
  }

  ExampleCounts counts() {
    return counts;
  }

  /** Where another origin differs, such as {@code seed 1 (now 2)}; empty when it is the same. */
  List<String> differences(Map<String, String> now) {
    List<String> differences = new ArrayList<>();
    for (Map.Entry<String, String> entry : now.entrySet()) {
      String then = origin.getOrDefault(entry.getKey(), "unknown");
      if (!then.equals(entry.getValue())) {
        differences.add(entry.getKey() + " " + then + " (now " + entry.getValue() + ")");
      }
    }
    return differences;
  }

  private static Map<String, Long> longs(Config config, String key) {
    Map<String, Long> longs = new TreeMap<>();
    texts(config, key).forEach((name, text) -> longs.put(name, Long.valueOf(text)));
    return longs;
  }

  private static Map<String, String> texts(Config config, String key) {
    Map<String, String> texts = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : config.getObject(key).entrySet()) {
      texts.put(entry.getKey(), String.valueOf(entry.getValue().unwrapped()));
    }
    return texts;
  }
}
