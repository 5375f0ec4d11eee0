package io.tagloom.pipeline.console;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The result of a command twice: as lines for a person and as one JSON object for a program.
 *
 * <p>Keys of the object, nested at the dots; a command gives those that it has:
 *
 * <ul>
 *   <li>{@code command}, {@code date}, {@code status} ({@code ok} or {@code failed}), {@code
 *       seconds};
 *   <li>{@code rows.impressions}, {@code rows.clicks}, {@code rows.conversions}, {@code
 *       rows.samples}: rows read of each log, and samples written;
 *   <li>{@code tasks.TASK.auc}, {@code tasks.TASK.logloss} on the evaluated split; for {@code demo}
 *       also {@code tasks.TASK.best_auc}, the AUC of the planted probabilities;
 *   <li>{@code profile.LIST.GROUP.NAME}: how well profiles order tags and meet their rates, groups
 *       all, history and cold; for {@code demo} also {@code profile.LIST.best_pair_order};
 *   <li>{@code tables.NAME}: path of a written table;
 *   <li>{@code join_health}: what the label join found, day by day; of {@code samples} and {@code
 *       nightly};
 *   <li>{@code nights.DATE}: all of this for each night of a range, and of {@code status};
 *   <li>{@code error}, {@code exit_code}: of a command that failed.
 * </ul>
 *
 * Not for use by several threads.
 */
public final class Report {
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, false);

  private final ObjectNode json;
  private final List<String> lines;

  /** Creates an empty report. */
  public Report() {
    this(JSON.createObjectNode(), new ArrayList<>());
  }

  private Report(ObjectNode json, List<String> lines) {
    this.json = json;
    this.lines = lines;
  }

  /** Adds a line for a person. */
  public Report line(String line) {
    lines.add(line);
    return this;
  }

  /** Sets a text; dots in the path make nested objects. */
  public Report put(String path, String value) {
    parent(path).put(last(path), value);
    return this;
  }

  /** Sets a count. */
  public Report put(String path, long value) {
    parent(path).put(last(path), value);
    return this;
  }

  /** Sets a measure. A value that is not a number (nothing to measure) is left out. */
  public Report put(String path, double value) {
    if (!Double.isNaN(value) && !Double.isInfinite(value)) {
      parent(path).put(last(path), value);
    }
    return this;
  }

  /** Sets null: of a measure that could not be taken. */
  public Report putNull(String path) {
    parent(path).putNull(last(path));
    return this;
  }

  /**
   * Sets a list, a map or anything else that Jackson can write, below names that may have dots.
   *
   * @param path the names, outermost first
   */
  public Report put(List<String> path, Object value) {
    int last = path.size() - 1;
    object(path.subList(0, last)).set(path.get(last), JSON.valueToTree(value));
    return this;
  }

  /** Sets all of another report below a path; its lines follow these. */
  public Report put(String path, Report other) {
    lines.addAll(other.lines);
    parent(path).set(last(path), other.json);
    return this;
  }

  /**
   * Sets {@code seconds.NAME} to the tenth of a second, unless the report is a measurement that has
   * {@code seconds} of its own.
   */
  public Report seconds(String name, double seconds) {
    return Double.isNaN(number("seconds"))
        ? put("seconds." + name, Math.round(seconds * 10) / 10.0)
        : this;
  }

  /** The text at a path, or an empty one. */
  public String text(String path) {
    return json.at(pointer(path)).asText();
  }

  /** The number at a path, or NaN. */
  public double number(String path) {
    return json.at(pointer(path)).asDouble(Double.NaN);
  }

  /** Names and texts of an object, in order; none when it is missing. */
  public List<String> names(String path) {
    List<String> names = new ArrayList<>();
    Iterator<String> fields = json.at(pointer(path)).fieldNames();
    while (fields.hasNext()) {
      names.add(fields.next());
    }
    return names;
  }

  /** Adds all of another report: its lines after these, its values over these. */
  public Report add(Report other) {
    lines.addAll(other.lines);
    merge(json, other.json);
    return this;
  }

  /** The object alone. */
  public Report withoutLines() {
    return new Report(json, new ArrayList<>());
  }

  /** The lines for a person. */
  public List<String> lines() {
    return Collections.unmodifiableList(lines);
  }

  /** The object on one line. */
  public String json() {
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of texts and numbers can always be written", e);
    }
  }

  /** Lines and object as one text, to be kept in a file. */
  public String toText() {
    ObjectNode all = JSON.createObjectNode();
    all.set("result", json);
    lines.forEach(all.putArray("lines")::add);
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of texts and numbers can always be written", e);
    }
  }

  /**
   * The report that {@link #toText} wrote.
   *
   * @param text the text
   * @throws IOException when the text is not such a report
   */
  public static Report fromText(String text) throws IOException {
    JsonNode all = JSON.readTree(text);
    if (all == null || !all.path("result").isObject() || !all.path("lines").isArray()) {
      throw new IOException("not a report");
    }
    List<String> lines = new ArrayList<>();
    all.path("lines").forEach(line -> lines.add(line.asText()));
    return new Report((ObjectNode) all.path("result"), lines);
  }

  private ObjectNode parent(String path) {
    List<String> names = Arrays.asList(path.split("\\."));
    return object(names.subList(0, names.size() - 1));
  }

  private ObjectNode object(List<String> names) {
    JsonPointer path = JsonPointer.empty();
    for (String name : names) {
      path = path.appendProperty(name);
    }
    return json.withObject(path);
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  private static String pointer(String path) {
    return "/" + path.replace('.', '/');
  }

  private static void merge(ObjectNode into, ObjectNode from) {
    Iterator<Map.Entry<String, JsonNode>> fields = from.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode old = into.get(field.getKey());
      if (old instanceof ObjectNode && field.getValue() instanceof ObjectNode) {
        merge((ObjectNode) old, (ObjectNode) field.getValue());
      } else {
        into.set(field.getKey(), field.getValue());
      }
    }
  }
}
