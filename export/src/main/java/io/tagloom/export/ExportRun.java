package io.tagloom.export;

import io.tagloom.conf.ExportSettings;
import io.tagloom.conf.Fingerprint;
import io.tagloom.conf.SettingsException;
import io.tagloom.export.publish.Check;
import io.tagloom.export.publish.Manifest;
import io.tagloom.export.publish.PublishedViews;
import io.tagloom.export.publish.Publisher;
import io.tagloom.export.publish.VersionStore;
import io.tagloom.export.scoring.MatrixProduct;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.tables.TableFiles;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TableWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.SerializableWritable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** One export: tables beside, proof, publication. */
final class ExportRun {
  private static final String PROFILE_FINGERPRINT = "profile_fingerprint";

  /** The tables whose rows must not drop from version to version. */
  private static final List<String> COUNTED =
      Arrays.asList("user_tag_profile", "user_vectors", "tag_gates", "item_gates");

  private final SparkSession spark;
  private final JavaSparkContext context;
  private final ExportSettings settings;
  private final ExportNumbers numbers;
  private final VersionStore store;
  private final String date;
  private final MatrixProduct product;
  private final Optional<PublishedViews> views;

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
    this.views =
        settings.catalog().isEmpty()
            ? Optional.empty()
            : Optional.of(PublishedViews.in(spark, settings.catalog()));
  }

  /**
   * Writes, checks and publishes.
   *
   * @param content fingerprint of what decides the tables, hexadecimal
   */
  Publication run(ExportSource source, TagSelection selection, String content) throws IOException {
    TagTables.checkAnn(source.model().tasks(), settings.ann().vectors());
    checkTask(source, "interests", settings.interests());
    checkTask(source, "intentions", settings.intentions());
    try (Publisher publisher = Publisher.open(store, date, content, settings.lockMinutes())) {
      TagScores scores = TagScores.of(context, source, settings);
      List<TagMatrix> matrices = scores.matrices();
      ProfilePlan plan = plan(source, selection, matrices);
      TablePlan tables =
          new TablePlan(
              context.broadcast(new SerializableWritable<>(store.configuration())),
              publisher.folder(),
              source.modelId());
      String fingerprint = fingerprint(source, plan);
      TableJobs jobs = new TableJobs(context, settings, source, tables, product);
      jobs.writeTags(plan, matrices);
      jobs.writeUsers(plan, earlier(publisher, fingerprint));
      jobs.writeItems();
      jobs.writeNumbers(TableKind.JOIN_HEALTH, date, numbers.joinHealth());
      jobs.writeNumbers(TableKind.EVALUATION, date, numbers.evaluation());
      jobs.writeAnn();
      VersionCheck check = new VersionCheck(tables, plan, settings);
      List<Check> checks = new ArrayList<>(jobs.checks());
      checks.addAll(check.run(source, matrices));
      checks.addAll(scores.checks());
      checks.addAll(numbers.checks(source.model().tasks()));
      SortedMap<String, Double> measures = new TreeMap<>(jobs.numbers());
      measures.putAll(scores.numbers());
      measures.putAll(check.numbers());
      return publish(publisher, source, tables, scores.kind(), fingerprint, checks, measures);
    }
  }

  private static void checkTask(ExportSource source, String key, String name) {
    List<String> names =
        source.model().tasks().stream().map(task -> task.name()).collect(Collectors.toList());
    if (!name.isEmpty() && !names.contains(name)) {
      throw new SettingsException(
          "Invalid export."
              + key
              + ": "
              + name
              + "; expected one of the model's tasks "
              + names
              + ", or \"\" for none.");
    }
  }

  private ProfilePlan plan(ExportSource source, TagSelection selection, List<TagMatrix> matrices) {
    int[] allowed = selection.positions(matrices.get(0));
    return new ProfilePlan(
        matrix(matrices, settings.interests()).map(all -> all.select(allowed)),
        matrix(matrices, settings.intentions()).map(all -> all.select(allowed)),
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

  /** What decides a user's row, but for the user's own fields. */
  private String fingerprint(ExportSource source, ProfilePlan plan) {
    Fingerprint sum =
        new Fingerprint()
            .add(source.modelId())
            .add(settings.interests())
            .add(settings.intentions())
            .add(settings.gate().name())
            .add(settings.top() + " " + settings.minProbability() + " " + plan.maxPerCategory())
            .add(TableKind.SCHEMA_VERSION + " " + source.users().toJavaRDD().getNumPartitions());
    for (Optional<TagMatrix> list : Arrays.asList(plan.interests(), plan.intentions())) {
      for (int tag = 0; list.isPresent() && tag < list.get().size(); tag++) {
        int category = plan.maxPerCategory() > 0 ? plan.category(tag) : -1;
        sum.add(list.get().name(tag) + " " + category);
        // Follow from the model where tags are scored alone, else from the items, too.
        if (list.get().hasMeans()) {
          sum.add(Arrays.hashCode(list.get().annVector(tag)));
          sum.add(Double.doubleToLongBits(list.get().scale(tag)));
          sum.add(Double.doubleToLongBits(list.get().bias(tag)));
        }
      }
    }
    return sum.hex();
  }

  /** Folder of the version whose unchanged users can be carried; empty when there is none. */
  private String earlier(Publisher publisher, String fingerprint) {
    return publisher
        .previous()
        .filter(before -> settings.incremental())
        .filter(before -> before.rows().containsKey(TableKind.USER_INPUTS.folder()))
        .filter(before -> fingerprint.equals(before.properties().get(PROFILE_FINGERPRINT)))
        .map(before -> store.folder(before.version()).toString())
        .orElse("");
  }

  private Publication publish(
      Publisher publisher,
      ExportSource source,
      TablePlan tables,
      String tagScore,
      String fingerprint,
      List<Check> checks,
      SortedMap<String, Double> measures)
      throws IOException {
    SortedMap<String, Long> rows = new TreeMap<>();
    SortedMap<String, String> folders = new TreeMap<>();
    for (TableKind kind : TableKind.values()) {
      TableFiles files = new TableFiles(store.configuration(), tables.folder(), kind);
      if (!files.list().isEmpty()) {
        rows.put(kind.folder(), files.rows());
        folders.put(kind.folder(), files.folder().toString());
      }
    }
    SortedMap<String, Long> counted = new TreeMap<>(rows);
    counted.keySet().retainAll(COUNTED);
    checks.addAll(Publisher.rowChecks(publisher.previous(), counted, settings.minRowShare()));
    Manifest manifest =
        new Manifest(
            publisher.version(),
            publisher.sequence(),
            publisher.previous().map(Manifest::version),
            tables.modelId(),
            date,
            rows,
            properties(source, tagScore, fingerprint, measures),
            checks);
    try (TableWriter<Map.Entry<String, String>> writer =
        TableWriter.texts(tables.part(TableKind.MANIFEST, 0))) {
      writer.writeAll(new ArrayList<>(manifest.flat().entrySet()));
      writer.commit();
    }
    TableFiles table = new TableFiles(store.configuration(), tables.folder(), TableKind.MANIFEST);
    folders.put(TableKind.MANIFEST.folder(), table.folder().toString());
    List<String> warnings = publisher.publish(manifest, settings.keepVersions(), views);
    return new Publication(
        publisher.version(), tables.modelId(), folders, rows, measures, checks, warnings);
  }

  private SortedMap<String, String> properties(
      ExportSource source, String tagScore, String fingerprint, SortedMap<String, Double> measures)
      throws IOException {
    SortedMap<String, String> properties = new TreeMap<>(numbers.facts());
    properties.putAll(PublishedTags.properties(source.model().tasks()));
    properties.put("interests", settings.interests());
    properties.put("intentions", settings.intentions());
    properties.put("schema_version", String.valueOf(TableKind.SCHEMA_VERSION));
    properties.put("java_version", System.getProperty("java.version"));
    properties.putAll(MadeWith.properties(spark.version()));
    properties.put("ann_vector", settings.ann().vectors() ? "present" : "absent");
    properties.put("gate", settings.gate().name().toLowerCase(Locale.ROOT));
    properties.put(PublishedTags.TAG_SCORE, tagScore);
    if (tagScore.equals("items")) {
      properties.put("tag_weights", settings.tagWeights().name().toLowerCase(Locale.ROOT));
    }
    properties.put(PROFILE_FINGERPRINT, fingerprint);
    measures.forEach((name, value) -> properties.put("export." + name, String.valueOf(value)));
    return properties;
  }
}
