package io.tagloom.features.fields;

import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.InputException;
import io.tagloom.conf.SettingsException;
import io.tagloom.features.logs.WorkSession;
import java.io.IOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Learns vocabularies, quantile edges and statistics of the declared fields, and gives the model
 * that turns samples into encoded blocks.
 *
 * <p>Input: samples with {@code impression_id}, the labels, optionally {@code user_id}, {@code
 * item_id}, {@code ts} (epoch milliseconds or timestamp), {@code split}, {@code weight}, and the
 * columns of the fields, at the top or in the structs {@code user} and {@code item} that {@code
 * JoinSnapshots} adds; history columns come from {@link HistoryFeatures}. Fitting reads rows of
 * split {@code train} only (all rows when there is no split), in one pass, and gives the same model
 * whatever the partitioning and the order of rows.
 *
 * <p>With {@link #setPrevious} a fit goes on from an earlier model: ids keep their meaning, new
 * values are appended, bucket edges stay.
 *
 * <p>Quantiles are taken from 10,000 rows chosen by hash of the impression id (an error of about
 * 0.5 % of the ranks); MLlib's {@code QuantileDiscretizer} is not used, since its result depends on
 * the partitioning.
 */
public final class FeatureEncoder extends Estimator<FeatureEncoderModel> implements MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final FieldsParam fields;
  private final StringArrayParam labels;
  private final IntParam blockRows;
  private final Param<String> listSeparator;
  private final IntParam evictAfterDays;
  private final Param<String> date;
  private FeatureEncoderModel previous;

  /** An encoder without fields; set them. */
  public FeatureEncoder() {
    this("fields_" + UUID.randomUUID());
  }

  /** An encoder with a given uid, as loading needs it. */
  public FeatureEncoder(String uid) {
    this.uid = uid;
    this.fields = new FieldsParam(this);
    this.labels = new StringArrayParam(this, "labels", "label columns, numbers or booleans");
    this.blockRows =
        new IntParam(
            this, "blockRows", "rows per block, 1 to 65536", ParamValidators.inRange(1, 65536));
    this.listSeparator =
        new Param<>(this, "listSeparator", "separator of text columns that hold several values");
    this.evictAfterDays =
        new IntParam(
            this,
            "evictAfterDays",
            "days unseen after which a value is evicted; 0 never",
            ParamValidators.gtEq(0));
    this.date =
        new Param<>(this, "date", "date of the fit, yyyy-MM-dd; needed to evict, or without ts");
    setDefault(labels, new String[] {"click", "conversion", "mature"});
    setDefault(blockRows, 4096);
    setDefault(listSeparator, "|");
    setDefault(evictAfterDays, 0);
    setDefault(date, "");
  }

  /** Param: the declared fields. */
  public Param<List<FieldSettings>> fields() {
    return fields;
  }

  /** Param: label columns; by default click, conversion and mature. */
  public StringArrayParam labels() {
    return labels;
  }

  /** Param: rows per block; by default 4096. */
  public IntParam blockRows() {
    return blockRows;
  }

  /** Param: separator of text columns that hold several values; by default {@code |}. */
  public Param<String> listSeparator() {
    return listSeparator;
  }

  /** Param: days unseen after which a value is evicted; by default 0, never. */
  public IntParam evictAfterDays() {
    return evictAfterDays;
  }

  /** Param: date of the fit; by default none. */
  public Param<String> date() {
    return date;
  }

  /** Sets the declared fields. */
  public FeatureEncoder setFields(List<FieldSettings> value) {
    set(fields, Collections.unmodifiableList(new ArrayList<>(value)));
    return this;
  }

  /**
   * Sets the declared fields as they stand in a settings file.
   *
   * @throws SettingsException with every fault
   */
  public FeatureEncoder setFields(String hocon) {
    return setFields(FieldSettings.parse(hocon));
  }

  /** Sets the label columns. */
  public FeatureEncoder setLabels(String... names) {
    set(labels, names);
    return this;
  }

  /** Sets the rows per block. */
  public FeatureEncoder setBlockRows(int value) {
    set(blockRows, value);
    return this;
  }

  /** Sets the separator of text columns that hold several values. */
  public FeatureEncoder setListSeparator(String value) {
    set(listSeparator, value);
    return this;
  }

  /** Sets the days unseen after which a value is evicted. */
  public FeatureEncoder setEvictAfterDays(int value) {
    set(evictAfterDays, value);
    return this;
  }

  /** Sets the date of the fit. */
  public FeatureEncoder setDate(LocalDate value) {
    set(date, value.toString());
    return this;
  }

  /**
   * Sets the model of the run before, whose vocabularies this fit extends. Not saved with the
   * encoder. Call {@link FeatureEncoderModel#confirmReset()} on it first when the model behind it
   * has reset the evicted ids.
   */
  public FeatureEncoder setPrevious(FeatureEncoderModel model) {
    this.previous = model;
    return this;
  }

  @Override
  public String uid() {
    return uid;
  }

  /**
   * Fits vocabularies and statistics.
   *
   * @throws InputException if columns are missing or of wrong types, or there is no training row
   * @throws SettingsException if no fields are set, or the previous model declares a field
   *     differently
   */
  @Override
  public FeatureEncoderModel fit(Dataset<?> dataset) {
    WorkSession.requireClassic(dataset.sparkSession());
    List<FieldSettings> declared = declared();
    EncoderPlan plan = plan(dataset.schema());
    List<Vocabulary> before = before(declared);
    SparkSession spark = dataset.sparkSession();
    spark.sparkContext().setJobGroup("fields", "Count field values in training rows", false);
    FieldCounts counts = count(spark, plan, dataset.toDF(), declared, before);
    String counted = counts.rowsBySplit().containsKey("") ? "" : "train";
    long rows = counts.rowsBySplit().getOrDefault(counted, 0L);
    if (rows == 0) {
      throw new InputException(
          "Cannot fit fields: there are no rows of split train, rows by split are "
              + counts.rowsBySplit()
              + ". Check the dates and the split settings.");
    }
    List<Vocabulary> vocabularies = new ArrayList<>();
    List<FieldStatistics> statistics = new ArrayList<>();
    for (int i = 0; i < declared.size(); i++) {
      VocabularyFit fit =
          new VocabularyFit(declared.get(i), counts.field(i), before.get(i), keepFromDay());
      FieldStatistics seen = fit.statistics(rows);
      Optional<FieldStatistics> earlier =
          before.get(i) == null
              ? Optional.<FieldStatistics>empty()
              : previous.findStatistics(declared.get(i).name());
      if (earlier.isPresent()) {
        seen = seen.withDrift(Drift.index(earlier.get(), seen, fit.vocabulary()));
      }
      vocabularies.add(fit.vocabulary());
      statistics.add(seen);
    }
    FeatureEncoderModel model =
        new FeatureEncoderModel(uid, vocabularies, statistics, counts.rowsBySplit());
    return copyValues(model, ParamMap.empty()).setParent(this);
  }

  private static FieldCounts count(
      SparkSession spark,
      EncoderPlan plan,
      Dataset<Row> samples,
      List<FieldSettings> declared,
      List<Vocabulary> before,
      int day) {
    Broadcast<RowCounter.Plan> shared =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(plan.counting(before, day));
    try {
      JavaRDD<InternalRow> partial =
          InternalRows.of(plan.select(samples)).mapPartitions(new RowCounter(shared));
      int[] limits = declared.stream().mapToInt(FieldSettings::maxSize).toArray();
      int[] minCounts = declared.stream().mapToInt(FieldSettings::minCount).toArray();
      return FieldCounts.collect(spark, partial, limits, minCounts);
    } finally {
      shared.destroy();
    }
  }

  private FieldCounts count(
      SparkSession spark,
      EncoderPlan plan,
      Dataset<Row> samples,
      List<FieldSettings> declared,
      List<Vocabulary> before) {
    int day = day().map(d -> (int) d.toEpochDay()).orElse(0);
    return count(spark, plan, samples, declared, before, day);
  }

  private List<FieldSettings> declared() {
    if (!isDefined(fields) || $(fields).isEmpty()) {
      throw new SettingsException(
          "Invalid fields of the encoder: none; expected at least one. Call setFields.");
    }
    return $(fields);
  }

  private EncoderPlan plan(StructType schema) {
    return new EncoderPlan(
        schema,
        declared(),
        FeatureEncoderModel.SAMPLE_KEYS,
        Arrays.asList($(labels)),
        $(listSeparator));
  }

  private Optional<LocalDate> day() {
    try {
      return $(date).isEmpty()
          ? Optional.<LocalDate>empty()
          : Optional.of(LocalDate.parse($(date)));
    } catch (DateTimeParseException e) {
      throw new SettingsException("Invalid date of the fit: " + $(date) + "; expected yyyy-MM-dd.");
    }
  }

  private int keepDays() {
    return (Integer) $(evictAfterDays);
  }

  private int keepFromDay() {
    if (keepDays() == 0) {
      return Integer.MIN_VALUE;
    }
    return day()
        .map(d -> (int) d.toEpochDay() - keepDays())
        .orElseThrow(
            () ->
                new SettingsException(
                    "Cannot evict values: the date of the fit is not set. Call setDate."));
  }

  /** The vocabularies of the run before, null where it did not have the field. */
  private List<Vocabulary> before(List<FieldSettings> declared) {
    List<Vocabulary> vocabularies = new ArrayList<>();
    for (FieldSettings field : declared) {
      Optional<Vocabulary> found =
          previous == null ? Optional.<Vocabulary>empty() : previous.findVocabulary(field.name());
      if (found.isPresent()) {
        previous.findField(field.name()).ifPresent(was -> checkUnchanged(field, was));
      }
      vocabularies.add(found.orElse(null));
    }
    return vocabularies;
  }

  private static void checkUnchanged(FieldSettings field, FieldSettings before) {
    if (changed(field, before)) {
      throw new SettingsException(
          "Cannot go on from the model before: it has field "
              + before
              + ", now it is declared as "
              + field
              + ". Give the changed field a new name, or start afresh.");
    }
  }

  /** Whether ids of the field would mean something else: not so for limits, columns and weights. */
  private static boolean changed(FieldSettings field, FieldSettings before) {
    return field.kind() != before.kind()
        || field.side() != before.side()
        || field.hashSize() != before.hashSize()
        || field.buckets() != before.buckets()
        || !field.edges().equals(before.edges())
        || field.historyValues() != before.historyValues();
  }

  /** Names of the fields that are declared in a way that an earlier model's ids do not fit. */
  static List<String> conflicts(FeatureEncoderModel earlier, List<FieldSettings> fields) {
    List<String> names = new ArrayList<>();
    for (FieldSettings field : fields) {
      if (earlier.findField(field.name()).filter(was -> changed(field, was)).isPresent()) {
        names.add(field.name());
      }
    }
    return names;
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
  public FeatureEncoder copy(ParamMap extra) {
    FeatureEncoder copy = new FeatureEncoder(uid);
    copy.previous = previous;
    return copyValues(copy, extra);
  }

  @Override
  public MLWriter write() {
    return new DefaultParamsWriter(this);
  }

  @Override
  public void save(String path) throws IOException {
    write().save(path);
  }

  /** Reads saved encoders. */
  public static MLReader<FeatureEncoder> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads an encoder that was saved with {@link #save}. */
  public static FeatureEncoder load(String path) {
    return read().load(path);
  }
}
