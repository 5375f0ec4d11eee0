package io.tagloom.training;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.tagloom.conf.Fingerprint;
import io.tagloom.conf.Settings;
import io.tagloom.conf.TrainingSettings;
import io.tagloom.features.logs.WorkSession;
import io.tagloom.training.models.FieldShape;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.trainer.EpochReport;
import io.tagloom.training.trainer.TrainListener;
import io.tagloom.training.trainer.TrainedWeights;
import io.tagloom.training.trainer.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Learns the mixture of virtual-kernel experts (Xu et al., "Mixture of Virtual-Kernel Experts for
 * Multi-Objective User Profile Modeling", KDD 2022) from encoded blocks: one model that tells for a
 * user and an item's tags the probability of a click, of a conversion, or of any other task.
 *
 * <p>Rows of split {@code train} are trained on; rows of {@code valid} choose the epoch that is
 * kept. All settings of the blocks {@code model} and {@code training} of {@code reference.conf} can
 * be given as texts by {@link #setModel} and {@link #setTraining}; the most used have setters of
 * their own, which win.
 */
public final class Mvke extends Estimator<MvkeModel> {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> model;
  private final Param<String> training;
  private final StringArrayParam fields;
  private final LongParam seed;
  private final IntParam epochs;
  private final IntParam batchSize;
  private final IntParam workers;
  private final IntParam threads;
  private final DoubleParam learningRate;
  private final Param<String> optimizer;
  private TrainListener listener = TrainListener.SILENT;
  private String checkpoints = "";
  private transient MvkeModel earlier;
  private transient Map<String, int[]> reset;

  /** An estimator with the defaults of {@code reference.conf} and no fields. */
  public Mvke() {
    this(Identifiable$.MODULE$.randomUID("mvke"));
  }

  /** As {@link #Mvke()}, with a name of its own, as spark.ml pipelines need it. */
  public Mvke(String uid) {
    this.uid = uid;
    this.model = new Param<>(this, "model", "settings block model, as HOCON or JSON");
    this.training = new Param<>(this, "training", "settings block training, as HOCON or JSON");
    this.fields = new StringArrayParam(this, "fields", "fields: side, vocabulary size, name");
    this.seed = new LongParam(this, "seed", "seed of everything random");
    this.epochs = new IntParam(this, "epochs", "passes over the training samples");
    this.batchSize = new IntParam(this, "batchSize", "samples per step over all workers");
    this.workers = new IntParam(this, "workers", "barrier tasks");
    this.threads = new IntParam(this, "threads", "compute threads per worker");
    this.learningRate = new DoubleParam(this, "learningRate", "rate of the dense weights");
    this.optimizer = new Param<>(this, "optimizer", "adamw, adam, adagrad, ftrl or sgd");
    setDefault(model, "{}");
    setDefault(training, "{}");
    setDefault(seed, 42L);
  }

  /** An estimator with the blocks {@code model}, {@code training} and the seed of settings. */
  public Mvke(Settings settings) {
    this();
    Config json = ConfigFactory.parseString(settings.json());
    setModel(BundleInfo.render(json, "model"));
    setTraining(BundleInfo.render(json, "training"));
    setSeed(settings.run().seed());
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Settings block {@code model}, HOCON or JSON. */
  public Param<String> model() {
    return model;
  }

  /** Settings block {@code training}, HOCON or JSON. */
  public Param<String> training() {
    return training;
  }

  /** Fields, each as side, vocabulary size and name with spaces between. */
  public StringArrayParam fields() {
    return fields;
  }

  /** Seed of everything random. */
  public LongParam seed() {
    return seed;
  }

  /** Passes over the training samples. */
  public IntParam epochs() {
    return epochs;
  }

  /** Samples per step over all workers. */
  public IntParam batchSize() {
    return batchSize;
  }

  /** Barrier tasks; 0 takes one for a local master, else one per executor. */
  public IntParam workers() {
    return workers;
  }

  /** Compute threads per worker; 0 takes what Spark gives. */
  public IntParam threads() {
    return threads;
  }

  /** Rate of the dense weights. */
  public DoubleParam learningRate() {
    return learningRate;
  }

  /** Name of the optimiser. */
  public Param<String> optimizer() {
    return optimizer;
  }

  /** Sets the block {@code model}. */
  public Mvke setModel(String hocon) {
    set(model, hocon);
    return this;
  }

  /** Sets the block {@code training}. */
  public Mvke setTraining(String hocon) {
    set(training, hocon);
    return this;
  }

  /** Sets the fields with their vocabulary sizes; the first of side item holds the tags. */
  public Mvke setFields(List<FieldShape> value) {
    List<String> texts = new ArrayList<>();
    for (FieldShape field : value) {
      texts.add(
          field.side().name()
              + " "
              + field.role().name()
              + " "
              + field.rows()
              + " "
              + field.name());
    }
    set(fields, texts.toArray(new String[0]));
    return this;
  }

  /** Sets the seed. */
  public Mvke setSeed(long value) {
    set(seed, value);
    return this;
  }

  /** Sets the passes over the training samples, 1 to 1000. */
  public Mvke setEpochs(int value) {
    set(epochs, value);
    return this;
  }

  /** Sets the samples per step over all workers, 1 to 1048576. */
  public Mvke setBatchSize(int value) {
    set(batchSize, value);
    return this;
  }

  /** Sets the number of barrier tasks. */
  public Mvke setWorkers(int value) {
    set(workers, value);
    return this;
  }

  /** Sets the compute threads per worker. */
  public Mvke setThreads(int value) {
    set(threads, value);
    return this;
  }

  /** Sets the rate of the dense weights, above 0. */
  public Mvke setLearningRate(double value) {
    set(learningRate, value);
    return this;
  }

  /** Sets the optimiser by name. */
  public Mvke setOptimizer(String value) {
    set(optimizer, value);
    return this;
  }

  /** Sets who is told how training goes on. */
  public Mvke setListener(TrainListener value) {
    listener = value;
    return this;
  }

  /** Starts from the dense weights of an earlier model; its embedding tables are left behind. */
  public Mvke setStart(MvkeModel model) {
    earlier = model;
    reset = null;
    return this;
  }

  /**
   * Starts from all weights of an earlier model, whose vocabularies this one's continue.
   *
   * @param resetIds ids by field name that now mean another value and start at random
   */
  public Mvke setStart(MvkeModel model, Map<String, int[]> resetIds) {
    earlier = model;
    reset = new LinkedHashMap<>(resetIds);
    return this;
  }

  /**
   * Sets where checkpoints are kept; empty takes {@code training.checkpoint.folder}, and where that
   * is empty, too, none are kept. They stay there after {@link #fit}: the caller deletes them once
   * the model is saved.
   */
  public Mvke setCheckpoints(String folder) {
    checkpoints = folder;
    return this;
  }

  private Trainer trainer(MvkeShape shape, Settings settings, long start) {
    Trainer trainer = new Trainer(shape, settings.training(), start);
    String named = settings.training().checkpoint().folder();
    String folder = checkpoints.isEmpty() ? named : checkpoints;
    if (!folder.isEmpty()) {
      trainer = trainer.keepingCheckpoints(folder, fingerprint(settings, start));
    }
    if (earlier == null) {
      return trainer;
    }
    String json = BundleInfo.render(ConfigFactory.parseString(settings.json()), "model");
    return trainer.startingFrom(
        reset == null
            ? WarmStart.dense(shape, json, start, earlier.bundle())
            : WarmStart.all(shape, json, start, earlier.bundle(), reset));
  }

  /** Everything besides the data that decides what is learned. */
  private String fingerprint(Settings settings, long start) {
    Config json = ConfigFactory.parseString(settings.json());
    Config what = json.getConfig("training");
    for (String key : TrainingSettings.keysWithoutEffect()) {
      what = what.withoutPath(key);
    }
    // A run may go on with other slots and another end than it began with.
    for (String key : Arrays.asList("workers", "threads", "time-budget-minutes")) {
      what = what.withoutPath(key);
    }
    Fingerprint fingerprint =
        new Fingerprint()
            .add(BundleInfo.render(json, "model"))
            .add(what.root().render(ConfigRenderOptions.concise()))
            .add(start);
    for (String field : isSet(fields) ? getOrDefault(fields) : new String[0]) {
      fingerprint.add(field);
    }
    if (earlier != null) {
      fingerprint.add(earlier.bundle().info().id()).add(reset == null ? "dense" : "all");
    }
    if (reset != null) {
      for (Map.Entry<String, int[]> ids : new TreeMap<>(reset).entrySet()) {
        fingerprint.add(ids.getKey()).add(Arrays.toString(ids.getValue()));
      }
    }
    return fingerprint.hex().substring(0, 16);
  }

  /** The settings that the params amount to. */
  private Settings settings() {
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put("model", block(getOrDefault(model)));
    overrides.put("training", block(getOrDefault(training)));
    override(overrides, epochs, "training.epochs");
    override(overrides, batchSize, "training.batch-size");
    override(overrides, workers, "training.workers");
    override(overrides, threads, "training.threads");
    override(overrides, learningRate, "training.optimizer.learning-rate");
    override(overrides, optimizer, "training.optimizer.name");
    return Settings.reference(overrides);
  }

  private void override(Map<String, String> overrides, Param<?> param, String key) {
    if (isSet(param)) {
      overrides.put(key, String.valueOf(getOrDefault(param)));
    }
  }

  private static String block(String hocon) {
    return ConfigFactory.parseString(hocon).root().render(ConfigRenderOptions.concise());
  }

  /**
   * Trains.
   *
   * @param dataset encoded blocks with split, the fields and the labels of the tasks
   * @throws io.tagloom.conf.TagloomException for wrong settings, for data without training rows,
   *     when Spark cannot run all workers at once, and when the loss is no longer a number
   */
  @Override
  public MvkeModel fit(Dataset<?> dataset) {
    WorkSession.requireClassic(dataset.sparkSession());
    return train(dataset.toDF()).setParent(this);
  }

  private MvkeModel train(Dataset<Row> blocks) {
    Settings settings = settings();
    List<FieldShape> shapes = fieldShapes();
    MvkeShape shape = MvkeShape.of(settings.model(), shapes);
    long start = (Long) getOrDefault(seed);
    TrainedWeights trained = trainer(shape, settings, start).train(blocks, listener);
    Config json = ConfigFactory.parseString(settings.json());
    BundleInfo info =
        new BundleInfo(
            ModelId.of(shape, trained.parameters()),
            BundleInfo.render(json, "model"),
            BundleInfo.render(json, "training"),
            start,
            shapes,
            "",
            "",
            "",
            history(trained.epochs()),
            Versions.json(blocks.sparkSession()));
    return new MvkeModel(uid, new ModelBundle(info, trained.parameters()));
  }

  private static String history(List<EpochReport> epochs) {
    List<Object> list = new ArrayList<>();
    for (EpochReport epoch : epochs) {
      list.add(epoch.values());
    }
    return ConfigValueFactory.fromIterable(list).render(ConfigRenderOptions.concise());
  }

  private List<FieldShape> fieldShapes() {
    List<FieldShape> shapes = new ArrayList<>();
    String[] texts = isSet(fields) ? getOrDefault(fields) : new String[0];
    for (String text : texts) {
      String[] parts = text.split(" ", 4);
      shapes.add(
          new FieldShape(
              parts[3],
              FieldShape.Side.valueOf(parts[0]),
              FieldShape.Role.valueOf(parts[1]),
              Integer.parseInt(parts[2])));
    }
    return shapes;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    List<String> columns = Arrays.asList(schema.fieldNames());
    for (FieldShape field : fieldShapes()) {
      if (!columns.contains("field_" + field.name())) {
        throw new IllegalArgumentException(
            "Cannot train: the blocks have no field "
                + field.name()
                + ", only columns "
                + columns
                + ". Declare the field, or encode the data again.");
      }
    }
    return schema;
  }

  @Override
  public Mvke copy(ParamMap extra) {
    Mvke copy = copyValues(new Mvke(uid), extra).setListener(listener);
    copy.earlier = earlier;
    copy.reset = reset;
    copy.checkpoints = checkpoints;
    return copy;
  }
}
