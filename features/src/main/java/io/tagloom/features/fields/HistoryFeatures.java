package io.tagloom.features.fields;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftleft;
import static org.apache.spark.sql.functions.shiftright;
import static org.apache.spark.sql.functions.struct;

import io.tagloom.conf.FieldKind;
import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.HistoryValues;
import io.tagloom.conf.InputException;
import io.tagloom.conf.SettingsException;
import io.tagloom.features.logs.WorkSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.apache.spark.api.java.JavaRDD;
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
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Adds to each row of a table with {@code user_id} and {@code ts} what the user did before: one
 * column per declared history field (array of text), with {@code NAME_weights} (array of float) and
 * {@code NAME_ages_ms} (array of bigint; zeros for counts) beside it.
 *
 * <p>Point in time: an event counts when it became known strictly before the row's ts and at most
 * look-back-days before it. {@code history} gives the values of the last events, newest first, each
 * of weight 2^(-age / half-life); {@code history-counts} gives for each value the sum of these
 * weights over its events, the largest {@code last} of them.
 *
 * <p>Events are a table or temporary view of the session, by name: {@code user_id}, {@code
 * item_id}, {@code ts} (when it became known), {@code event}, and {@code tags} (array of text) if a
 * field collects tags; {@link HistoryEvents} makes it of samples. Rows and events of a user are
 * sorted together by time and walked through once, so the cost follows their number, not its
 * square, and memory is bounded for any user. Snapshots of users get their history the same way,
 * with the date's end as ts.
 */
public final class HistoryFeatures extends Transformer implements MLWritable {
  private static final long serialVersionUID = 1L;

  private static final String AGES = "_ages_ms";

  /** No name that a field can have. */
  private static final String WHOLE_ROW = "whole row";

  private final String uid;
  private final FieldsParam fields;
  private final Param<String> eventsTable;

  /** A stage without fields; set them. */
  public HistoryFeatures() {
    this("history_" + UUID.randomUUID());
  }

  /** A stage with a given uid, as loading needs it. */
  public HistoryFeatures(String uid) {
    this.uid = uid;
    this.fields = new FieldsParam(this);
    this.eventsTable = new Param<>(this, "eventsTable", "table or view of events");
    setDefault(eventsTable, "events");
  }

  /** Param: the declared fields; those that are no history are ignored. */
  public Param<List<FieldSettings>> fields() {
    return fields;
  }

  /** Param: table or view of events; by default events. */
  public Param<String> eventsTable() {
    return eventsTable;
  }

  /** Sets the declared fields. */
  public HistoryFeatures setFields(List<FieldSettings> value) {
    set(fields, Collections.unmodifiableList(new ArrayList<>(value)));
    return this;
  }

  /**
   * Sets the declared fields as they stand in a settings file.
   *
   * @throws SettingsException with every fault
   */
  public HistoryFeatures setFields(String hocon) {
    return setFields(FieldSettings.parse(hocon));
  }

  /** Sets the table or view of events. */
  public HistoryFeatures setEventsTable(String name) {
    set(eventsTable, name);
    return this;
  }

  @Override
  public String uid() {
    return uid;
  }

  /**
   * Adds the history columns.
   *
   * @throws InputException if the table of events or a column is missing
   */
  @Override
  public Dataset<Row> transform(Dataset<?> rows) {
    String name = $(eventsTable);
    if (histories($(fields)).isEmpty()) {
      return rows.toDF();
    }
    if (!rows.sparkSession().catalog().tableExists(name)) {
      throw new InputException(
          "Cannot add history: the session has no table or view "
              + name
              + ". Register it with createOrReplaceTempView.");
    }
    return add(rows.toDF(), rows.sparkSession().table(name), $(fields));
  }

  /**
   * Adds the history columns.
   *
   * @param rows a table with user_id and ts (epoch milliseconds or timestamp)
   * @param events user_id, item_id, ts, event, and tags where a field collects them
   * @param fields the declared fields; those that are no history are ignored
   * @throws InputException if a column is missing or there already
   */
  public static Dataset<Row> add(
      Dataset<Row> rows, Dataset<Row> events, List<FieldSettings> fields) {
    List<FieldSettings> histories = histories(fields);
    if (histories.isEmpty()) {
      return rows;
    }
    WorkSession.requireClassic(rows.sparkSession());
    StructType schema = schema(rows.schema(), histories);
    Dataset<Row> walked =
        sampleRows(rows)
            .union(eventRows(events, rows.schema(), histories))
            .withColumn("place", place())
            .repartition(shiftright(col("place"), HistoryRows.TIME_BITS))
            .sortWithinPartitions("place");
    JavaRDD<InternalRow> added =
        InternalRows.of(walked).mapPartitions(new HistoryRows(histories, rows.schema()));
    return flat(InternalRows.table(rows.sparkSession(), added, nested(schema, rows.schema())));
  }

  /**
   * The schema of what {@link HistoryRows} gives: the row as it came, in one piece, then history.
   */
  private static StructType nested(StructType schema, StructType rows) {
    StructType nested = new StructType().add(WHOLE_ROW, rows, false);
    for (int i = rows.length(); i < schema.length(); i++) {
      nested = nested.add(schema.apply(i));
    }
    return nested;
  }

