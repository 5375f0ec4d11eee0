package io.tagloom.export.tables;

import java.util.Locale;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The published tables and their Parquet schemas. */
public enum TableKind {
  /** One row a user: the best tags. Key user_id. */
  USER_TAG_PROFILE(
      "message user_tag_profile {\n"
          + "required binary user_id (UTF8);\n"
          + "required binary dt (UTF8);\n"
          + ranked("interests")
          + ranked("intentions")
          + ranked("tags")
          + "required binary model_id (UTF8);\n"
          + "}"),
  /** The profile of a user of whom nothing is known; one row of the same columns. */
  COLD_PROFILE(USER_TAG_PROFILE.text.replace("user_tag_profile", "cold_profile")),
  /** One row a user: every expert once, [K][D]. Key user_id. */
  USER_VECTORS(
      "message user_vectors {\n"
          + "required binary user_id (UTF8);\n"
          + "required group experts (LIST) { repeated group list {\n"
          + "required group element (LIST) { repeated group list { required float element; } }\n"
          + "} }\n"
          + "}"),
  /** One row a tag and task. Key tag, task. */
  TAG_GATES(gates("tag_gates", "tag")),
  /** One row an item and task. Key item_id, task. */
  ITEM_GATES(gates("item_gates", "item_id")),
  /** Counts of the label join. Key name. */
  JOIN_HEALTH(numbers("join_health")),
  /** Metrics of the model. Key name. */
  EVALUATION(numbers("evaluation")),
  /** The manifest as names and texts. Key name. */
  MANIFEST(
      "message manifest {\n"
          + "required binary name (UTF8);\n"
          + "required binary value (UTF8);\n"
          + "}"),
  /** Fingerprint of a user's encoded fields, for incremental exports. Key user_id. */
  USER_INPUTS(
      "message user_inputs {\n"
          + "required binary user_id (UTF8);\n"
          + "required int64 fingerprint;\n"
          + "}");

  /** Version of the schemas; raised by every change that a reader can see. */
  public static final int SCHEMA_VERSION = 2;

  private final String text;

  TableKind(String text) {
    this.text = text;
  }

  /** Folder of the table within a version, such as {@code user_tag_profile}. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The Parquet schema. */
  public MessageType schema() {
    return MessageTypeParser.parseMessageType(text);
  }

  private static String ranked(String column) {
    return "required group "
        + column
        + " (LIST) { repeated group list { required group element {\n"
        + "required binary tag (UTF8);\n"
        + "required float score;\n"
        + "required float probability;\n"
        + "required int32 rank;\n"
        + "} } }\n";
  }

  private static String gates(String table, String key) {
    return "message "
        + table
        + " {\n"
        + "required binary "
        + key
        + " (UTF8);\n"
        + "required binary task (UTF8);\n"
        + list("required", "vector", "float")
        + list("required", "gate", "float")
        + list("required", "kernels", "int32")
        + list("optional", "ann_vector", "float")
        + "required double scale;\n"
        + "required double bias;\n"
        + "}";
  }

  private static String list(String repetition, String column, String type) {
    return repetition
        + " group "
        + column
        + " (LIST) { repeated group list { required "
        + type
        + " element; } }\n";
  }

  private static String numbers(String table) {
    return "message "
        + table
        + " {\nrequired binary dt (UTF8);\nrequired binary name (UTF8);\nrequired double value;\n}";
  }
}
