package io.tagloom.features.fields;

import static org.apache.spark.sql.functions.col;

import io.tagloom.conf.FieldKind;
import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.InputException;
import io.tagloom.conf.Side;
import io.tagloom.features.blocks.BlockLayout;
import io.tagloom.features.logs.Casts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/** The flat projection of a table that fitting and encoding read, and where each thing is in it. */
final class EncoderPlan {
  private final List<FieldSettings> fields;
  private final List<String> keys = new ArrayList<>();
  private final List<String> labels;
  private final List<Column> columns = new ArrayList<>();
  private final RowEncoder.Plan places = new RowEncoder.Plan();
  private final int[] ordinals;
  private final boolean[] lists;

  /**
   * Plans reading a table.
   *
   * @param schema the table's columns
   * @param fields fields that are read
   * @param keys key columns that are carried if the table has them; the first must be there. With
   *     impression_id among them the table is one of samples, and split, ts and weight are carried
   *     too
   * @param labels label columns, which must be there
   * @throws InputException if a column is missing or of a wrong type
   */
  EncoderPlan(
      StructType schema,
      List<FieldSettings> fields,
      List<String> keys,
      List<String> labels,
      String listSeparator) {
    this.fields = fields;
    this.labels = labels;
    this.ordinals = new int[fields.size()];
    this.lists = new boolean[fields.size()];
    List<String> names = Arrays.asList(schema.fieldNames());
    require(names, keys.get(0), "key");
    for (String key : keys) {
      if (names.contains(key)) {
        this.keys.add(key);
        add(col("`" + key + "`").cast(DataTypes.StringType));
      }
    }
    places.keys = new int[this.keys.size()];
    for (int i = 0; i < places.keys.length; i++) {
      places.keys[i] = i;
    }
    boolean samples = keys.contains(BlockLayout.IMPRESSION_ID);
    if (samples && names.contains("split")) {
      places.split = add(col("split").cast(DataTypes.StringType));
    }
    if (samples && names.contains("ts")) {
      places.ts = add(millis(schema, "ts"));
    }
    if (samples && names.contains("weight")) {
      places.weight = add(number(schema, "weight"));
    }
    places.labels = new int[labels.size()];
    for (int i = 0; i < places.labels.length; i++) {
      require(names, labels.get(i), "label");
      places.labels[i] = add(number(schema, labels.get(i)));
    }
    InputColumns inputs = new InputColumns(schema, listSeparator);
    for (int i = 0; i < ordinals.length; i++) {
      ordinals[i] = columns.size();
      lists[i] = inputs.isList(fields.get(i));
      columns.addAll(inputs.of(fields.get(i)));
    }
  }

  private int add(Column column) {
    columns.add(column);
    return columns.size() - 1;
  }

  private static void require(List<String> names, String column, String what) {
    if (!names.contains(column)) {
      throw new InputException(
          "Cannot encode: "
              + what
              + " column "
              + column
              + " is not in "
              + names
              + ". Add it, or read the table of samples.");
    }
  }

  /** A time as epoch milliseconds, whether it is a bigint or a timestamp. */
  static Column millis(StructType schema, String column) {
    DataType type = schema.apply(column).dataType();
    if (Casts.isTime(type) && !type.equals(DataTypes.DateType)) {
      return Casts.millis(Casts.quoted(column), type);
    }
    if (!schema.apply(column).dataType().equals(DataTypes.LongType)) {
      throw new InputException(
          "Cannot encode: column "
              + column
              + " is "
              + schema.apply(column).dataType().simpleString()
              + ", expected bigint (epoch milliseconds) or timestamp. Convert it.");
    }
    return col("`" + column + "`");
  }

  /** A label or weight as a float; a boolean is 1 or 0. */
  static Column number(StructType schema, String column) {
    if (!(schema.apply(column).dataType() instanceof NumericType)
        && !(schema.apply(column).dataType() instanceof BooleanType)) {
      throw new InputException(
          "Cannot encode: column "
              + column
              + " is "
              + schema.apply(column).dataType().simpleString()
              + ", expected a number or boolean. Convert it.");
    }
    return col("`" + column + "`").cast(DataTypes.FloatType);
  }

  /** The projection, columns named by their place. */
  Dataset<Row> select(Dataset<Row> table) {
    Column[] named = new Column[columns.size()];
    for (int i = 0; i < named.length; i++) {
      named[i] = columns.get(i).as("c" + i);
    }
    return table.select(named);
  }

  BlockLayout layout() {
    List<String> names = new ArrayList<>();
    for (FieldSettings field : fields) {
      names.add(field.name());
    }
    return new BlockLayout(keys, labels, names);
  }

  boolean hasTs() {
    return places.ts >= 0;
  }

  boolean[] lists() {
    return lists;
  }

  RowEncoder.Plan encoding(List<Vocabulary> vocabularies) {
    places.fields = new FieldEncoder[fields.size()];
    for (int i = 0; i < fields.size(); i++) {
      places.fields[i] =
          new FieldEncoder(fields.get(i), vocabularies.get(i), lists[i], ordinals[i]);
    }
    return places;
  }

  /** For counting; a field without a vocabulary yet has null in the list. */
  RowCounter.Plan counting(List<Vocabulary> before, int defaultDay) {
    RowCounter.Plan plan = new RowCounter.Plan();
    plan.split = places.split;
    plan.key = places.keys[0];
    plan.ts = places.ts;
    plan.defaultDay = defaultDay;
    plan.fields = new RowCounter.Source[fields.size()];
    for (int i = 0; i < fields.size(); i++) {
      RowCounter.Source source = new RowCounter.Source();
      source.ordinal = ordinals[i];
      source.list = lists[i];
      source.weighted = !InputColumns.weightsColumn(fields.get(i)).isEmpty();
      source.number = fields.get(i).kind() == FieldKind.BUCKETED;
      source.hashed = fields.get(i).kind() == FieldKind.HASHED;
      source.ofUser = fields.get(i).side() == Side.USER;
      source.vocabulary =
          source.hashed
              ? Vocabulary.ofHash(fields.get(i).name(), fields.get(i).hashSize())
              : before.get(i);
      plan.fields[i] = source;
    }
    return plan;
  }
}
