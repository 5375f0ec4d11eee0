package io.tagloom.export;

import io.tagloom.conf.ExportSettings;
import io.tagloom.export.publish.Check;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.tables.Gates;
import io.tagloom.export.tables.TableFiles;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TablePart;
import io.tagloom.export.tables.TableReader;
import io.tagloom.export.tables.UserProfile;
import io.tagloom.export.tables.UserVectors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/** Reads a written version back and checks it. */
final class VersionCheck {
  private final TablePlan tables;
  private final ProfilePlan plan;
  private final ExportSettings settings;
  private final SortedMap<String, Double> numbers = new TreeMap<>();

  VersionCheck(TablePlan tables, ProfilePlan plan, ExportSettings settings) {
    this.tables = tables;
    this.plan = plan;
    this.settings = settings;
  }

  /** Measures of the last {@link #run}. */
  SortedMap<String, Double> numbers() {
    return numbers;
  }

  List<Check> run(ExportSource source, List<TagMatrix> matrices) throws IOException {
    List<Check> checks = new ArrayList<>();
    checks.add(Check.equal("files without their metadata", withoutMetadata(), 0L));
    addTagChecks(matrices, checks);
    checks.add(Check.atLeast("tags that profiles may name", allowedTags(), 1));
    Proof proof = new Proof(plan, matrices, settings.ann().vectors() || matrices.get(0).hasMeans());
    prove(proof);
    checks.addAll(proof.checks());
    numbers.putAll(proof.numbers());
    return checks;
  }

  private int allowedTags() {
    return plan.interests().isPresent()
        ? plan.interests().get().size()
        : plan.intentions().map(TagMatrix::size).orElse(0);
  }

  /** tag_gates as written must be the gates that profiles were ranked with, and sound. */
  private void addTagChecks(List<TagMatrix> matrices, List<Check> checks) throws IOException {
    boolean withAnn = settings.ann().vectors() || matrices.get(0).hasMeans();
    long notFinite = 0;
    double worstGate = 0;
    double worstAnn = 0;
    long rows = 0;
    try (TableReader<Gates> reader =
        TableReader.gates(tables.configuration(), files(TableKind.TAG_GATES).list())) {
      for (Optional<Gates> next = reader.next(); next.isPresent(); next = reader.next()) {
        Gates gates = next.get();
        TagMatrix matrix = matrices.get((int) (rows % matrices.size()));
        int tag = (int) (rows / matrices.size());
        notFinite += Finite.all(gates.vector()) && Finite.all(gates.gate()) ? 0 : 1;
        worstGate = Proof.worse(worstGate, ItemTables.gateError(gates.gate()));
        boolean same = gates.key().equals(matrix.name(tag));
        float[] expected = withAnn ? matrix.annVector(tag) : new float[0];
        worstAnn =
            Proof.worse(
                worstAnn, same ? distance(gates.annVector(), expected) : Double.POSITIVE_INFINITY);
        rows++;
      }
    }
    checks.add(
        Check.equal("rows of tag_gates", rows, (long) matrices.get(0).size() * matrices.size()));
    checks.add(Check.equal("keys with NaN or infinity in tag_gates", notFinite, 0L));
    checks.add(Check.atMost("gates sum to 1 in tag_gates", worstGate, Proof.IDENTITY_TOLERANCE));
    checks.add(Check.atMost("ann_vector of tag_gates as ranked with", worstAnn, 0.0));
  }

  private static double distance(float[] a, float[] b) {
    if (a.length != b.length) {
      return Double.POSITIVE_INFINITY;
    }
    double worst = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Proof.worse(worst, Math.abs(a[i] - b[i]));
    }
    return worst;
  }

  /** The first users of every file, so that the sample is spread over all. */
  private void prove(Proof proof) throws IOException {
    List<Path> vectors = files(TableKind.USER_VECTORS).list();
    List<Path> profiles = files(TableKind.USER_TAG_PROFILE).list();
    int left = settings.proofUsers();
    for (int i = 0; i < vectors.size() && i < profiles.size(); i++) {
      int share = (left + vectors.size() - i - 1) / (vectors.size() - i);
      left -= proveFile(proof, vectors.get(i), profiles.get(i), share);
    }
  }

  private int proveFile(Proof proof, Path vectors, Path profiles, int users) throws IOException {
    try (TableReader<UserVectors> vectorReader =
            TableReader.vectors(tables.configuration(), Collections.singletonList(vectors));
        TableReader<UserProfile> profileReader =
            TableReader.profiles(tables.configuration(), Collections.singletonList(profiles))) {
      List<UserVectors> some = vectorReader.take(users);
      List<UserProfile> same = profileReader.take(users);
      for (int i = 0; i < Math.min(some.size(), same.size()); i++) {
        proof.add(some.get(i), same.get(i));
      }
      return some.size();
    }
  }

  private long withoutMetadata() throws IOException {
    long without = 0;
    for (TableKind kind : TableKind.values()) {
      for (Map<String, String> metadata : files(kind).metadata()) {
        boolean complete =
            String.valueOf(TableKind.SCHEMA_VERSION)
                    .equals(metadata.get(TablePart.SCHEMA_VERSION_KEY))
                && tables.modelId().equals(metadata.get(TablePart.MODEL_ID_KEY));
        without += complete ? 0 : 1;
      }
    }
    return without;
  }

  private TableFiles files(TableKind kind) {
    return new TableFiles(tables.configuration(), tables.folder(), kind);
  }
}
