package io.tagloom.training;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.tagloom.conf.Settings;
import io.tagloom.training.models.FieldShape;
import io.tagloom.training.models.MvkeShape;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a model is, where it comes from and how it did: {@code bundle.json}. Immutable. */
public final class BundleInfo implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Version of the layout of bundles. */
  static final int FORMAT = 2;

  private final String id;
  private final String modelJson;
  private final String trainingJson;
  private final long seed;
  private final List<FieldShape> fields;
  private final String fingerprint;
  private final String firstDay;
  private final String lastDay;
  private final String historyJson;
  private final String versionsJson;

  BundleInfo(
      String id,
      String modelJson,
      String trainingJson,
      long seed,
      List<FieldShape> fields,
      String fingerprint,
      String firstDay,
      String lastDay,
      String historyJson,
      String versionsJson) {
    this.id = id;
    this.modelJson = modelJson;
    this.trainingJson = trainingJson;
    this.seed = seed;
    this.fields = Collections.unmodifiableList(new ArrayList<>(fields));
    this.fingerprint = fingerprint;
    this.firstDay = firstDay;
    this.lastDay = lastDay;
    this.historyJson = historyJson;
    this.versionsJson = versionsJson;
  }

  /** Name of the model: letters and digits that differ for every other model. */
  public String id() {
    return id;
  }

  /** Settings block {@code model} as JSON. */
  public String modelJson() {
    return modelJson;
  }

  /** Seed of the run. */
  public long seed() {
    return seed;
  }

  /** Fields with their vocabulary sizes, the tag field first among those of items. */
  public List<FieldShape> fields() {
    return fields;
  }

  /** Fingerprint of the vocabularies that encoded the training data; empty when not known. */
  public String fingerprint() {
    return fingerprint;
  }

  /** First day of the training data, YYYY-MM-DD; empty when not known. */
  public String firstDay() {
    return firstDay;
  }

  /** Last day of the training data, YYYY-MM-DD; empty when not known. */
  public String lastDay() {
    return lastDay;
  }

  /** Epochs with losses and validation metrics, a JSON list. */
  public String historyJson() {
    return historyJson;
  }

  /** Versions of Java, Spark and this program, a JSON object. */
  public String versionsJson() {
    return versionsJson;
  }

  BundleInfo withData(String vocabulary, String first, String last) {
    return new BundleInfo(
        id,
        modelJson,
        trainingJson,
        seed,
        fields,
        vocabulary,
        first,
        last,
        historyJson,
        versionsJson);
  }

  /** The shape of the model. */
  MvkeShape shape() {
    Map<String, String> override = Collections.singletonMap("model", modelJson);
    return MvkeShape.of(Settings.reference(override).model(), fields);
  }

  /** All of it as one JSON object, with the checksum of the weights beside. */
  String json(String weightsChecksum) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("format", FORMAT);
    all.put("id", id);
    all.put("model", ConfigFactory.parseString(modelJson).root());
    all.put("training", ConfigFactory.parseString(trainingJson).root());
    all.put("seed", seed);
    List<Object> list = new ArrayList<>();
    for (FieldShape field : fields) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", field.name());
      one.put("side", field.side().name());
      one.put("role", field.role().name());
      one.put("rows", field.rows());
      list.add(one);
    }
    all.put("fields", list);
    all.put("vocabulary_fingerprint", fingerprint);
    all.put("first_day", firstDay);
    all.put("last_day", lastDay);
    all.put("epochs", ConfigFactory.parseString("list = " + historyJson).getValue("list"));
    all.put("versions", ConfigFactory.parseString(versionsJson).root());
    all.put("weights_checksum", weightsChecksum);
    return ConfigValueFactory.fromMap(all).render(ConfigRenderOptions.concise().setFormatted(true));
  }

  static BundleInfo parse(Config json) {
    List<FieldShape> fields = new ArrayList<>();
    for (Config field : json.getConfigList("fields")) {
      fields.add(
          new FieldShape(
              field.getString("name"),
              FieldShape.Side.valueOf(field.getString("side")),
              FieldShape.Role.valueOf(field.getString("role")),
              field.getInt("rows")));
    }
    return new BundleInfo(
        json.getString("id"),
        render(json, "model"),
        render(json, "training"),
        json.getLong("seed"),
        fields,
        json.getString("vocabulary_fingerprint"),
        json.getString("first_day"),
        json.getString("last_day"),
        render(json, "epochs"),
        render(json, "versions"));
  }

  static String render(Config json, String key) {
    return json.getValue(key).render(ConfigRenderOptions.concise());
  }
}
