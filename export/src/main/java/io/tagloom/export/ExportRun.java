package io.tagloom.export;

import io.tagloom.conf.ExportSettings;
import io.tagloom.export.publish.Check;
import io.tagloom.export.publish.Manifest;
import io.tagloom.export.publish.Publisher;
import io.tagloom.export.publish.VersionStore;
import io.tagloom.export.scoring.MatrixProduct;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.tables.Gates;
import io.tagloom.export.tables.TableFiles;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TableWriter;
import io.tagloom.export.tables.UserProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/** One export: tables beside, proof, publication. */
final class ExportRun {
  private final SparkSession spark;
  private final JavaSparkContext context;
  private final ExportSettings settings;
  private final ExportNumbers numbers;
  private final VersionStore store;
  private final String date;
  private final MatrixProduct product;

  ExportRun(
      SparkSession spark,
      ExportSettings settings,
      ExportNumbers numbers,
      VersionStore store,
      String date,
      MatrixProduct product) {
    this.spark = spark;
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.settings = settings;
    this.numbers = numbers;
    this.store = store;
    this.date = date;
    this.product = product;
  }

  /**
   * Writes, checks and publishes.
   *
   * @param content fingerprint of what decides the tables, hexadecimal
   */
  Publication run(ExportSource source, TagSelection selection, String content) throws IOException {
    TagTables.checkAnn(source.model().tasks(), settings.ann().vectors());
    try (Publisher publisher = Publisher.open(store, date, content, settings.lockMinutes())) {
      List<TagMatrix> matrices = TagTables.matrices(source, settings.gate());
      ProfilePlan plan = plan(source, selection, matrices);
      TablePlan tables =
          new TablePlan(
              context.broadcast(new HadoopSettings(store.configuration())),
              publisher.folder(),
              source.modelId());
      List<Check> checks = new ArrayList<>();
      writeTags(tables, source, plan, matrices);
      writeUsers(tables, source, plan, checks);
      writeItems(tables, source, checks);
      writeNumbers(tables);
      VersionCheck check = new VersionCheck(tables, plan, settings);
      checks.addAll(check.run(source, matrices));
      checks.addAll(numbers.checks(source.model().tasks()));
      return publish(publisher, tables, source, checks, check);
    }
  }

  private ProfilePlan plan(ExportSource source, TagSelection selection, List<TagMatrix> matrices) {
    int[] allowed = selection.positions(matrices.get(0));
    Optional<TagMatrix> interests =
        matrix(matrices, settings.interests()).map(all -> all.select(allowed));
    Optional<TagMatrix> intentions =
        matrix(matrices, settings.intentions()).map(all -> all.select(allowed));
    return new ProfilePlan(
        interests,
        intentions,
        source.model().kernels(),
        settings.top(),
        settings.minProbability(),
        selection.maxPerCategory(),
        selection.categories(matrices.get(0).select(allowed)),
        date,
        source.modelId());
  }

  private static Optional<TagMatrix> matrix(List<TagMatrix> matrices, String task) {
    return matrices.stream().filter(m -> m.task().name().equals(task)).findFirst();
  }

  private void writeTags(
      TablePlan tables, ExportSource source, ProfilePlan plan, List<TagMatrix> matrices)
      throws IOException {
    try (TableWriter<Gates> writer = TableWriter.gates(tables.part(TableKind.TAG_GATES, 0))) {
      writer.writeAll(TagTables.rows(matrices, settings.ann().vectors()));
      writer.commit();
    }
    float[] experts = new float[source.model().kernels() * source.model().outputDim()];
    source.model().experts(source.coldUser(), experts);
    ProfileRanking ranking = new ProfileRanking(plan, product);
    ranking.rank(experts, 1);
    try (TableWriter<UserProfile> writer =
        TableWriter.profiles(tables.part(TableKind.COLD_PROFILE, 0))) {
      writer.write(ranking.profile(0, ""));
      writer.commit();
    }
  }

  private void writeUsers(
      TablePlan tables, ExportSource source, ProfilePlan plan, List<Check> checks)
      throws IOException {
    Broadcast<ProfilePlan> sharedPlan = context.broadcast(plan);
    Broadcast<ScoringModel> sharedModel = context.broadcast(source.model());
    try {
      context.setJobGroup("export users", "Rank tags of users and write profiles and vectors");
      List<WrittenPart> parts =
          source
              .users()
              .toJavaRDD()
              .mapPartitionsWithIndex(
                  new UserTables(tables, sharedPlan, sharedModel, product), false)
              .collect();
      addPartChecks("user_vectors", parts, 1, tables, TableKind.USER_VECTORS, checks);
      addPartChecks("user_tag_profile", parts, 1, tables, TableKind.USER_TAG_PROFILE, checks);
    } finally {
      context.clearJobGroup();
      sharedPlan.destroy();
      sharedModel.destroy();
    }
  }

