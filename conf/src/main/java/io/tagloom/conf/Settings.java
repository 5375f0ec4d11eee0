package io.tagloom.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * All settings of a run: {@code reference.conf}, over it a file of the user's, over it single keys.
 * Immutable.
 *
 * <p>The sections are named as the blocks of {@code reference.conf}, which documents every key.
 */
public final class Settings {
  /** Of what the library says, which can repeat a whole list of the file. */
  private static final int LONGEST = 400;

  private final Config config;
  private final RunSettings run;
  private final SparkSettings spark;
  private final InputSettings input;
  private final SampleSettings samples;
  private final FeatureSettings features;
  private final ModelSettings model;
  private final TrainingSettings training;
  private final EvaluationSettings evaluation;
  private final ExportSettings export;
  private final GenerateSettings generate;

  private Settings(Config config, SettingsReader reader) {
    this.config = config;
    reader.map("paths");
    this.run = section(reader, "run", RunSettings::read);
    this.spark = section(reader, "spark", SparkSettings::read);
    this.input = section(reader, "input", InputSettings::read);
    this.samples = section(reader, "samples", SampleSettings::read);
    this.features = section(reader, "features", FeatureSettings::read);
    features.eventFaults(samples.labelTypes()).forEach(reader::fault);
    this.model = section(reader, "model", ModelSettings::read);
    this.training = section(reader, "training", TrainingSettings::read);
    this.evaluation = section(reader, "evaluation", EvaluationSettings::read);
    this.export = section(reader, "export", ExportSettings::read);
    this.generate = section(reader, "generate", GenerateSettings::read);
  }

  private Settings(Settings other, InputSettings input) {
    this.config = other.config;
    this.run = other.run;
    this.spark = other.spark;
    this.input = input;
    this.samples = other.samples;
    this.features = other.features;
    this.model = other.model;
    this.training = other.training;
    this.evaluation = other.evaluation;
    this.export = other.export;
    this.generate = other.generate;
  }

  /**
   * Reads and checks settings.
   *
   * @param file the user's settings file (HOCON), if there is one
   * @param overrides single keys by their dotted path, as given with {@code --set}; a value that
   *     starts with {@code [}, <code>{</code> or a quotation mark is read as HOCON, any other as
   *     plain text or number
   * @return the settings
   * @throws SettingsException with every unknown key, every wrong value and every block that does
   *     not agree with another, each with its file and line; or when the file is missing or not
   *     HOCON
   */
  public static Settings load(Optional<Path> file, Map<String, String> overrides) {
    return load(file, overrides, (reader, settings) -> new Agreement(reader, settings).check());
  }

  private static Settings load(
      Optional<Path> file,
      Map<String, String> overrides,
      BiConsumer<SettingsReader, Settings> agreement) {
    Config reference = reference();
    Config config = reference;
    try {
      if (file.isPresent()) {
        config = parse(file.get()).withFallback(config);
      }
      for (Map.Entry<String, String> override : overrides.entrySet()) {
        config = override(override.getKey(), override.getValue()).withFallback(config);
      }
      config = config.resolve();
    } catch (ConfigException e) {
      throw new SettingsException(
          "Cannot read the settings: " + oneLine(e.getMessage()) + ". Mend the file or the key.");
    } catch (StackOverflowError e) {
      throw new SettingsException(
          "Cannot read the settings: lists and objects are nested too deeply, or a file includes"
              + " itself. Mend the file or the key.");
    }
    SettingsReader reader = SettingsReader.over(config, reference.resolve());
    Settings settings = null;
    try {
      settings = new Settings(config, reader);
      agreement.accept(reader, settings);
    } catch (IllegalArgumentException e) {
      if (reader.faults().isEmpty()) {
        reader.fault(e.getMessage());
      }
    }
    List<String> faults = reader.finish();
    if (!faults.isEmpty()) {
      throw new SettingsException(faults);
    }
    return settings;
  }

  /**
   * The settings of {@code reference.conf} with some keys over them, for those who use single
   * blocks: blocks need not agree.
   */
  public static Settings reference(Map<String, String> overrides) {
    return load(Optional.empty(), overrides, (reader, settings) -> {});
  }

  /**
   * The same settings with input tables at the versions that a run reads; {@link #json} and {@link
   * #fingerprint} still tell what was set.
   */
  public Settings with(InputSettings versions) {
    return new Settings(this, Objects.requireNonNull(versions));
  }

