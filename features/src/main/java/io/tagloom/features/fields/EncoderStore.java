package io.tagloom.features.fields;

import static org.apache.spark.sql.functions.col;

import io.tagloom.conf.FieldKind;
import io.tagloom.conf.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Fitted encoders on disk: {@code metadata} as every spark.ml stage has it, and the Parquet tables
 * {@code vocabularies} (one row per id, a folder per field), {@code fields} (one row per field:
 * size, edges, statistics, fingerprint) and {@code splits} (rows of the fit).
 */
final class EncoderStore {
  private static final int LARGE = 200_000;
  private static final StructType VOCABULARY =
      new StructType()
          .add("field", DataTypes.StringType)
          .add("id", DataTypes.IntegerType)
          .add("value", DataTypes.StringType)
          .add("state", DataTypes.StringType)
          .add("count", DataTypes.LongType)
          .add("last_seen_day", DataTypes.IntegerType);
  private static final StructType FIELDS =
      new StructType()
          .add("position", DataTypes.IntegerType)
          .add("field", DataTypes.StringType)
          .add("kind", DataTypes.StringType)
          .add("size", DataTypes.IntegerType)
          .add("edges", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("fingerprint", DataTypes.StringType)
          .add("rows", DataTypes.LongType)
          .add("covered", DataTypes.LongType)
          .add("occurrences", DataTypes.LongType)
          .add("unknown", DataTypes.LongType)
          .add("added", DataTypes.IntegerType)
          .add("evicted", DataTypes.IntegerType)
          .add("drift", DataTypes.DoubleType)
          .add("top_values", DataTypes.createArrayType(DataTypes.StringType))
          .add("top_counts", DataTypes.createArrayType(DataTypes.LongType));
  private static final StructType SPLITS =
      new StructType().add("split", DataTypes.StringType).add("rows", DataTypes.LongType);

  private EncoderStore() {}

  /** Saves a model. */
  static final class Writer extends MLWriter {
    private final FeatureEncoderModel model;

    Writer(FeatureEncoderModel model) {
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      SparkSession spark = sparkSession();
      new DefaultParamsWriter(model).session(spark).saveImpl(path);
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      List<Integer> fields = new ArrayList<>();
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < model.vocabularies().size(); i++) {
        fields.add(i);
        rows.add(fieldRow(i, model.vocabularies().get(i), model.statistics().get(i)));
      }
      Broadcast<List<Vocabulary>> shared = context.broadcast(new ArrayList<>(model.vocabularies()));
      JavaRDD<Row> entries =
          context
              .parallelize(fields, Math.max(1, Math.min(8, fields.size())))
              .flatMap(new Entries(shared));
      spark
          .createDataFrame(entries, VOCABULARY)
          .write()
          .partitionBy("field")
          .parquet(path + "/vocabularies");
      shared.destroy();
      write(spark.createDataFrame(rows, FIELDS), path + "/fields");
      List<Row> splits = new ArrayList<>();
      for (Map.Entry<String, Long> split : model.rowsBySplit().entrySet()) {
        splits.add(RowFactory.create(split.getKey(), split.getValue()));
      }
      write(spark.createDataFrame(splits, SPLITS), path + "/splits");
    }

    private static void write(Dataset<Row> table, String path) {
      table.coalesce(1).write().mode(SaveMode.ErrorIfExists).parquet(path);
    }
  }

  private static Row fieldRow(int position, Vocabulary vocabulary, FieldStatistics seen) {
    return RowFactory.create(
        position,
        vocabulary.field(),
        vocabulary.kind().name(),
        vocabulary.size(),
        vocabulary.edges(),
        vocabulary.fingerprint(),
        seen.rows(),
        seen.covered(),
        seen.occurrences(),
        seen.unknown(),
        seen.added(),
        seen.evicted(),
        seen.drift().orElse(Double.NaN),
        seen.top().keySet().toArray(new String[0]),
        seen.top().values().stream().mapToLong(Long::longValue).toArray());
  }

  /** The rows of some vocabularies. */
  private static final class Entries implements FlatMapFunction<Integer, Row> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<List<Vocabulary>> vocabularies;

    Entries(Broadcast<List<Vocabulary>> vocabularies) {
      this.vocabularies = vocabularies;
    }

    @Override
    public Iterator<Row> call(Integer index) {
      Vocabulary vocabulary = vocabularies.value().get(index);
      return java.util.stream.IntStream.range(0, vocabulary.entries())
          .mapToObj(i -> row(vocabulary, i + Vocabulary.FIRST))
          .iterator();
    }

