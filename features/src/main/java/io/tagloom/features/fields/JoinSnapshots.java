package io.tagloom.features.fields;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.struct;

import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.InputException;
import io.tagloom.conf.SettingsException;
import io.tagloom.conf.Side;
import io.tagloom.features.logs.WorkSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Adds the columns that fields read of users and items to samples, as structs {@code user} and
 * {@code item}; both are null where the snapshot does not have the key, which encodes as padding.
 *
 * <p>The snapshots are tables or temporary views of the session, by name, so that a saved pipeline
 * finds the new day's under the same name. A snapshot of at most half a million rows is broadcast,
 * a larger one joined by shuffle; to know which, its rows and keys are counted when the stage is
 * applied, and a key that is there twice is refused, since it would double samples.
 */
public final class JoinSnapshots extends Transformer implements MLWritable {
  private static final long serialVersionUID = 1L;
  private static final long BROADCAST_ROWS = 500_000;
  private static final String SNAPSHOT_KEY = "snapshot_key";

  private final String uid;
  private final FieldsParam fields;
  private final Param<String> usersTable;
  private final Param<String> itemsTable;

  /** A join without fields; set them. */
  public JoinSnapshots() {
    this("join_" + UUID.randomUUID());
  }

  /** A join with a given uid, as loading needs it. */
  public JoinSnapshots(String uid) {
    this.uid = uid;
    this.fields = new FieldsParam(this);
    this.usersTable = new Param<>(this, "usersTable", "table or view of users, keyed by user_id");
    this.itemsTable = new Param<>(this, "itemsTable", "table or view of items, keyed by item_id");
    setDefault(usersTable, "users");
    setDefault(itemsTable, "items");
  }

  /** Param: the declared fields, which say the columns. */
  public Param<List<FieldSettings>> fields() {
    return fields;
  }

  /** Param: table or view of users; by default users. */
  public Param<String> usersTable() {
    return usersTable;
  }

  /** Param: table or view of items; by default items. */
  public Param<String> itemsTable() {
    return itemsTable;
  }

  /** Sets the declared fields. */
  public JoinSnapshots setFields(List<FieldSettings> value) {
    set(fields, Collections.unmodifiableList(new ArrayList<>(value)));
    return this;
  }

  /**
   * Sets the declared fields as they stand in a settings file.
   *
   * @throws SettingsException with every fault
   */
  public JoinSnapshots setFields(String hocon) {
    return setFields(FieldSettings.parse(hocon));
  }

  /** Sets the table or view of users. */
  public JoinSnapshots setUsersTable(String name) {
    set(usersTable, name);
    return this;
  }

  /** Sets the table or view of items. */
  public JoinSnapshots setItemsTable(String name) {
    set(itemsTable, name);
    return this;
  }

  @Override
  public String uid() {
    return uid;
  }

  /**
   * Joins the snapshots to samples.
   *
   * @throws InputException if a table, a key or a column is missing, or a key is there twice
   */
  @Override
  public Dataset<Row> transform(Dataset<?> samples) {
    Dataset<Row> joined = samples.toDF();
    for (Side side : Arrays.asList(Side.USER, Side.ITEM)) {
      if (!columns($(fields), side).isEmpty()) {
        joined = join(joined, table(samples.sparkSession(), side), $(fields), side);
      }
    }
    return joined;
  }

  /**
   * Joins a snapshot to samples.
   *
   * @param samples a table with user_id or item_id
   * @param snapshot users or items, one row per key
   * @param fields the declared fields; those of the side say the columns
   * @param side USER or ITEM
   * @return the samples with a struct {@code user} or {@code item}; unchanged when no field of the
   *     side reads a column
   * @throws InputException if a key or a column is missing, or a key is there twice
   */
  public static Dataset<Row> join(
      Dataset<Row> samples, Dataset<Row> snapshot, List<FieldSettings> fields, Side side) {
    List<String> columns = columns(fields, side);
    String key = name(side) + "_id";
    if (columns.isEmpty()) {
      return samples;
    }
    WorkSession.requireClassic(samples.sparkSession());
    checkColumns(samples, snapshot, columns, side);
    Dataset<Row> keyed =
        snapshot
            .filter(col(key).isNotNull())
            .select(
                col(key).cast(DataTypes.StringType).as(SNAPSHOT_KEY),
                struct(columns.stream().map(c -> col("`" + c + "`")).toArray(Column[]::new))
                    .as(name(side)));
    samples
        .sparkSession()
        .sparkContext()
        .setJobGroup("fields", "Count " + name(side) + "s and check their keys", false);
    Row sizes = keyed.agg(count(SNAPSHOT_KEY), countDistinct(SNAPSHOT_KEY)).first();
    if (sizes.getLong(0) != sizes.getLong(1)) {
      throw new InputException(
          "Cannot join "
              + name(side)
              + "s: "
              + sizes.getLong(0)
              + " rows have "
              + sizes.getLong(1)
              + " distinct "
              + key
              + ", which would double samples. Give a snapshot with one row per "
              + key
              + ".");
    }
    Dataset<Row> right = sizes.getLong(0) <= BROADCAST_ROWS ? broadcast(keyed) : keyed;
    Column same = samples.col(key).cast(DataTypes.StringType).equalTo(right.col(SNAPSHOT_KEY));
    return samples.join(right, same, "left_outer").drop(SNAPSHOT_KEY);
  }

