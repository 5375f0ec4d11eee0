package io.tagloom.export;

import io.tagloom.conf.ExportSettings;
import io.tagloom.export.publish.Check;
import io.tagloom.export.scoring.MatrixProduct;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.tables.Gates;
import io.tagloom.export.tables.TableFiles;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TableWriter;
import io.tagloom.export.tables.UserProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Writes the tables of one version and notes what the tasks have seen. */
final class TableJobs {
  private final JavaSparkContext context;
  private final ExportSettings settings;
  private final ExportSource source;
  private final TablePlan tables;
  private final MatrixProduct product;
  private final List<Check> checks = new ArrayList<>();
  private final SortedMap<String, Double> numbers = new TreeMap<>();

  TableJobs(
      JavaSparkContext context,
      ExportSettings settings,
      ExportSource source,
      TablePlan tables,
      MatrixProduct product) {
    this.context = context;
    this.settings = settings;
    this.source = source;
    this.tables = tables;
    this.product = product;
  }

  /** Checks of what was written so far. */
  List<Check> checks() {
    return checks;
  }

  /** Measures of what was written so far. */
  SortedMap<String, Double> numbers() {
    return numbers;
  }

  /** Writes tag_gates and cold_profile. */
  void writeTags(ProfilePlan plan, List<TagMatrix> matrices) throws IOException {
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

  /**
   * Writes user_vectors and user_tag_profile, and user_inputs when exports are incremental.
   *
   * @param earlier folder of the version whose unchanged users are carried; empty for none
   */
  void writeUsers(ProfilePlan plan, String earlier) throws IOException {
    Broadcast<ProfilePlan> sharedPlan = context.broadcast(plan);
    Broadcast<ScoringModel> sharedModel = context.broadcast(source.model());
    UserTables work =
        new UserTables(tables, sharedPlan, sharedModel, product, settings.incremental(), earlier);
    List<WrittenPart> parts;
    try {
      context.setJobGroup("export users", "Rank tags of users and write profiles and vectors");
      parts = source.users().toJavaRDD().mapPartitionsWithIndex(work, false).collect();
    } finally {
      context.clearJobGroup();
      sharedPlan.destroy();
      sharedModel.destroy();
    }
    add(parts, 1, TableKind.USER_VECTORS);
    add(parts, 1, TableKind.USER_TAG_PROFILE);
    if (settings.incremental()) {
      add(parts, 1, TableKind.USER_INPUTS);
    }
    numbers.put("users", (double) parts.stream().mapToLong(WrittenPart::keys).sum());
    numbers.put("users.carried", (double) parts.stream().mapToLong(WrittenPart::carried).sum());
  }

  /** Writes item_gates. */
  void writeItems() throws IOException {
    Broadcast<ScoringModel> sharedModel = context.broadcast(source.model());
    ItemTables work =
        new ItemTables(tables, sharedModel, settings.gate(), settings.ann().vectors());
    List<WrittenPart> parts;
    try {
      context.setJobGroup("export items", "Write vectors and gates of items");
      parts = source.items().toJavaRDD().mapPartitionsWithIndex(work, false).collect();
    } finally {
      context.clearJobGroup();
      sharedModel.destroy();
    }
    add(parts, source.model().tasks().size(), TableKind.ITEM_GATES);
    numbers.put("items", (double) parts.stream().mapToLong(WrittenPart::keys).sum());
  }

  /** Builds indexes and plain vector files, as the settings ask for. */
  void writeAnn() throws IOException {
    if (settings.ann().index()) {
      AnnTables ann = new AnnTables(context, tables, source.model().tasks(), settings.ann());
      numbers.putAll(ann.index());
      checks.add(
          Check.equal("lists of items that certified search finds otherwise", ann.others(), 0L));
    }
    if (!settings.ann().files().isEmpty()) {
      new AnnFiles(tables)
          .write(source.model().tasks(), source.model().outputDim(), settings.ann().files());
    }
  }

  /** Writes join_health or evaluation. */
  void writeNumbers(TableKind kind, String date, Map<String, Double> values) throws IOException {
    try (TableWriter<Map.Entry<String, Double>> writer =
        TableWriter.numbers(tables.part(kind, 0), date)) {
      writer.writeAll(new ArrayList<>(new TreeMap<>(values).entrySet()));
      writer.commit();
    }
  }

  private void add(List<WrittenPart> parts, int rowsPerKey, TableKind kind) throws IOException {
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
    String table = kind.folder();
    TableFiles files = new TableFiles(tables.configuration(), tables.folder(), kind);
    files.sweep();
    checks.add(Check.equal("files of " + table, files.list().size(), parts.size()));
    checks.add(Check.equal("rows of " + table, files.rows(), keys * rowsPerKey));
    checks.add(Check.equal("keys out of order in " + table, outOfOrder, 0L));
    checks.add(Check.equal("keys with NaN or infinity in " + table, notFinite, 0L));
    if (kind == TableKind.ITEM_GATES) {
      checks.add(Check.atMost("gates sum to 1 in " + table, worstGate, Proof.IDENTITY_TOLERANCE));
    }
  }
}
