package io.tagloom.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads one block of settings and collects faults instead of stopping at the first.
 *
 * <p>Each read checks type and range; a wrong value is noted with its origin and replaced by the
 * default, so that reading can go on. A key that nothing has read when all sections are done is
 * unknown. Keys are relative to the block.
 */
final class SettingsReader {
  private final Config config;
  private final Config reference;
  private final String prefix;
  private final Faults shared;
  private final Set<String> read = new TreeSet<>();
  private final Map<String, SettingsReader> below = new HashMap<>();

  private SettingsReader(Config config, Config reference, String prefix, Faults shared) {
    this.config = config;
    this.reference = reference;
    this.prefix = prefix;
    this.shared = shared;
    shared.readers.add(this);
  }

  static SettingsReader over(Config config, Config reference) {
    return new SettingsReader(config, reference, "", new Faults());
  }

  /**
   * The block below a key, the same one each time. A value that is not a block is a fault; the
   * default is read then.
   */
  SettingsReader at(String key) {
    return below.computeIfAbsent(key, this::block);
  }

  private SettingsReader block(String key) {
    read.add(key);
    Config inner = value(key, "a block { ... }", c -> c.getConfig(key));
    Config defaults = has(reference, key) ? reference.getConfig(key) : empty(inner);
    return new SettingsReader(
        inner == null ? defaults : inner, defaults, prefix + key + ".", shared);
  }

  /** Whether the block has the key. Does not count as reading it. */
  boolean has(String key) {
    return has(config, key);
  }

  /** A text, possibly empty. */
  String text(String key) {
    String text = value(key, "a text", c -> c.getString(key));
    return text == null ? "" : text;
  }

  /** A text with at least one character that is not a space. */
  String requiredText(String key) {
    String text = text(key);
    if (has(key) && text.trim().isEmpty()) {
      fault(key, "\"\"", "a text that is not empty");
    }
    return text;
  }

  /** A whole number between two bounds, both allowed. */
  int integer(String key, int min, int max) {
    return (int) integer(key, (long) min, (long) max);
  }

  /** A whole number between two bounds, both allowed. */
  long integer(String key, long min, long max) {
    return integer(key, min, max, "a whole number from " + min + " to " + max);
  }

  private long integer(String key, long min, long max, String rule) {
    Long number = value(key, rule, c -> wholeNumber(c, key));
    if (number == null || number < min || number > max) {
      if (number != null) {
        fault(key, String.valueOf(number), rule);
      }
      return (long) ofReference(key, min);
    }
    return number;
  }

  /** A whole number between two bounds, both allowed, or nothing for a word in its place. */
  OptionalInt integerOr(String word, String key, int min, int max) {
    if (isWord(word, key)) {
      return OptionalInt.empty();
    }
    String rule = word + ", or a whole number from " + min + " to " + max;
    return OptionalInt.of((int) integer(key, min, max, rule));
  }

  /** A number between two bounds, both allowed, or a word in its place. */
  OptionalDouble numberOr(String word, String key, double min, double max) {
    if (isWord(word, key)) {
      return OptionalDouble.empty();
    }
    String rule = word + ", or a number from " + plain(min) + " to " + plain(max);
    return OptionalDouble.of(number(key, min, max, rule));
  }

  /** The number of the reference, in the place of a wrong one; where that is a word, another. */
  private double ofReference(String key, double other) {
    return has(reference, key)
            && reference.getValue(ConfigUtil.quoteString(key)).valueType() == ConfigValueType.NUMBER
        ? reference.getDouble(key)
        : other;
  }

  private boolean isWord(String word, String key) {
    boolean is = has(key) && word.equals(config.getValue(ConfigUtil.quoteString(key)).unwrapped());
    if (is) {
      read.add(key);
    }
    return is;
  }

  /** A number between two bounds, both allowed. */
  double number(String key, double min, double max) {
    return number(key, min, max, "a number from " + plain(min) + " to " + plain(max));
  }

  private double number(String key, double min, double max, String rule) {
    Double number = value(key, rule, c -> c.getDouble(key));
    if (number == null || !(number >= min && number <= max)) {
      if (number != null) {
        fault(key, String.valueOf(number), rule);
      }
      return ofReference(key, min);
    }
    return number;
  }

  /** on or off. */
  boolean onOff(String key) {
    Boolean on = value(key, "on or off", c -> c.getBoolean(key));
    return on != null && on;
  }

  /** One of an enumeration's names, written in small letters with dashes. */
  <E extends Enum<E>> E choice(String key, Class<E> type) {
    List<E> constants = Arrays.asList(type.getEnumConstants());
    String rule =
        "one of " + constants.stream().map(SettingsReader::name).collect(Collectors.joining(", "));
    String text = value(key, rule, c -> c.getString(key));
    for (E constant : constants) {
      if (name(constant).equals(text)) {
        return constant;
      }
    }
    if (text != null) {
      fault(key, text, rule);
    }
    if (has(reference, key)) {
      String fallback = reference.getString(key);
      for (E constant : constants) {
        if (name(constant).equals(fallback)) {
          return constant;
        }
      }
    }
    return constants.get(0);
  }

  /** How {@link #choice} writes a constant: {@code KERNEL_COSINE} is {@code kernel-cosine}. */
  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A list of texts. */
  List<String> texts(String key) {
    List<String> texts = value(key, "a list of texts", c -> c.getStringList(key));
    return texts == null ? Collections.emptyList() : Collections.unmodifiableList(texts);
  }

