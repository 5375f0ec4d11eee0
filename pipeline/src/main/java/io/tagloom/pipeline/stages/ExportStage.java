package io.tagloom.pipeline.stages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagloom.conf.Settings;
import io.tagloom.conf.TagloomException;
import io.tagloom.export.ExportJob;
import io.tagloom.export.ExportNumbers;
import io.tagloom.export.Publication;
import io.tagloom.features.fields.EncodedSamples;
import io.tagloom.features.fields.FeatureEncoderModel;
import io.tagloom.features.samples.JoinHealth;
import io.tagloom.pipeline.console.Report;
import io.tagloom.training.BundleInfo;
import io.tagloom.training.ModelStore;
import io.tagloom.training.MvkeModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/** Model to published tables. */
final class ExportStage implements Stage {
  @Override
  public String name() {
    return "export";
  }

  @Override
  public String text(Run run) {
    return "profiles, vectors and gates of " + run.date();
  }

  @Override
  public void addTo(StageInputs inputs, Run run) {
    inputs.text(run.settings().fingerprint("export", "evaluation"));
  }

  @Override
  public List<Path> outputs(Run run) {
    return Collections.singletonList(run.folder("tables/_latest"));
  }

  @Override
  public Report work(Run run) {
    Path health = SamplesStage.health(run);
    Stages.require(run, health, name(), "samples");
    Stages.require(run, TrainStage.model(run), name(), "train");
    Stages.require(run, EvaluateStage.report(run), name(), "evaluate");
    Settings settings = run.settings();
    ModelStore store = new ModelStore(run.spark(), settings.run().root());
    MvkeModel model = store.load(run.date());
    FeatureEncoderModel encoder = store.encoder(run.date(), model);
    try {
      JoinHealth joined = JoinHealth.fromJson(TextFile.read(run, health));
      ExportNumbers numbers =
          new ExportNumbers(
              totals(joined),
              numbers(TextFile.read(run, EvaluateStage.report(run))),
              settings.evaluation(),
              facts(run, model.bundle().info(), joined));
      return report(
          run,
          ExportJob.run(
              run.spark(),
              settings,
              run.date(),
              model.bundle().info().id(),
              model.scorer(),
              encoder,
              numbers));
    } catch (IOException e) {
      throw new IllegalStateException(
          "Cannot export to "
              + run.folder("tables")
              + ": "
              + TagloomException.reason(e)
              + ". Look at the file system and run the export again.",
          e);
    }
  }

  private static Report report(Run run, Publication publication) {
    Report report = new Report();
    report.put("version", publication.version());
    report.put("model_id", publication.modelId());
    publication.tables().forEach((table, path) -> report.put("tables." + table, path));
    publication.rows().forEach((table, rows) -> report.put("rows." + table, rows));
    // A name may go on where another ends: users, users.mean.
    publication
        .numbers()
        .forEach((name, number) -> report.put(Arrays.asList("export", name), number));
    report.line(
        Run.column("export")
            + String.format(
                Locale.ROOT,
                "%s profiles, %s tag gates, %s item gates; version %s, %d checks held",
                Run.count(publication.rows().getOrDefault("user_tag_profile", 0L)),
                Run.count(publication.rows().getOrDefault("tag_gates", 0L)),
                Run.count(publication.rows().getOrDefault("item_gates", 0L)),
                publication.version(),
                publication.checks().size()));
    tags(publication.numbers()).ifPresent(line -> report.line(Run.column("") + line));
    search(publication.numbers()).forEach(line -> report.line(Run.column("") + line));
    double least = run.settings().export().ann().minRecall();
    publication
        .numbers()
        .forEach(
            (name, recall) -> {
              if (name.startsWith("ann.") && name.endsWith(".recall10") && recall < least) {
                run.warn(
                    String.format(
                        Locale.ROOT,
                        "HNSW finds %.3f of the best 10 of %s, fewer than export.ann.min-recall ="
                            + " %s. Raise export.ann.search-width or export.ann.links.",
                        recall,
                        name.split("[.]")[1] + " for " + name.split("[.]")[2],
                        least));
              }
            });
    Versions.warn(report, publication.warnings());
    return report;
  }