  private static Dataset<Row> flat(Dataset<Row> nested) {
    Column[] columns =
        Arrays.stream(nested.columns()).map(c -> col("`" + c + "`")).toArray(Column[]::new);
    columns[0] = col("`" + WHOLE_ROW + "`.*");
    return nested.select(columns);
  }

  /**
   * A number that keeps a user's rows together in the order of time, so that Spark sorts by it
   * alone: a hash of the user, then the quarter of a second since 1970, rows before 1970 and after
   * 2109 being put there. What is the same is put in order by {@link HistoryRows}. Not the plain
   * hash of the user, by which hash maps further on would find all their keys alike. Rows without a
   * user have no history and need not meet.
   */
  private static Column place() {
    Column key = coalesce(col("user"), col("ts").cast(DataTypes.StringType));
    Column user = hash(lit(1), key).cast(DataTypes.LongType);
    long latest = (1L << HistoryRows.TIME_BITS) - 1;
    Column time = least(greatest(shiftright(col("ts"), 8), lit(0L)), lit(latest));
    return shiftleft(user, HistoryRows.TIME_BITS).bitwiseOR(time);
  }

  private static Dataset<Row> sampleRows(Dataset<Row> rows) {
    Column[] all =
        Arrays.stream(rows.columns()).map(c -> col("`" + c + "`")).toArray(Column[]::new);
    return rows.select(
        col("user_id").cast(DataTypes.StringType).as("user"),
        EncoderPlan.millis(rows.schema(), "ts").as("ts"),
        lit(HistoryRows.SAMPLE).as("kind"),
        lit(null).cast(DataTypes.StringType).as("event"),
        lit(null).cast(DataTypes.StringType).as("item"),
        lit(null).cast(DataTypes.createArrayType(DataTypes.StringType)).as("tags"),
        struct(all).as("sample"));
  }

  private static Dataset<Row> eventRows(
      Dataset<Row> events, StructType samples, List<FieldSettings> histories) {
    boolean withTags =
        histories.stream().anyMatch(field -> field.historyValues() == HistoryValues.TAGS);
    require(events.schema(), "events", "user_id", "item_id", "ts", "event");
    if (withTags) {
      require(events.schema(), "events", "tags");
    }
    Object[] kinds = histories.stream().map(FieldSettings::of).distinct().toArray();
    Column tags = withTags ? col("tags") : lit(null);
    return events
        .filter(
            col("user_id")
                .isNotNull()
                .and(col("ts").isNotNull())
                .and(col("event").cast(DataTypes.StringType).isin(kinds)))
        .select(
            col("user_id").cast(DataTypes.StringType).as("user"),
            EncoderPlan.millis(events.schema(), "ts").as("ts"),
            lit(HistoryRows.EVENT).as("kind"),
            col("event").cast(DataTypes.StringType).as("event"),
            col("item_id").cast(DataTypes.StringType).as("item"),
            tags.cast(DataTypes.createArrayType(DataTypes.StringType)).as("tags"),
            lit(null).cast(samples).as("sample"));
  }

  private static List<FieldSettings> histories(List<FieldSettings> fields) {
    List<FieldSettings> histories = new ArrayList<>();
    for (FieldSettings field : fields) {
      if (field.kind().isHistory()) {
        histories.add(field);
      }
    }
    return histories;
  }

  private static StructType schema(StructType rows, List<FieldSettings> histories) {
    require(rows, "the table", "user_id", "ts");
    StructType schema = rows;
    for (FieldSettings field : histories) {
      String name = field.name();
      for (String column : Arrays.asList(name, name + "_weights", name + AGES)) {
        if (Arrays.asList(rows.fieldNames()).contains(column)) {
          throw new InputException(
              "Cannot add history "
                  + name
                  + ": the table has a column "
                  + column
                  + " already. Rename the field or the column.");
        }
      }
      schema =
          schema
              .add(name, DataTypes.createArrayType(DataTypes.StringType))
              .add(name + "_weights", DataTypes.createArrayType(DataTypes.FloatType, false));
      if (field.kind() == FieldKind.HISTORY) {
        schema = schema.add(name + AGES, DataTypes.createArrayType(DataTypes.LongType, false));
      }
    }
    return schema;
  }

  private static void require(StructType schema, String table, String... columns) {
    List<String> has = Arrays.asList(schema.fieldNames());
    for (String column : columns) {
      if (!has.contains(column)) {
        throw new InputException(
            "Cannot add history: column "
                + column
                + " of "
                + table
                + " is not in "
                + has
                + ". Add it.");
      }
    }
  }

  /**
   * The schema with the history columns.
   *
   * @throws InputException if a column is missing or there already
   */
  @Override
  public StructType transformSchema(StructType schema) {
    List<FieldSettings> histories = histories($(fields));
    return histories.isEmpty() ? schema : schema(schema, histories);
  }

  @Override
  public HistoryFeatures copy(ParamMap extra) {
    return copyValues(new HistoryFeatures(uid), extra);
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
  public static MLReader<HistoryFeatures> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a stage that was saved with {@link #save}. */
  public static HistoryFeatures load(String path) {
    return read().load(path);
  }
}