  /** A list of whole numbers, each between two bounds. */
  List<Integer> integers(String key, int min, int max) {
    String rule = "a list of whole numbers from " + min + " to " + max;
    List<Integer> numbers = value(key, rule, c -> c.getIntList(key));
    if (numbers == null) {
      return Collections.emptyList();
    }
    if (numbers.stream().anyMatch(n -> n < min || n > max)) {
      fault(key, String.valueOf(numbers), rule);
      return Collections.emptyList();
    }
    return Collections.unmodifiableList(numbers);
  }

  /** A list of numbers. */
  List<Double> numbers(String key) {
    List<Double> numbers = value(key, "a list of numbers", c -> c.getDoubleList(key));
    return numbers == null ? Collections.emptyList() : Collections.unmodifiableList(numbers);
  }

  /** A block whose keys are the user's own, as texts, in alphabetical order of the keys. */
  Map<String, String> map(String key) {
    ConfigObject block = value(key, "a block { ... }", c -> c.getObject(key));
    Map<String, String> map = new LinkedHashMap<>();
    if (block != null) {
      for (String name : new TreeSet<>(block.keySet())) {
        ConfigValue value = block.get(name);
        if (value.valueType() == ConfigValueType.OBJECT
            || value.valueType() == ConfigValueType.LIST) {
          flatten(ConfigUtil.joinPath(name), value, key, map);
        } else if (value.unwrapped() != null) {
          map.put(name, String.valueOf(value.unwrapped()));
        }
      }
    }
    return Collections.unmodifiableMap(map);
  }

  /** A list of blocks. */
  List<SettingsReader> blocks(String key) {
    List<? extends Config> configs =
        value(key, "a list of blocks { ... }", c -> c.getConfigList(key));
    List<SettingsReader> readers = new ArrayList<>();
    if (configs != null) {
      for (int i = 0; i < configs.size(); i++) {
        Config inner = configs.get(i);
        String path = prefix + key + "[" + i + "].";
        readers.add(new SettingsReader(inner, empty(inner), path, shared));
      }
    }
    return readers;
  }

  /** Notes that a key's value breaks a rule. */
  void fault(String key, String value, String rule) {
    fault("Invalid " + prefix + key + ": " + value + "; expected " + rule + where(key) + ".");
  }

  /** Notes a fault that no single key has. */
  void fault(String line) {
    if (!shared.lines.contains(line)) {
      shared.lines.add(line);
    }
  }

  /** The faults so far. */
  List<String> faults() {
    return Collections.unmodifiableList(shared.lines);
  }

  /** All faults, with the keys that nothing has read. Call once, at the end. */
  List<String> finish() {
    for (SettingsReader reader : shared.readers) {
      reader.unknownKeys();
    }
    return faults();
  }

  private void unknownKeys() {
    for (Map.Entry<String, ConfigValue> entry : config.root().entrySet()) {
      String key = entry.getKey();
      if (!read.contains(key)) {
        shared.lines.add(
            "Unknown key " + prefix + key + where(entry.getValue().origin()) + nearest(key));
      }
    }
  }

  private String nearest(String key) {
    String best = "";
    int least = Math.max(2, key.length() / 3) + 1;
    for (String candidate : read) {
      int distance = EditDistance.between(key, candidate);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return best.isEmpty()
        ? ". Known here: " + String.join(", ", read) + "."
        : ". Did you mean " + prefix + best + "?";
  }

  private <T> T value(String key, String rule, Function<Config, Object> get) {
    read.add(key);
    try {
      @SuppressWarnings("unchecked") // the caller's getter decides the type
      T value = (T) get.apply(config);
      return value;
    } catch (ConfigException.Missing e) {
      fault("Missing " + prefix + key + "; expected " + rule + where(config.origin()) + ".");
    } catch (ConfigException e) {
      fault(key, config.getValue(ConfigUtil.quoteString(key)).render(), rule);
    }
    return fallback(key, get);
  }

  @SuppressWarnings("unchecked") // the caller's getter decides the type
  private <T> T fallback(String key, Function<Config, Object> get) {
    try {
      return has(reference, key) ? (T) get.apply(reference) : null;
    } catch (ConfigException.WrongType e) {
      // A word in the place of a number.
      return null;
    }
  }

  private static Long wholeNumber(Config config, String key) {
    double number = config.getDouble(key);
    if (number != Math.rint(number)) {
      throw new ConfigException.BadValue(key, "not a whole number");
    }
    return config.getLong(key);
  }

  private void flatten(String path, ConfigValue value, String key, Map<String, String> into) {
    if (value.valueType() == ConfigValueType.OBJECT) {
      ConfigObject object = (ConfigObject) value;
      for (String name : new TreeSet<>(object.keySet())) {
        flatten(path + "." + name, object.get(name), key, into);
      }
    } else if (value.valueType() == ConfigValueType.LIST) {
      fault(key + "." + path, value.render(), "a text or a number");
    } else if (value.unwrapped() != null) {
      into.put(path, String.valueOf(value.unwrapped()));
    }
  }

  private String where(String key) {
    return has(key) ? where(config.getValue(key).origin()) : "";
  }

  private static String where(ConfigOrigin origin) {
    String name =
        origin.filename() != null
            ? origin.filename()
            : origin.description().replaceAll(":? ?[0-9]+$", "");
    return " (" + name + (origin.lineNumber() > 0 ? ":" + origin.lineNumber() : "") + ")";
  }

  private static boolean has(Config config, String key) {
    return config.hasPath(key);
  }

  private static Config empty(Config like) {
    return ConfigFactory.empty(like == null ? "nothing" : like.origin().description());
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? String.valueOf((long) number)
        : String.valueOf(number);
  }

  /** What the readers of one load share. */
  private static final class Faults {
    private final List<String> lines = new ArrayList<>();
    private final List<SettingsReader> readers = new ArrayList<>();
  }
}
