package io.tagloom.training;

import io.tagloom.features.blocks.Block;
import io.tagloom.features.logs.WorkSession;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeScorer;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.trainer.BlockScorer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A trained MVKE model as a spark.ml transformer of encoded blocks.
 *
 * <p>For each task NAME it adds the columns {@code NAME_logit} and {@code NAME_probability}: arrays
 * of float with one number per row of the block.
 */
public final class MvkeModel extends Model<MvkeModel> implements MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final transient ModelBundle bundle;

  /** For spark.ml, which makes an empty model before it reads the weights. */
  public MvkeModel(String uid) {
    this(uid, null);
  }

  MvkeModel(String uid, ModelBundle bundle) {
    this.uid = uid;
    this.bundle = bundle;
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Weights, shape and origin. */
  public ModelBundle bundle() {
    return bundle;
  }

  /** The same model, with the origin of its training data noted. */
  MvkeModel withData(String fingerprint, String firstDay, String lastDay) {
    BundleInfo info = bundle.info().withData(fingerprint, firstDay, lastDay);
    return new MvkeModel(uid, bundle.with(info));
  }

  /** The part that exports need: plain Java, serializable, without BigDL. */
  public MvkeScorer scorer() {
    return new MvkeScorer(bundle.shape(), bundle.parameters());
  }

  /**
   * Adds logits and probabilities.
   *
   * @param dataset encoded blocks with the fields and labels of the model
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    WorkSession.requireClassic(dataset.sparkSession());
    Dataset<Row> blocks = dataset.toDF();
    StructType schema = transformSchema(blocks.schema());
    SparkSession spark = blocks.sparkSession();
    MvkeShape shape = bundle.shape();
    Broadcast<MvkeParameters> shared =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(bundle.parameters());
    JavaRDD<Row> scored =
        blocks.toJavaRDD().mapPartitions(rows -> score(shape, shared.value(), rows));
    return spark.createDataFrame(scored, schema);
  }

  private static Iterator<Row> score(
      MvkeShape shape, MvkeParameters parameters, Iterator<Row> rows) {
    BlockScorer scorer = new BlockScorer(shape);
    return new Iterator<Row>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        Row row = rows.next();
        return scored(row, scorer.logits(parameters, Block.fromRow(row)));
      }
    };
  }

  private static Row scored(Row row, float[][] logits) {
    Object[] values = new Object[row.size() + 2 * logits.length];
    for (int i = 0; i < row.size(); i++) {
      values[i] = row.get(i);
    }
    for (int t = 0; t < logits.length; t++) {
      values[row.size() + 2 * t] = logits[t];
      values[row.size() + 2 * t + 1] = BlockScorer.probabilities(logits[t]);
    }
    return RowFactory.create(values);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    StructType result = schema;
    for (String task : tasks()) {
      result =
          result
              .add(task + "_logit", DataTypes.createArrayType(DataTypes.FloatType, false))
              .add(task + "_probability", DataTypes.createArrayType(DataTypes.FloatType, false));
    }
    return result;
  }

  /** Names of the tasks in order. */
  public List<String> tasks() {
    List<String> names = new ArrayList<>();
    bundle.shape().model().tasks().forEach(task -> names.add(task.name()));
    return names;
  }

  @Override
  public MvkeModel copy(ParamMap extra) {
    return copyValues(new MvkeModel(uid, bundle), extra).setParent(parent());
  }

  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  @Override
  public void save(String path) throws IOException {
    write().save(path);
  }

  /** A reader, as spark.ml pipelines ask for it. */
  public static MLReader<MvkeModel> read() {
    return new Reader();
  }

  /** Loads a model that was saved. */
  public static MvkeModel load(String path) {
    return read().load(path);
  }

  private static final class Writer extends MLWriter {
    private final MvkeModel model;

    Writer(MvkeModel model) {
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      new DefaultParamsWriter(model).session(sparkSession()).saveImpl(path);
      try {
        model.bundle.write(sc().hadoopConfiguration(), path);
      } catch (IOException e) {
        throw new IllegalStateException(
            "Cannot write the model to " + path + ": " + e + ". Check the folder and its space.",
            e);
      }
    }
  }

  private static final class Reader extends MLReader<MvkeModel> {
    @Override
    public MvkeModel load(String path) {
      ModelBundle bundle = ModelBundle.load(sc().hadoopConfiguration(), path);
      MvkeModel named = new DefaultParamsReader<MvkeModel>().session(sparkSession()).load(path);
      return new MvkeModel(named.uid(), bundle);
    }
  }
}