  private void writeItems(TablePlan tables, ExportSource source, List<Check> checks)
      throws IOException {
    Broadcast<ScoringModel> sharedModel = context.broadcast(source.model());
    try {
      context.setJobGroup("export items", "Write vectors and gates of items");
      List<WrittenPart> parts =
          source
              .items()
              .toJavaRDD()
              .mapPartitionsWithIndex(
                  new ItemTables(tables, sharedModel, settings.gate(), settings.ann().vectors()),
                  false)
              .collect();
      int tasks = source.model().tasks().size();
      addPartChecks("item_gates", parts, tasks, tables, TableKind.ITEM_GATES, checks);
    } finally {
      context.clearJobGroup();
      sharedModel.destroy();
    }
  }

  private void addPartChecks(
      String table,
      List<WrittenPart> parts,
      int rowsPerKey,
      TablePlan tables,
      TableKind kind,
      List<Check> checks)
      throws IOException {
    long keys = 0;
    long outOfOrder = 0;
    long notFinite = 0;
    double worstGate = 0;
    for (WrittenPart part : parts) {
      keys += part.keys();
      outOfOrder += part.outOfOrder();
      notFinite += part.notFinite();
      worstGate = Proof.worse(worstGate, part.worstGateSum());
    }
    TableFiles files = new TableFiles(store.configuration(), tables.folder(), kind);
    files.sweep();
    checks.add(Check.equal("files of " + table, files.list().size(), parts.size()));
    checks.add(Check.equal("rows of " + table, files.rows(), keys * rowsPerKey));
    checks.add(Check.equal("keys out of order in " + table, outOfOrder, 0L));
    checks.add(Check.equal("keys with NaN or infinity in " + table, notFinite, 0L));
    checks.add(Check.atMost("gates sum to 1 in " + table, worstGate, Proof.IDENTITY_TOLERANCE));
  }

  private void writeNumbers(TablePlan tables) throws IOException {
    write(tables, TableKind.JOIN_HEALTH, numbers.joinHealth());
    write(tables, TableKind.EVALUATION, numbers.evaluation());
  }

  private void write(TablePlan tables, TableKind kind, Map<String, Double> values)
      throws IOException {
    try (TableWriter<Map.Entry<String, Double>> writer =
        TableWriter.numbers(tables.part(kind, 0), date)) {
      writer.writeAll(new ArrayList<>(new TreeMap<>(values).entrySet()));
      writer.commit();
    }
  }

  private Publication publish(
      Publisher publisher,
      TablePlan tables,
      ExportSource source,
      List<Check> checks,
      VersionCheck check)
      throws IOException {
    Map<String, Long> rows = new LinkedHashMap<>();
    Map<String, String> folders = new LinkedHashMap<>();
    for (TableKind kind : TableKind.values()) {
      TableFiles files = new TableFiles(store.configuration(), tables.folder(), kind);
      if (!files.list().isEmpty()) {
        rows.put(kind.folder(), files.rows());
        folders.put(kind.folder(), files.folder().toString());
      }
    }
    checks.addAll(
        Publisher.rowChecks(publisher.previous(), countable(rows), settings.minRowShare()));
    Map<String, String> properties = new TreeMap<>(numbers.facts());
    properties.put("schema_version", String.valueOf(TableKind.SCHEMA_VERSION));
    properties.put("java_version", System.getProperty("java.version"));
    properties.put("spark_version", spark.version());
    properties.put("ann_vector", settings.ann().vectors() ? "present" : "absent");
    Manifest manifest =
        new Manifest(
            publisher.version(),
            publisher.sequence(),
            publisher.previous().map(Manifest::version),
            source.modelId(),
            date,
            rows,
            properties,
            checks);
    try (TableWriter<Map.Entry<String, String>> writer =
        TableWriter.texts(tables.part(TableKind.MANIFEST, 0))) {
      writer.writeAll(new ArrayList<>(manifest.flat().entrySet()));
      writer.commit();
    }
    folders.put(
        TableKind.MANIFEST.folder(),
        new TableFiles(store.configuration(), tables.folder(), TableKind.MANIFEST)
            .folder()
            .toString());
    publisher.publish(manifest, settings.keepVersions());
    return new Publication(
        publisher.version(), source.modelId(), folders, rows, check.numbers(), checks);
  }

  /** The tables whose rows must not drop from version to version. */
  private static Map<String, Long> countable(Map<String, Long> rows) {
    Map<String, Long> some = new LinkedHashMap<>(rows);
    some.keySet()
        .retainAll(Arrays.asList("user_tag_profile", "user_vectors", "tag_gates", "item_gates"));
    return some;
  }
}