  /** Seed and folder of the run. */
  public RunSettings run() {
    return run;
  }

  /** Master, memory and properties of Spark. */
  public SparkSettings spark() {
    return spark;
  }

  /** Where the five input tables are and how they are read. */
  public InputSettings input() {
    return input;
  }

  /** The label join. */
  public SampleSettings samples() {
    return samples;
  }

  /** Fields and vocabularies. */
  public FeatureSettings features() {
    return features;
  }

  /** The MVKE model and its tasks. */
  public ModelSettings model() {
    return model;
  }

  /** The trainer. */
  public TrainingSettings training() {
    return training;
  }

  /** What is evaluated and what it must reach. */
  public EvaluationSettings evaluation() {
    return evaluation;
  }

  /** Profile tables and their publication. */
  public ExportSettings export() {
    return export;
  }

  /** Example logs. */
  public GenerateSettings generate() {
    return generate;
  }

  /**
   * The effective settings as one JSON object, keys in alphabetical order; without secrets, and
   * without values from the environment that say where things are.
   */
  public String json() {
    return Secrets.shown(config).render(ConfigRenderOptions.concise());
  }

  /**
   * A text without the secrets of these settings: values of keys that are secret by their names,
   * the database's password, passwords in addresses.
   */
  public String hide(String text) {
    return new Secrets(config).hide(text);
  }

  /** A text without what looks like a secret, where no settings are at hand. */
  public static String hideSecrets(String text) {
    return Secrets.hidePatterns(text);
  }

  /**
   * A fingerprint of some blocks: equal when and only when their effective values are equal, but
   * for those that {@link TrainingSettings#keysWithoutEffect} names.
   *
   * @param blocks names of top-level blocks, such as {@code samples}
   * @return 64 hexadecimal digits (SHA-256)
   */
  public String fingerprint(String... blocks) {
    Fingerprint fingerprint = new Fingerprint();
    for (String block : blocks) {
      Config values = config.getConfig(block);
      if (block.equals("training")) {
        for (String key : TrainingSettings.keysWithoutEffect()) {
          values = values.withoutPath(key);
        }
      }
      fingerprint.add(block).add(values.root().render(ConfigRenderOptions.concise()));
    }
    return fingerprint.hex();
  }

  private static <T> T section(
      SettingsReader reader, String block, Function<SettingsReader, T> read) {
    return read.apply(reader.at(block));
  }

  private static Config reference() {
    return ConfigFactory.parseResources(
        Settings.class,
        "reference.conf",
        ConfigParseOptions.defaults()
            .setAllowMissing(false)
            .setOriginDescription("reference.conf"));
  }

  private static Config parse(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new SettingsException(
          "Cannot read the settings file: "
              + file
              + " is not a file. Check the path given with --conf.");
    }
    // Of a bare name the library does not know the folder, where included files lie.
    return ConfigFactory.parseFile(
        file.toAbsolutePath().toFile(),
        ConfigParseOptions.defaults().setAllowMissing(false).prependIncluder(new Includes()));
  }

  private static Config override(String key, String value) {
    String origin = "--set " + key;
    boolean hocon = value.startsWith("[") || value.startsWith("{") || value.startsWith("\"");
    ConfigValue parsed =
        hocon
            ? ConfigFactory.parseString(
                    "value = " + value, ConfigParseOptions.defaults().setOriginDescription(origin))
                .getValue("value")
            : ConfigValueFactory.fromAnyRef(value, origin);
    return ConfigFactory.empty(origin).withValue(key, parsed);
  }

  private static String oneLine(String text) {
    String line = text.replaceAll("\\s*\\R\\s*", " ").replaceAll("[.]$", "");
    return line.length() <= LONGEST
        ? line
        : line.substring(0, LONGEST / 2) + " ... " + line.substring(line.length() - LONGEST / 2);
  }

  /** The overrides of several {@code key=value} texts. */
  public static Map<String, String> overrides(List<String> assignments) {
    Map<String, String> overrides = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals <= 0) {
        faults.add("Invalid --set: " + assignment + "; expected key=value.");
      } else {
        overrides.put(
            assignment.substring(0, equals).trim(), assignment.substring(equals + 1).trim());
      }
    }
    if (!faults.isEmpty()) {
      throw new SettingsException(faults);
    }
    return overrides;
  }
}
