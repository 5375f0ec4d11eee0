package io.tagloom.features.blocks;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Which keys, labels and fields the blocks of a table have, in order, and their Parquet schema.
 *
 * <p>Schema, one row per block: {@code split} string, {@code rows} int, {@code block_order} bigint,
 * and as binary each key (text), {@code ts} (bigint, epoch milliseconds, none when unknown), {@code
 * weight} (float, none when all are 1), {@code label_NAME} (float) and {@code field_NAME} (ids, row
 * lengths and weights): numbers in as many bytes as the largest needs, written and read by {@link
 * Block}. (Arrays would take Parquet a call per number, several times the cost of encoding.)
 */
public final class BlockLayout implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Key column of impressions. */
  public static final String IMPRESSION_ID = "impression_id";

  /** Key column of users. */
  public static final String USER_ID = "user_id";

  /** Key column of items. */
  public static final String ITEM_ID = "item_id";

  static final String SPLIT = "split";
  static final String ROWS = "rows";
  static final String ORDER = "block_order";
  static final String TS = "ts";
  static final String WEIGHT = "weight";
  static final String LABEL_PREFIX = "label_";
  static final String FIELD_PREFIX = "field_";

  private static final List<String> ALL_KEYS =
      Collections.unmodifiableList(Arrays.asList(IMPRESSION_ID, USER_ID, ITEM_ID));

  private final List<String> keys;
  private final List<String> labels;
  private final List<String> fields;

  /**
   * Describes blocks.
   *
   * @param keys key columns that are present: any of impression_id, user_id, item_id
   * @param labels label names, such as click, conversion, mature
   * @param fields field names
   * @throws IllegalArgumentException if a key is not one of the three, or a name is there twice
   *     (case does not count, as in Spark's column names)
   */
  public BlockLayout(List<String> keys, List<String> labels, List<String> fields) {
    for (String key : keys) {
      if (!ALL_KEYS.contains(key)) {
        throw new IllegalArgumentException(
            "Invalid key: " + key + "; expected one of " + ALL_KEYS + ".");
      }
    }
    this.keys = distinct("key", keys);
    this.labels = distinct("label", labels);
    this.fields = distinct("field", fields);
  }

  /**
   * The layout of a table of blocks, or of some of its columns.
   *
   * @throws IllegalArgumentException if the columns {@code split} and {@code rows} are missing
   */
  public static BlockLayout of(StructType schema) {
    List<String> keys = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    List<String> fields = new ArrayList<>();
    List<String> names = Arrays.asList(schema.fieldNames());
    if (!names.contains(SPLIT) || !names.contains(ROWS)) {
      throw new IllegalArgumentException(
          "Cannot read blocks: columns split and rows are expected, found "
              + names
              + ". Read a table of encoded blocks.");
    }
    for (String name : names) {
      if (ALL_KEYS.contains(name)) {
        keys.add(name);
      } else if (name.startsWith(LABEL_PREFIX)) {
        labels.add(name.substring(LABEL_PREFIX.length()));
      } else if (name.startsWith(FIELD_PREFIX)) {
        fields.add(name.substring(FIELD_PREFIX.length()));
      }
    }
    return new BlockLayout(keys, labels, fields);
  }

  private static List<String> distinct(String what, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (name.isEmpty() || !seen.add(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "Invalid " + what + " names: " + names + "; expected each once and none empty.");
      }
    }
    return Collections.unmodifiableList(new ArrayList<>(names));
  }

  /** Key columns that are present. */
  public List<String> keys() {
    return keys;
  }

  /** Label names in order. */
  public List<String> labels() {
    return labels;
  }

  /** Field names in order. */
  public List<String> fields() {
    return fields;
  }

  /**
   * Position of a field.
   *
   * @throws IllegalArgumentException if there is no such field
   */
  public int fieldIndex(String field) {
    return index("field", fields, field);
  }

  /**
   * Position of a label.
   *
   * @throws IllegalArgumentException if there is no such label
   */
  public int labelIndex(String label) {
    return index("label", labels, label);
  }

  int keyIndex(String key) {
    return index("key", keys, key);
  }

  private static int index(String what, List<String> names, String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "Cannot find "
              + what
              + " "
              + name
              + " in the block: it has "
              + names
              + ". Name one of these.");
    }
    return index;
  }

  /** The Parquet and DataFrame schema of blocks with this layout. */
  public StructType schema() {
    List<StructField> columns = new ArrayList<>();
    columns.add(column(SPLIT, DataTypes.StringType));
    columns.add(column(ROWS, DataTypes.IntegerType));
    columns.add(column(ORDER, DataTypes.LongType));
    for (String key : keys) {
      columns.add(column(key, DataTypes.BinaryType));
    }
    columns.add(column(TS, DataTypes.BinaryType));
    columns.add(column(WEIGHT, DataTypes.BinaryType));
    for (String label : labels) {
      columns.add(column(LABEL_PREFIX + label, DataTypes.BinaryType));
    }
    for (String field : fields) {
      columns.add(column(FIELD_PREFIX + field, DataTypes.BinaryType));
    }
    return DataTypes.createStructType(columns);
  }

  private static StructField column(String name, DataType type) {
    return DataTypes.createStructField(name, type, true);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlockLayout
        && keys.equals(((BlockLayout) other).keys)
        && labels.equals(((BlockLayout) other).labels)
        && fields.equals(((BlockLayout) other).fields);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * keys.hashCode() + labels.hashCode()) + fields.hashCode();
  }

  @Override
  public String toString() {
    return "keys " + keys + ", labels " + labels + ", fields " + fields;
  }
}
