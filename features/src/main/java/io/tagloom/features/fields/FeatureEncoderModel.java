package io.tagloom.features.fields;

import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.Fingerprint;
import io.tagloom.conf.InputException;
import io.tagloom.conf.Side;
import io.tagloom.features.blocks.BlockLayout;
import io.tagloom.features.logs.WorkSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Turns rows into encoded blocks with fitted vocabularies.
 *
 * <p>Samples are put in the order of a hash of their impression id within their split, so that the
 * blocks are the same whatever the partitioning and the order of the input. Snapshots of users or
 * items are encoded as they come with {@link #forSide}.
 */
public final class FeatureEncoderModel extends Model<FeatureEncoderModel> implements MLWritable {
  private static final long serialVersionUID = 1L;

  static final List<String> SAMPLE_KEYS =
      Collections.unmodifiableList(
          Arrays.asList(BlockLayout.IMPRESSION_ID, BlockLayout.USER_ID, BlockLayout.ITEM_ID));

  private static final int BLOCKS_PER_PARTITION = 16;
  private static final StructType PLACED =
      new StructType().add("place", DataTypes.LongType).add("row", DataTypes.BinaryType);

  private final String uid;
  private final FieldsParam fields;
  private final StringArrayParam labels;
  private final IntParam blockRows;
  private final Param<String> listSeparator;
  private final Param<String> side;
  private final List<Vocabulary> vocabularies;
  private final List<FieldStatistics> statistics;
  private final Map<String, Long> rowsBySplit;

  FeatureEncoderModel(
      String uid,
      List<Vocabulary> vocabularies,
      List<FieldStatistics> statistics,
      Map<String, Long> rowsBySplit) {
    this.uid = uid;
    this.vocabularies = Collections.unmodifiableList(new ArrayList<>(vocabularies));
    this.statistics = Collections.unmodifiableList(new ArrayList<>(statistics));
    this.rowsBySplit = Collections.unmodifiableMap(new TreeMap<>(rowsBySplit));
    this.fields = new FieldsParam(this);
    this.labels = new StringArrayParam(this, "labels", "label columns, numbers or booleans");
    this.blockRows = new IntParam(this, "blockRows", "rows per block, 1 to 65536");
    this.listSeparator =
        new Param<>(this, "listSeparator", "separator of text columns that hold several values");
    this.side = new Param<>(this, "side", "samples, or user or item for snapshots of these");
    setDefault(blockRows, 4096);
    setDefault(listSeparator, "|");
    setDefault(side, "samples");
  }

  /** Param: the declared fields. */
  public Param<List<FieldSettings>> fields() {
    return fields;
  }

  /** Param: label columns. */
  public StringArrayParam labels() {
    return labels;
  }

  /** Param: rows per block. */
  public IntParam blockRows() {
    return blockRows;
  }

  /** Param: separator of text columns that hold several values. */
  public Param<String> listSeparator() {
    return listSeparator;
  }

  /** Param: samples, user or item; set by {@link #forSide}. */
  public Param<String> side() {
    return side;
  }

  /** A model with a uid and nothing else: what spark.ml's loading of params needs. */
  public FeatureEncoderModel(String uid) {
    this(
        uid,
        Collections.<Vocabulary>emptyList(),
        Collections.<FieldStatistics>emptyList(),
        Collections.<String, Long>emptyMap());
  }

  FeatureEncoderModel copyTo(FeatureEncoderModel other) {
    return copyValues(other, ParamMap.empty());
  }

  @Override
  public String uid() {
    return uid;
  }

  /**
   * The model that encodes snapshots of one side alone: keyed by user_id or item_id, fields of that
   * side, no labels.
   *
   * @throws IllegalArgumentException for the context side, which has no snapshots
   */
  public FeatureEncoderModel forSide(Side value) {
    if (value == Side.CONTEXT) {
      throw new IllegalArgumentException("Invalid side: CONTEXT; expected USER or ITEM.");
    }
    FeatureEncoderModel model = copy(ParamMap.empty());
    model.set(model.side, value.name().toLowerCase(Locale.ROOT));
    return model;
  }

  /** The declared fields in order. */
  public List<FieldSettings> declaredFields() {
    return $(fields);
  }

  /**
   * The vocabulary of a field.
   *
   * @throws IllegalArgumentException if there is no such field
   */
  public Vocabulary vocabulary(String field) {
    return findVocabulary(field).orElseThrow(() -> unknownField(field));
  }

  /**
   * What the fit has seen of a field.
   *
   * @throws IllegalArgumentException if there is no such field
   */
  public FieldStatistics statistics(String field) {
    return findStatistics(field).orElseThrow(() -> unknownField(field));
  }

  private IllegalArgumentException unknownField(String field) {
    List<String> names = new ArrayList<>();
    for (Vocabulary vocabulary : vocabularies) {
      names.add(vocabulary.field());
    }
    return new IllegalArgumentException(
        "Invalid field: " + field + "; expected one of " + names + ".");
  }

  /** The vocabularies of all fields, in their order. */
  public List<Vocabulary> vocabularies() {
    return vocabularies;
  }

  /** The statistics of all fields, in their order. */
  public List<FieldStatistics> statistics() {
    return statistics;
  }

  /** Rows the fit has seen of each split; the empty name when rows had no split. */
  public Map<String, Long> rowsBySplit() {
    return rowsBySplit;
  }

  Optional<FieldSettings> findField(String field) {
    return $(fields).stream().filter(f -> f.name().equals(field)).findFirst();
  }

  Optional<Vocabulary> findVocabulary(String field) {
    return vocabularies.stream().filter(v -> v.field().equals(field)).findFirst();
  }

  Optional<FieldStatistics> findStatistics(String field) {
    return statistics.stream().filter(s -> s.field().equals(field)).findFirst();
  }

  /** SHA-256 over the fingerprints of all vocabularies in order, 64 hexadecimal digits. */
  public String fingerprint() {
    Fingerprint sum = new Fingerprint();
    for (Vocabulary vocabulary : vocabularies) {
      sum.add(vocabulary.fingerprint());
    }
    return sum.hex();
  }

  /**
   * Whether a model trained with an earlier encoder can go on with this one: every field of the
   * earlier one is here, and its ids mean the same or are listed to be reset.
   */
  public boolean extendsFrom(FeatureEncoderModel earlier) {
    for (Vocabulary before : earlier.vocabularies) {
      if (!findVocabulary(before.field()).filter(now -> now.extendsFrom(before)).isPresent()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Ids by field whose embeddings must be set back to a fresh start; fields without any left out.
   */
  public Map<String, int[]> resetIds() {
    Map<String, int[]> ids = new TreeMap<>();
    for (Vocabulary vocabulary : vocabularies) {
      if (vocabulary.resetIds().length > 0) {
        ids.put(vocabulary.field(), vocabulary.resetIds());
      }
    }
    return ids;
  }

  /** This model after the embeddings of {@link #resetIds()} have been reset; save this one. */
  public FeatureEncoderModel confirmReset() {
    List<Vocabulary> confirmed = new ArrayList<>();
    for (Vocabulary vocabulary : vocabularies) {
      confirmed.add(vocabulary.confirmReset());
    }
    FeatureEncoderModel model = new FeatureEncoderModel(uid, confirmed, statistics, rowsBySplit);
    return copyValues(model, ParamMap.empty());
  }

  /**
   * Encodes rows into blocks.
   *
   * @param dataset samples joined with users and items, or with {@link #forSide} a snapshot
   * @return one row per block; read them with {@code Block.fromRow}
   * @throws InputException if a column is missing or of a wrong type
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    SparkSession spark = dataset.sparkSession();
    WorkSession.requireClassic(spark);
    EncoderPlan plan = plan(dataset.schema());
    RowEncoder encoder =
        new RowEncoder(
            JavaSparkContext.fromSparkContext(spark.sparkContext())
                .broadcast(plan.encoding(sideVocabularies())));
    JavaRDD<InternalRow> rows = InternalRows.of(plan.select(dataset.toDF())).mapPartitions(encoder);
    if (isSamples()) {
      Dataset<Row> placed = InternalRows.table(spark, rows, PLACED);
      rows =
          InternalRows.of(
              placed.repartition(partitions(), placed.col("place")).sortWithinPartitions("place"));
    }
    BlockAssembler assembler =
        new BlockAssembler(plan.layout(), plan.lists(), rowsPerBlock(), plan.hasTs());
    return InternalRows.table(
        spark, rows.mapPartitionsWithIndex(assembler, false), plan.layout().schema());
  }

  /** Follows from the rows of the fit alone, so that blocks do not depend on the cluster. */
  private int partitions() {
    long rows = rowsBySplit.values().stream().mapToLong(Long::longValue).sum();
    return (int)
        Math.max(1, Math.min(100_000, rows / ((long) BLOCKS_PER_PARTITION * rowsPerBlock())));
  }

  private int rowsPerBlock() {
    return (Integer) $(blockRows);
  }

  private boolean isSamples() {
    return $(side).equals("samples");
  }

  private boolean isHere(FieldSettings field) {
    return isSamples() || $(side).equals(field.side().name().toLowerCase(Locale.ROOT));
  }

  private List<Vocabulary> sideVocabularies() {
    List<Vocabulary> here = new ArrayList<>();
    for (FieldSettings field : $(fields)) {
      if (isHere(field)) {
        here.add(vocabulary(field.name()));
      }
    }
    return here;
  }

  private EncoderPlan plan(StructType schema) {
    List<FieldSettings> here = new ArrayList<>();
    for (FieldSettings field : $(fields)) {
      if (isHere(field)) {
        here.add(field);
      }
    }
    List<String> keys = isSamples() ? SAMPLE_KEYS : Collections.singletonList($(side) + "_id");
    List<String> carried = isSamples() ? Arrays.asList($(labels)) : Collections.<String>emptyList();
    return new EncoderPlan(schema, here, keys, carried, $(listSeparator));
  }

  /**
   * The schema of encoded blocks.
   *
   * @throws InputException if a column is missing or of a wrong type
   */
  @Override
  public StructType transformSchema(StructType schema) {
    return plan(schema).layout().schema();
  }

  @Override
  public FeatureEncoderModel copy(ParamMap extra) {
    FeatureEncoderModel copy = new FeatureEncoderModel(uid, vocabularies, statistics, rowsBySplit);
    return copyValues(copy, extra).setParent(parent());
  }

  @Override
  public MLWriter write() {
    return new EncoderStore.Writer(this);
  }

  @Override
  public void save(String path) throws java.io.IOException {
    write().save(path);
  }

  /** Reads saved models. */
  public static MLReader<FeatureEncoderModel> read() {
    return new EncoderStore.Reader();
  }

  /**
   * Loads a model that was saved with {@link #save}.
   *
   * @throws InputException if what is stored does not have the fingerprint it was saved with
   */
  public static FeatureEncoderModel load(String path) {
    return read().load(path);
  }
}