    private static Row row(Vocabulary vocabulary, int id) {
      Vocabulary.Entry entry = vocabulary.entry(id);
      return RowFactory.create(
          vocabulary.field(), id, entry.value, entry.state.name(), entry.count, entry.lastSeenDay);
    }
  }

  /** Loads a model. */
  static final class Reader extends MLReader<FeatureEncoderModel> {
    @Override
    public FeatureEncoderModel load(String path) {
      SparkSession spark = sparkSession();
      // Takes the params only: the vocabularies come from the tables.
      FeatureEncoderModel params =
          new DefaultParamsReader<FeatureEncoderModel>().session(spark).load(path);
      List<Row> rows = new ArrayList<>(spark.read().parquet(path + "/fields").collectAsList());
      rows.sort(Comparator.comparingInt(row -> row.getInt(0)));
      Map<String, List<Vocabulary.Entry>> entries = entries(spark, path, rows);
      List<Vocabulary> vocabularies = new ArrayList<>();
      List<FieldStatistics> statistics = new ArrayList<>();
      for (Row row : rows) {
        vocabularies.add(vocabulary(path, row, entries));
        statistics.add(statistics(row));
      }
      Map<String, Long> splits = new TreeMap<>();
      for (Row row : spark.read().parquet(path + "/splits").collectAsList()) {
        splits.put(row.getString(0), row.getLong(1));
      }
      FeatureEncoderModel model =
          new FeatureEncoderModel(params.uid(), vocabularies, statistics, splits);
      return params.copyTo(model);
    }
  }

  private static Vocabulary vocabulary(
      String path, Row row, Map<String, List<Vocabulary.Entry>> entries) {
    String field = row.getString(1);
    FieldKind kind = FieldKind.valueOf(row.getString(2));
    List<Vocabulary.Entry> own =
        entries.getOrDefault(field, Collections.<Vocabulary.Entry>emptyList());
    Vocabulary vocabulary;
    if (kind == FieldKind.HASHED) {
      vocabulary = Vocabulary.ofHash(field, row.getInt(3) - Vocabulary.FIRST);
    } else if (kind == FieldKind.BUCKETED) {
      double[] edges = row.<Double>getList(4).stream().mapToDouble(Double::doubleValue).toArray();
      long[] counts = own.stream().mapToLong(entry -> entry.count).toArray();
      vocabulary = Vocabulary.ofEdges(field, edges, Arrays.copyOf(counts, edges.length + 1));
    } else {
      vocabulary = Vocabulary.ofValues(field, kind, own);
    }
    if (!vocabulary.fingerprint().equals(row.getString(5))) {
      throw new InputException(
          "Cannot load the vocabulary of field "
              + field
              + " from "
              + path
              + ": its fingerprint is "
              + vocabulary.fingerprint()
              + ", saved was "
              + row.getString(5)
              + ". Restore the folder, or fit again.");
    }
    return vocabulary;
  }

  private static FieldStatistics statistics(Row row) {
    Map<String, Long> top = new LinkedHashMap<>();
    List<String> values = row.getList(13);
    List<Long> counts = row.getList(14);
    for (int i = 0; i < values.size(); i++) {
      top.put(values.get(i), counts.get(i));
    }
    int[] sizes = {row.getInt(3), row.getInt(10), row.getInt(11)};
    return new FieldStatistics(
        row.getString(1),
        row.getLong(6),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9),
        sizes,
        top,
        row.getDouble(12));
  }

  /** Entries by field in the order of ids; large fields are read one at a time. */
  private static Map<String, List<Vocabulary.Entry>> entries(
      SparkSession spark, String path, List<Row> fields) {
    Map<String, List<Vocabulary.Entry>> entries = new HashMap<>();
    List<Object> small = new ArrayList<>();
    List<Object> withRows = new ArrayList<>();
    for (Row field : fields) {
      if (!field.getString(2).equals(FieldKind.HASHED.name())
          && field.getInt(3) > Vocabulary.FIRST) {
        withRows.add(field.getString(1));
        if (field.getInt(3) < LARGE) {
          small.add(field.getString(1));
        }
      }
    }
    if (withRows.isEmpty()) {
      return entries;
    }
    Dataset<Row> table = spark.read().schema(VOCABULARY).parquet(path + "/vocabularies");
    add(table.filter(col("field").isin(small.toArray())), entries);
    for (Object field : withRows) {
      if (!small.contains(field)) {
        add(table.filter(col("field").equalTo(field)), entries);
      }
    }
    return entries;
  }

  private static void add(Dataset<Row> table, Map<String, List<Vocabulary.Entry>> entries) {
    List<Row> rows =
        new ArrayList<>(
            table
                .select("field", "id", "value", "state", "count", "last_seen_day")
                .collectAsList());
    rows.sort(Comparator.comparingInt(row -> row.getInt(1)));
    for (Row row : rows) {
      entries
          .computeIfAbsent(row.getString(0), field -> new ArrayList<>())
          .add(
              new Vocabulary.Entry(
                  row.getString(2),
                  Vocabulary.State.valueOf(row.getString(3)),
                  row.getLong(4),
                  row.getInt(5)));
    }
  }
}
