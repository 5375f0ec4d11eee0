package io.tagloom.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What nobody is shown: values of keys that are secret by their names, passwords in addresses and
 * connection strings, and values that came from the environment. Immutable.
 */
final class Secrets {
  static final String HIDDEN = "(hidden)";

  private static final String NAMES =
      "secret|passw(?:or)?d|passphrase|\\bpwd|token|credential|api[._-]?key|access[._-]?key"
          + "|account[._-]?key|private[._-]?key|encryption[._-]?key|shared[._-]?key"
          + "|\\bsig(?:nature)?\\b|\\bsas\\b";
  private static final Pattern SECRET_KEY = Pattern.compile("(?i)" + NAMES);

  /** User information in an address, and in Oracle's. */
  private static final Pattern ADDRESS =
      Pattern.compile("(://[^/\\s:@?]*|(?i:jdbc:oracle:thin):[^/\\s@]+)([:/])([^/\\s@]+)@");

  /** The value of a name in a query, a connection string or a list of properties. */
  private static final Pattern ASSIGNMENT =
      Pattern.compile("((?i:(?:" + NAMES + ")[a-z0-9._-]*=))(?:\"[^\"]*\"|[^&;,\\s)\"']+)");

  /** Blocks whose values from the environment say where things are, not what is computed. */
  private static final List<String> PLACES =
      Arrays.asList("paths", "run", "spark", "input", "export", "generate");

  /** Below this a value is a word that can stand in any text. */
  private static final int SHORTEST = 6;

  private final Set<String> values =
      new TreeSet<>(
          Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()));

  /** The secrets of settings. */
  Secrets(Config config) {
    collect("", config.root());
    String variable = config.getString("export.jdbc.password-variable");
    String password = variable.isEmpty() ? null : System.getenv(variable);
    add(password == null ? "" : password);
  }

  private void collect(String key, ConfigValue value) {
    if (value instanceof ConfigObject) {
      ((ConfigObject) value).forEach((name, each) -> collect(key + "." + name, each));
    } else if (value instanceof ConfigList) {
      ((ConfigList) value).forEach(each -> collect(key, each));
    } else if (isSecret(key)) {
      add(String.valueOf(value.unwrapped()));
    }
  }

  private void add(String value) {
    if (value.length() >= SHORTEST) {
      values.add(value);
    }
  }

  private static boolean isSecret(String key) {
    return SECRET_KEY.matcher(key).find() && !key.endsWith("export.jdbc.password-variable");
  }

  /** A text without secrets. */
  String hide(String text) {
    String told = text;
    for (String value : values) {
      told = told.replace(value, HIDDEN);
    }
    return hidePatterns(told);
  }

  /** A text without what looks like a secret, whatever the settings are. */
  static String hidePatterns(String text) {
    String told = ADDRESS.matcher(text).replaceAll("$1$2" + HIDDEN + "@");
    return ASSIGNMENT.matcher(told).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN));
  }

  /** Settings without secrets, and without values from the environment that name places. */
  static ConfigObject shown(Config config) {
    return (ConfigObject) shown("", config.root());
  }

  private static ConfigValue shown(String key, ConfigValue value) {
    if (value instanceof ConfigObject) {
      Map<String, ConfigValue> told = new LinkedHashMap<>();
      ((ConfigObject) value)
          .forEach(
              (name, each) -> told.put(name, shown(key.isEmpty() ? name : key + "." + name, each)));
      return ConfigValueFactory.fromMap(told);
    }
    if (value instanceof ConfigList) {
      List<ConfigValue> told = new ArrayList<>();
      ((ConfigList) value).forEach(each -> told.add(shown(key, each)));
      return ConfigValueFactory.fromIterable(told);
    }
    if (!(value.unwrapped() instanceof String) || ((String) value.unwrapped()).isEmpty()) {
      return isSecret(key) && value.unwrapped() instanceof Number
          ? ConfigValueFactory.fromAnyRef(HIDDEN)
          : value;
    }
    String text = (String) value.unwrapped();
    boolean ofEnvironment =
        value.origin().description().contains("env var") && PLACES.contains(key.split("[.]", 2)[0]);
    return isSecret(key) || ofEnvironment
        ? ConfigValueFactory.fromAnyRef(ofEnvironment ? "(from the environment)" : HIDDEN)
        : ConfigValueFactory.fromAnyRef(hidePatterns(text));
  }
}
