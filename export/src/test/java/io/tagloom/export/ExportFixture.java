package io.tagloom.export;

import io.tagloom.conf.EvaluationSettings;
import io.tagloom.conf.ExportSettings;
import io.tagloom.conf.Settings;
import io.tagloom.export.publish.VersionStore;
import io.tagloom.export.scoring.MatrixProduct;
import io.tagloom.features.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** Exports of made-up sources into a folder. */
final class ExportFixture {
  static final String DATE = "2026-11-01";
  static final String CONTENT = "0123456789ab";

  private final Path root;
  private final Configuration configuration;

  ExportFixture(Path root, Configuration configuration) {
    this.root = root;
    this.configuration = configuration;
  }

  ExportFixture(Path root) {
    this(root, new Configuration());
  }

  VersionStore store() {
    return new VersionStore(
        configuration, new org.apache.hadoop.fs.Path(root.toString(), "tables"));
  }

  Publications publications() {
    return Publications.under(configuration, root.toString());
  }

  static ExportSettings settings(String... assignments) {
    return Settings.reference(Settings.overrides(Arrays.asList(assignments))).export();
  }

  /** No floors, and no metric needed, with some settings of evaluation. */
  static EvaluationSettings floors(String... assignments) {
    List<String> all = new ArrayList<>(Collections.singletonList("evaluation.undefined=allow"));
    all.addAll(Arrays.asList(assignments));
    return Settings.reference(Settings.overrides(all)).evaluation();
  }

  Publication export(ExportSource source, String... assignments) throws IOException {
    return export(source, DATE, TagSelection.all(), assignments);
  }

  Publication export(
      ExportSource source, String date, TagSelection selection, String... assignments)
      throws IOException {
    // Indexes take time, and few tests look at them.
    List<String> all = new ArrayList<>(Collections.singletonList("export.ann.index=off"));
    all.addAll(Arrays.asList(assignments));
    Map<String, Double> none = Collections.emptyMap();
    ExportNumbers numbers =
        new ExportNumbers(none, none, floors(), Collections.<String, String>emptyMap());
    return new ExportRun(
            LocalSpark.session(),
            settings(all.toArray(new String[0])),
            numbers,
            store(),
            date,
            MatrixProduct.plain())
        .run(source, selection, CONTENT);
  }
}