  private static void checkColumns(
      Dataset<Row> samples, Dataset<Row> snapshot, List<String> columns, Side side) {
    checkPresent(snapshot, columns, side);
    String key = name(side) + "_id";
    List<String> sampleColumns = Arrays.asList(samples.columns());
    if (sampleColumns.contains(name(side)) || !sampleColumns.contains(key)) {
      throw new InputException(
          "Cannot join "
              + name(side)
              + "s: the samples have columns "
              + sampleColumns
              + ", expected "
              + key
              + " and not "
              + name(side)
              + ". Rename a column.");
    }
  }

  private static void checkPresent(Dataset<Row> snapshot, List<String> columns, Side side) {
    List<String> has = Arrays.asList(snapshot.columns());
    List<String> missing = new ArrayList<>(columns);
    missing.add(0, name(side) + "_id");
    missing.removeAll(has);
    if (!missing.isEmpty()) {
      throw new InputException(
          "Cannot join "
              + name(side)
              + "s: columns "
              + missing
              + " are not in "
              + has
              + ". Correct the fields' columns, or map the input's.");
    }
  }

  /** Columns of the snapshot that are read; the key itself is in the samples already. */
  private static List<String> columns(List<FieldSettings> fields, Side side) {
    List<String> columns = InputColumns.snapshotColumns(fields, side);
    columns.remove(name(side) + "_id");
    return columns;
  }

  private static String name(Side side) {
    return side.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Adds the structs of the sides that have columns.
   *
   * @throws InputException if a key or a column is missing
   */
  @Override
  public StructType transformSchema(StructType schema) {
    StructType joined = schema;
    for (Side side : Arrays.asList(Side.USER, Side.ITEM)) {
      List<String> columns = columns($(fields), side);
      if (!columns.isEmpty()) {
        if (!Arrays.asList(schema.fieldNames()).contains(name(side) + "_id")) {
          throw new InputException(
              "Cannot join "
                  + name(side)
                  + "s: column "
                  + name(side)
                  + "_id is not in "
                  + Arrays.asList(schema.fieldNames())
                  + ". Add it to the samples.");
        }
        joined = joined.add(name(side), tableSchema(side, columns));
      }
    }
    return joined;
  }

  /**
   * The columns as the active session's table has them. A pipeline does not say which session its
   * table is of: where the active one has no such table the columns are taken for texts, which any
   * field can be made of, and {@link #transform} looks again.
   */
  private StructType tableSchema(Side side, List<String> columns) {
    SparkSession active = SparkSession.active();
    boolean known = active.catalog().tableExists(tableName(side));
    if (known) {
      checkPresent(table(active, side), columns, side);
    }
    StructType some = new StructType();
    for (String column : columns) {
      some =
          known
              ? some.add(table(active, side).schema().apply(column))
              : some.add(column, DataTypes.StringType);
    }
    return some;
  }

  private String tableName(Side side) {
    return side == Side.USER ? $(usersTable) : $(itemsTable);
  }

  private Dataset<Row> table(SparkSession spark, Side side) {
    String name = tableName(side);
    if (!spark.catalog().tableExists(name)) {
      throw new InputException(
          "Cannot join "
              + name(side)
              + "s: the session has no table or view "
              + name
              + ". Register it with createOrReplaceTempView.");
    }
    return spark.table(name);
  }

  @Override
  public JoinSnapshots copy(ParamMap extra) {
    return copyValues(new JoinSnapshots(uid), extra);
  }

  @Override
  public MLWriter write() {
    return new DefaultParamsWriter(this);
  }

  @Override
  public void save(String path) throws IOException {
    write().save(path);
  }

  /** Reads saved stages. */
  public static MLReader<JoinSnapshots> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a stage that was saved with {@link #save}. */
  public static JoinSnapshots load(String path) {
    return read().load(path);
  }
}