  /** How tags are scored, where by their items. */
  private static Optional<String> tags(Map<String, Double> numbers) {
    if (!numbers.containsKey("tag_score.tags")) {
      return Optional.empty();
    }
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%,.0f tags by the mean of their items, %,.0f left out that no item carries",
                numbers.get("tag_score.tags"),
                numbers.get("tag_score.tags_without_items")));
    numbers.forEach(
        (name, error) -> {
          if (name.endsWith(".probability_error")) {
            line.append(
                String.format(
                    Locale.ROOT,
                    "; %s within %.4f of the items' mean probability, at worst %.4f",
                    name.split("[.]")[1],
                    error,
                    numbers.get(name.replace("probability_error", "probability_worst"))));
          }
        });
    return Optional.of(line.toString());
  }

  /** What searching the tables takes and finds, as far as it was measured. */
  private static List<String> search(Map<String, Double> numbers) {
    List<String> lines = new ArrayList<>();
    List<String> certified = new ArrayList<>();
    numbers.forEach(
        (name, lists) -> {
          if (name.startsWith("certified.") && name.endsWith("mean_lists")) {
            String prefix = name.substring(0, name.length() - "mean_lists".length());
            String what = prefix.replace('.', ' ').substring("certified".length()).trim();
            certified.add(
                String.format(
                    Locale.ROOT,
                    "%s %.1f lists, %.0f%% at first try",
                    what.isEmpty() ? "tags" : what,
                    lists,
                    100 * numbers.get(prefix + "first_try_share")));
          }
        });
    if (!certified.isEmpty()) {
      lines.add("certified search, mean: " + String.join("; ", certified));
    }
    List<String> recalls = new ArrayList<>();
    numbers.forEach(
        (name, recall) -> {
          if (name.startsWith("ann.") && name.endsWith(".recall10")) {
            String index = name.substring("ann.".length(), name.length() - ".recall10".length());
            recalls.add(
                String.format(
                    Locale.ROOT,
                    "%s %.3f / %.3f",
                    index.replace('.', ' '),
                    recall,
                    numbers.get("ann." + index + ".recall100")));
          }
        });
    if (!recalls.isEmpty()) {
      lines.add("HNSW recall@10 / @100: " + String.join(", ", recalls));
    }
    return lines;
  }

  private static Map<String, Double> totals(JoinHealth health) {
    Map<String, Double> totals = new TreeMap<>();
    health
        .days()
        .forEach(
            day ->
                day.numbers()
                    .forEach((name, count) -> totals.merge(name, (double) count, Double::sum)));
    // Quantiles do not add up.
    totals.keySet().removeIf(name -> name.contains("_delay_ms."));
    return totals;
  }

  /** The numbers of a JSON object by their dotted paths; lists are left out. */
  private static Map<String, Double> numbers(String json) throws IOException {
    Map<String, Double> numbers = new TreeMap<>();
    add("", new ObjectMapper().readTree(json), numbers);
    return numbers;
  }

  private static void add(String path, JsonNode node, Map<String, Double> into) {
    if (node.isNumber()) {
      into.put(path, node.doubleValue());
    } else if (node.isObject()) {
      for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
        String name = names.next();
        add(path.isEmpty() ? name : path + "." + name, node.get(name), into);
      }
    }
  }

  private static Map<String, String> facts(Run run, BundleInfo info, JoinHealth health) {
    Map<String, String> facts = new TreeMap<>();
    String root = run.settings().run().root();
    health
        .inputs()
        .and(EncodedSamples.recordedInputs(run.spark(), root, run.date()))
        .byTable()
        .forEach((table, version) -> facts.put("inputs." + table, version.toString()));
    facts.put("settings", run.settings().json());
    facts.put("first_day", info.firstDay());
    facts.put("last_day", info.lastDay());
    facts.put("vocabulary", info.fingerprint());
    facts.put("versions", info.versionsJson());
    facts.put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
    return facts;
  }
}
