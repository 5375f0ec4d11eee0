package io.tagloom.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One declared field: an entry of {@code features.fields}. Immutable.
 *
 * <p>Accessors that a kind has no use for give 0 or empty; {@code reference.conf} says which key
 * belongs to which kind.
 */
public final class FieldSettings implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String NAME_RULE = "a letter, then letters, digits and _";
  private static final int MAX_BUCKETS = 10_000;
  private static final int MAX_LAST = 10_000;

  private final String name;
  private final Side side;
  private final FieldKind kind;
  private final Map<String, Object> values;

  private FieldSettings(String name, Side side, FieldKind kind, Map<String, Object> values) {
    this.name = name;
    this.side = side;
    this.kind = kind;
    this.values = values;
  }

  /**
   * Reads declarations as they stand in a settings file, for use without one:
   *
   * <pre>{@code
   * FieldSettings.parse("[{name = age, side = user, kind = bucketed, edges = [18, 25, 35]}]")
   * }</pre>
   *
   * @param hocon a list of fields, HOCON or JSON; per-field defaults are those of {@code
   *     reference.conf}
   * @throws SettingsException with every fault found
   */
  public static List<FieldSettings> parse(String hocon) {
    Config config;
    try {
      config = ConfigFactory.parseString("fields = " + hocon).resolve();
    } catch (ConfigException e) {
      throw new SettingsException(
          "Cannot read the fields: "
              + e.getMessage()
              + ". Write a list of blocks: [{name = ...}].");
    }
    SettingsReader reader = SettingsReader.over(config, ConfigFactory.empty("fields"));
    List<FieldSettings> fields = readAll(reader, "fields", FieldDefaults.REFERENCE);
    List<String> faults = reader.finish();
    if (!faults.isEmpty()) {
      throw new SettingsException(faults);
    }
    return fields;
  }

  /** The declarations as a JSON list that {@link #parse} reads back to equal ones. */
  public static String json(List<FieldSettings> fields) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (FieldSettings field : fields) {
      list.add(field.plain());
    }
    return ConfigValueFactory.fromIterable(list).render(ConfigRenderOptions.concise());
  }

  static List<FieldSettings> readAll(SettingsReader reader, String key, FieldDefaults defaults) {
    List<FieldSettings> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (SettingsReader block : reader.blocks(key)) {
      FieldSettings field = read(block, defaults);
      if (!names.add(field.name.toLowerCase(Locale.ROOT))) {
        block.fault("name", field.name, "a name that no other field has (case does not count)");
      }
      fields.add(field);
    }
    return Collections.unmodifiableList(fields);
  }

  private static FieldSettings read(SettingsReader reader, FieldDefaults defaults) {
    String name = reader.requiredText("name");
    if (!name.trim().isEmpty() && !name.matches("[A-Za-z][A-Za-z0-9_]*")) {
      reader.fault("name", name, NAME_RULE);
    }
    Side side = reader.choice("side", Side.class);
    FieldKind kind = reader.choice("kind", FieldKind.class);
    Map<String, Object> values = new LinkedHashMap<>();
    if (kind.isHistory()) {
      readHistory(reader, side, kind, values);
    } else {
      values.put("column", reader.has("column") ? reader.requiredText("column") : name);
      readOptional(reader, side, kind, values);
    }
    if (kind == FieldKind.MULTI_VALUED_WEIGHTED) {
      values.put("weights-column", reader.requiredText("weights-column"));
    } else if (kind == FieldKind.BUCKETED) {
      readBuckets(reader, values);
    } else if (kind == FieldKind.HASHED) {
      values.put("size", integer(reader, "size", 1, 1 << 30, 100_000));
    }
    if (kind.hasVocabulary()) {
      values.put(
          "min-count", integer(reader, "min-count", 1, Integer.MAX_VALUE, defaults.minCount));
      values.put("max-size", integer(reader, "max-size", 3, 100_000_000, defaults.maxSize));
    }
    if (kind != FieldKind.CATEGORICAL && kind != FieldKind.BUCKETED) {
      Normalize normalize =
          reader.has("normalize")
              ? reader.choice("normalize", Normalize.class)
              : defaults.normalize;
      values.put("normalize", SettingsReader.name(normalize));
    }
    return new FieldSettings(name, side, kind, values);
  }

  private static void readOptional(
      SettingsReader reader, Side side, FieldKind kind, Map<String, Object> values) {
    boolean optional = reader.has("optional") && reader.onOff("optional");
    if (optional && (side == Side.CONTEXT || kind == FieldKind.MULTI_VALUED_WEIGHTED)) {
      reader.fault("optional", "on", "off for context fields and multi-valued-weighted ones");
    }
    values.put("optional", optional);
  }

  private static void readHistory(
      SettingsReader reader, Side side, FieldKind kind, Map<String, Object> values) {
    if (side != Side.USER) {
      reader.fault("side", SettingsReader.name(side), "user, since a history is the user's own");
    }
    values.put("of", reader.requiredText("of"));
    HistoryValues of =
        reader.has("values")
            ? reader.choice("values", HistoryValues.class)
            : kind == FieldKind.HISTORY ? HistoryValues.ITEMS : HistoryValues.TAGS;
    values.put("values", SettingsReader.name(of));
    values.put("last", integer(reader, "last", 1, MAX_LAST, 50));
    double halfLife = kind == FieldKind.HISTORY ? 0 : 7;
    values.put(
        "half-life-days",
        reader.has("half-life-days") ? reader.number("half-life-days", 0, 3650) : halfLife);
    values.put("look-back-days", integer(reader, "look-back-days", 1, 3650, 30));
  }

  private static void readBuckets(SettingsReader reader, Map<String, Object> values) {
    List<Double> edges = Collections.emptyList();
    if (reader.has("edges")) {
      edges = reader.numbers("edges");
      boolean ascending = !edges.isEmpty() && edges.size() < MAX_BUCKETS;
      for (int i = 0; i < edges.size(); i++) {
        ascending &= !edges.get(i).isNaN() && !edges.get(i).isInfinite();
        ascending &= i == 0 || edges.get(i) > edges.get(i - 1);
      }
      if (!ascending) {
        reader.fault("edges", String.valueOf(edges), "1 to 9999 finite numbers in ascending order");
      }
      if (reader.has("buckets")) {
        reader.integer("buckets", 2, MAX_BUCKETS);
        reader.fault("buckets", "beside edges", "either buckets or edges");
      }
    }
    values.put("edges", edges);
    values.put("buckets", edges.isEmpty() ? integer(reader, "buckets", 2, MAX_BUCKETS, 10) : 0);
  }

  private static int integer(SettingsReader reader, String key, int min, int max, int fallback) {
    return reader.has(key) ? reader.integer(key, min, max) : fallback;
  }

  /** The field's name: letters, digits and _. */
  public String name() {
    return name;
  }

  /** Whose property the field is. */
  public Side side() {
    return side;
  }

  /** How values become ids. */
  public FieldKind kind() {
    return kind;
  }

  /** The column that is read; for history fields, which read none, the field's name. */
  public String column() {
    return (String) values.getOrDefault("column", name);
  }

  /** Whether a snapshot may lack the column; the field is empty for all its rows then. */
  public boolean isOptional() {
    return (Boolean) values.getOrDefault("optional", false);
  }

  /** The column of weights of a multi-valued-weighted field. */
  public String weightsColumn() {
    return (String) values.getOrDefault("weights-column", "");
  }

  /** Number of quantile buckets of a bucketed field; 0 when edges are given. */
  public int buckets() {
    return (Integer) values.getOrDefault("buckets", 0);
  }

  /** Given edges of a bucketed field, ascending; empty when quantiles are taken. */
  @SuppressWarnings("unchecked") // only readBuckets writes it
  public List<Double> edges() {
    return (List<Double>) values.getOrDefault("edges", Collections.<Double>emptyList());
  }

  /** Number of hash values of a hashed field, ids 0 and 1 not counted. */
  public int hashSize() {
    return (Integer) values.getOrDefault("size", 0);
  }

  /** The event of a history field: click, conversion or a label type. */
  public String of() {
    return (String) values.getOrDefault("of", "");
  }

  /** What a history field collects of each event; items for fields that are none. */
  public HistoryValues historyValues() {
    String written = (String) values.getOrDefault("values", "items");
    return written.equals("tags") ? HistoryValues.TAGS : HistoryValues.ITEMS;
  }

  /** Most values of a history field in a row. */
  public int last() {
    return (Integer) values.getOrDefault("last", 0);
  }

  /** Days after which an event of a history field weighs half; 0 does not decay. */
  public double halfLifeDays() {
    return (Double) values.getOrDefault("half-life-days", 0.0);
  }

  /** Days before the impression whose events a history field sees. */
  public int lookBackDays() {
    return (Integer) values.getOrDefault("look-back-days", 0);
  }

  /** Training rows a value must occur in to enter the vocabulary. */
  public int minCount() {
    return (Integer) values.getOrDefault("min-count", 1);
  }

  /** Most ids of the vocabulary, padding and unknown included. */
  public int maxSize() {
    return (Integer) values.getOrDefault("max-size", Integer.MAX_VALUE);
  }

  /** What happens to the weights of a row's values. */
  public Normalize normalize() {
    return "mean".equals(values.get("normalize")) ? Normalize.MEAN : Normalize.NONE;
  }

  private Map<String, Object> plain() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("name", name);
    all.put("side", SettingsReader.name(side));
    all.put("kind", SettingsReader.name(kind));
    for (Map.Entry<String, Object> value : values.entrySet()) {
      boolean unused =
          value.getKey().equals("edges") && edges().isEmpty()
              || value.getKey().equals("buckets") && buckets() == 0;
      if (!unused) {
        all.put(value.getKey(), value.getValue());
      }
    }
    return all;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldSettings && plain().equals(((FieldSettings) other).plain());
  }

  @Override
  public int hashCode() {
    return plain().hashCode();
  }

  @Override
  public String toString() {
    return plain().entrySet().stream()
        .map(entry -> entry.getKey() + " = " + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** What fields take when they do not say it themselves. */
  static final class FieldDefaults {
    static final FieldDefaults REFERENCE = new FieldDefaults(1, 1_000_000, Normalize.MEAN);

    private final int minCount;
    private final int maxSize;
    private final Normalize normalize;

    FieldDefaults(int minCount, int maxSize, Normalize normalize) {
      this.minCount = minCount;
      this.maxSize = maxSize;
      this.normalize = normalize;
    }
  }
}
