package io.tagloom.export.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a version is: {@code manifest.json}. Immutable.
 *
 * <p>Keys: {@code version}, {@code sequence} (1 for the first version, then one more than the
 * last), {@code previous} (the version that was the latest before), {@code model_id}, {@code date},
 * {@code schema_version}, {@code rows.<table>}, {@code properties.<name>} (settings, data dates,
 * fingerprints, versions) and {@code checks[]}.
 */
public final class Manifest {
  /** By date, and of one date in the order of publication: a back-fill is no news of today. */
  public static final Comparator<Manifest> ORDER =
      Comparator.comparing(Manifest::date).thenComparingLong(Manifest::sequence);

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final String version;
  private final long sequence;
  private final Optional<String> previous;
  private final String modelId;
  private final String date;
  private final SortedMap<String, Long> rows;
  private final SortedMap<String, String> properties;
  private final List<Check> checks;

  /**
   * Describes a version.
   *
   * @param version its name
   * @param sequence 1 or more
   * @param previous the latest version before, if there was one
   * @param modelId the model's id
   * @param date date as of which it was made, YYYY-MM-DD
   * @param rows rows by table
   * @param properties further facts by name
   * @param checks the checks, all passed
   */
  public Manifest(
      String version,
      long sequence,
      Optional<String> previous,
      String modelId,
      String date,
      Map<String, Long> rows,
      Map<String, String> properties,
      List<Check> checks) {
    this.version = version;
    this.sequence = sequence;
    this.previous = previous;
    this.modelId = modelId;
    this.date = date;
    this.rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
    this.properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
    this.checks = Collections.unmodifiableList(new ArrayList<>(checks));
  }

  /** Name of the version. */
  public String version() {
    return version;
  }

  /** Position in the order of publication, from 1. */
  public long sequence() {
    return sequence;
  }

  /** The version that was the latest before. */
  public Optional<String> previous() {
    return previous;
  }

  /** The model's id. */
  public String modelId() {
    return modelId;
  }

  /** Date as of which the version was made, YYYY-MM-DD. */
  public String date() {
    return date;
  }

  /** Rows by table. */
  public SortedMap<String, Long> rows() {
    return rows;
  }

  /** Further facts: settings, data dates, fingerprints, code and library versions. */
  public SortedMap<String, String> properties() {
    return properties;
  }

  /** The checks that were made, as texts with what they found. */
  public List<Check> checks() {
    return checks;
  }

  /** The manifest as flat names and texts, in alphabetical order. */
  public SortedMap<String, String> flat() {
    SortedMap<String, String> flat = new TreeMap<>();
    flat.put("version", version);
    flat.put("sequence", String.valueOf(sequence));
    flat.put("previous", previous.orElse(""));
    flat.put("model_id", modelId);
    flat.put("date", date);
    rows.forEach((table, count) -> flat.put("rows." + table, String.valueOf(count)));
    properties.forEach((name, value) -> flat.put("properties." + name, value));
    checks.forEach(check -> flat.put("checks." + check.name(), check.found()));
    return flat;
  }

  /** The manifest as JSON. */
  public String json() {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("version", version);
    root.put("sequence", sequence);
    root.put("previous", previous.orElse(""));
    root.put("model_id", modelId);
    root.put("date", date);
    ObjectNode counts = root.putObject("rows");
    rows.forEach((table, count) -> counts.put(table, count.longValue()));
    ObjectNode facts = root.putObject("properties");
    properties.forEach(facts::put);
    ArrayNode list = root.putArray("checks");
    for (Check check : checks) {
      ObjectNode node = list.addObject();
      node.put("name", check.name());
      node.put("found", check.found());
    }
    try {
      return MAPPER.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of texts and numbers can be written", e);
    }
  }

  /** Reads {@link #json()}, without its checks; empty if the text is not a whole manifest. */
  static Optional<Manifest> parse(String json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
    for (String key : new String[] {"version", "sequence", "model_id", "date", "rows"}) {
      if (root == null || !root.has(key)) {
        return Optional.empty();
      }
    }
    Map<String, Long> rows = new TreeMap<>();
    Iterator<Map.Entry<String, JsonNode>> tables = root.get("rows").fields();
    tables.forEachRemaining(entry -> rows.put(entry.getKey(), entry.getValue().asLong()));
    Map<String, String> properties = new TreeMap<>();
    Iterator<Map.Entry<String, JsonNode>> facts = root.path("properties").fields();
    facts.forEachRemaining(entry -> properties.put(entry.getKey(), entry.getValue().asText()));
    String previous = root.path("previous").asText();
    return Optional.of(
        new Manifest(
            root.get("version").asText(),
            root.get("sequence").asLong(),
            previous.isEmpty() ? Optional.empty() : Optional.of(previous),
            root.get("model_id").asText(),
            root.get("date").asText(),
            rows,
            properties,
            Collections.<Check>emptyList()));
  }
}
